/** A server with the test's runbooks in a process of its own, for who kills it: `serve-process.ts STATE-DIR FOLDER PORT` prints its address in a line. */
import { serve } from '../../server/serve.ts';
import { readContent } from '../../src/content/read-content.ts';
import { testContent, testSite } from './site-folder.ts';

const [stateDir = '', folder = '', port = '0'] = process.argv.slice(2);
const served = await serve({ content: readContent(testContent), site: testSite, folder, version: 'test', stateDir, port: Number(port), exactPort: port !== '0' });
process.stdout.write(`${served.address()}\n`);
