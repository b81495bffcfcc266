import { delimiter } from 'node:path';

/** What npm and Node say to our own process, what is Drover's own (passwords among it), and what describes another terminal. */
const ours = /^(npm_.*|NODE|NODE_OPTIONS|NODE_COMPILE_CACHE|INIT_CWD|DROVER_.*|_|OLDPWD|PWD)$/i;
const terminal = new Set([
	'TMUX',
	'TMUX_PANE',
	'STY',
	'WINDOW',
	'WINDOWID',
	'TERMCAP',
	'COLUMNS',
	'LINES',
	'TERM',
	'COLORTERM',
]);

/** Folders that `npm run` and `npx` put before the reader's own path. */
const npmFolder = /(^|\/)node_modules\/(\.bin|.*\/node-gyp-bin)\/?$/;

/** Returns the environment that the reader's own shell would have given, from the one that the server got. */
export function readerEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
	const kept: Record<string, string> = {};
	for (const [name, value] of Object.entries(env)) {
		if (value !== undefined && !ours.test(name) && !terminal.has(name)) kept[name] = value;
	}
	const folders = kept.PATH?.split(delimiter).filter((folder) => !npmFolder.test(folder));
	return { ...kept, ...(folders ? { PATH: folders.join(delimiter) } : {}), TERM: 'xterm-256color' };
}
