/**
 * How a command gets to another machine when Drover runs it: one constant line for the login shell there, and everything else (folder, variables with the secrets among them,
 * argv) by its standard input. No value is ever read by a shell, and none stands in an argument of ssh, of sshd or of the shells in between.
 *
 * The constant holds neither a backslash nor a single quote inside of its quotes: bash, dash, busybox sh, zsh and fish read it alike. What is behind the last word on the standard
 * input is the standard input of the command.
 */

/** The first line of every answer: what a login shell prints before it is none of the command's output. */
export const greeting = 'drover 1';

/** Something could not be passed on: an answer without the command's own exit code. */
export const wrapperFailed = 125;

const program = [
	`echo "${greeting} $BASH_VERSION"`,
	'drover_f() { exit 125; }',
	'drover_r() { IFS= read -r -d "" drover_w || drover_f; }',
	'drover_r',
	'if [ -n "$drover_w" ]; then cd -- "$drover_w" || drover_f; fi',
	'drover_r',
	'drover_n=$drover_w',
	'while [ "$drover_n" -gt 0 ]; do drover_r; export "$drover_w" || drover_f; drover_n=$((drover_n - 1)); done',
	'drover_r',
	'drover_n=$drover_w',
	'set --',
	'while [ "$drover_n" -gt 0 ]; do drover_r; set -- "$@" "$drover_w"; drover_n=$((drover_n - 1)); done',
	'unset drover_n drover_w',
	'unset -f drover_f drover_r',
	// A bash that believes to be the first one of a connection would read its profile once more.
	'SHLVL=2',
	'exec "$@"',
].join('; ');

/** The one line that the login shell of another machine gets, whatever runs there. `sudo`: as root, without a question. */
export function wrapperLine(sudo: boolean): string {
	return `exec ${sudo ? 'sudo -n -H ' : ''}bash --norc -c '${program}'`;
}

export interface FarCommand {
	readonly argv: readonly string[];
	/** Added to the environment of a login there. */
	readonly env?: Readonly<Record<string, string>>;
	/** Absent for the folder of the login. */
	readonly cwd?: string;
}

/** What the wrapper reads on its standard input. @throws RangeError for what no argument or variable can carry */
export function encodeFar({ argv, env = {}, cwd = '' }: FarCommand): string {
	const variables = Object.entries(env);
	const wrong = variables.find(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
	if (wrong) throw new RangeError(`Cannot pass the variable "${wrong[0]}": a shell has no such name.`);
	const fields = [cwd, String(variables.length), ...variables.map(([name, value]) => `${name}=${value}`), String(argv.length), ...argv];
	if (fields.some((field) => field.includes('\0'))) throw new RangeError('Cannot pass a text that holds NUL: no argument can carry it.');
	return fields.map((field) => `${field}\0`).join('');
}
