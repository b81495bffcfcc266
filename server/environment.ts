import { delimiter } from 'node:path';

/**
 * Not the reader's own: what npm and Node say to our process, what is Drover's own (passwords among it), and what would make a shell run
 * something before the command.
 */
const foreign = /^(?:npm_.*|NODE|NODE_.*|INIT_CWD|DROVER_.*|_|OLDPWD|PWD|BASH_ENV|ENV|BASH_FUNC_.*|SHELLOPTS|BASHOPTS|PROMPT_COMMAND)$/is;

/** What describes another terminal than the one that a command gets, if it gets one at all. */
const terminal = new Set(['TMUX', 'TMUX_PANE', 'STY', 'WINDOW', 'WINDOWID', 'TERMCAP', 'COLUMNS', 'LINES', 'TERM', 'COLORTERM']);

/** Folders that `npm run` and `npx` put before the reader's own path. */
const npmFolder = /(^|\/)node_modules\/(\.bin|.*\/node-gyp-bin)\/?$/;

/** Returns the environment that the reader's own shell would have given, from the one that the server got: what commands, checks and Docker start from. */
export function readerEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
	const kept: Record<string, string> = {};
	for (const [name, value] of Object.entries(env)) {
		if (value !== undefined && !foreign.test(name) && !terminal.has(name)) kept[name] = value;
	}
	const folders = kept['PATH']?.split(delimiter).filter((folder) => !npmFolder.test(folder));
	return { ...kept, ...(folders ? { PATH: folders.join(delimiter) } : {}) };
}
