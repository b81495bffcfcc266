/** `drover start` of a folder of runbooks whose pages are there: `start-process.ts ROOT ARGUMENT…`. */
import { main } from '../../cli/main.ts';
import { readWords } from '../../server/words.ts';
import { project } from './run-drover.ts';

const [root = '', ...args] = process.argv.slice(2);
process.exitCode = await main(args, { root, say: readWords(project).en, locale: 'en' });
