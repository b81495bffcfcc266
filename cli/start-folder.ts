/** The folder the reader stands in: npm moves to the project's own and says where it came from. */
export function startFolder(env: NodeJS.ProcessEnv): string {
	return env['INIT_CWD'] ?? process.cwd();
}
