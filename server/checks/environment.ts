/** Variables that npm and Node set for themselves, or that would make a shell run something before the command. */
const foreign = /^(?:npm_|NODE_|INIT_CWD$|BASH_ENV$|ENV$|BASH_FUNC_|SHELLOPTS$|BASHOPTS$|PROMPT_COMMAND$|DROVER_)/;

/**
 * Returns the environment that commands and checks start from: the reader's own (PATH without the project's folders, HOME, DOCKER_HOST …), without what
 * npm put there.
 */
export function commandEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
	const own = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && !foreign.test(pair[0]));
	const path = (env['PATH'] ?? '').split(':').filter((folder) => !/\/node_modules\/\.bin\/?$|\/node-gyp-bin\/?$/.test(folder));
	return { ...Object.fromEntries(own), PATH: path.join(':') };
}
