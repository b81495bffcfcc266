import { resolve } from 'node:path';
import { askControl } from '../server/control/ask-control.ts';
import { defaultStatePath } from '../server/state/state-directory.ts';
import type { Command } from './command.ts';
import { hasBrowser, openBrowser } from './open-browser.ts';
import { parseOptions } from './options.ts';

/** `drover open [--print]`: a new address, with a new one-time code, of the Drover that runs on this state directory. */
export const open: Command = async (args, { env, out, err, say }) => {
	const { values } = parseOptions(args, { options: { print: { type: 'boolean', default: false }, 'state-dir': { type: 'string' } } });
	const folder = resolve(values['state-dir'] ?? defaultStatePath(env));
	const browser = !values.print && hasBrowser(env);
	const answer = await askControl(folder, { id: 1, ask: 'open', file: browser });
	if (!answer || !('address' in answer)) {
		err(`${say(answer ? 'cli.open.refused' : 'cli.open.none', { folder })}\n`);
		return 1;
	}
	if (browser && typeof answer.file === 'string') await openBrowser(answer.file);
	out(`${String(answer.address)}\n`);
	return 0;
};
