import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { dependencyNames, settingsFiles } from '../src/runbook/command/dependencies.ts';

/** A folder of ours whose `.curlrc` is empty. */
const emptyFolder = join(import.meta.dirname, 'checks');

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

/**
 * Returns what is set in the environment that commands run in, and in the settings of the programs they call, of all that a command can depend on. Names only: a proxy's
 * address may hold a password.
 */
export function surroundings(env: NodeJS.ProcessEnv = process.env): readonly string[] {
	const own = readerEnvironment(env);
	const home = own['HOME'] ?? '';
	const docker = readSettings(join(own['DOCKER_CONFIG'] ?? join(home, '.docker'), 'config.json'));
	const files = [settingsFiles.curl, settingsFiles.wget, settingsFiles.mysql].filter((name) => existsSync(name.replace('~', home)));
	return [
		...Object.keys(own).filter((name) => dependencyNames.has(name) && own[name] !== ''),
		...files,
		...(isFilled(docker['proxies']) ? [settingsFiles.proxies] : []),
		...(typeof docker['currentContext'] === 'string' && !['', 'default'].includes(docker['currentContext']) ? [settingsFiles.context] : []),
	].sort();
}

/** Settings that are not there, or cannot be read, set nothing: Docker's client says so itself. */
function readSettings(path: string): Readonly<Record<string, unknown>> {
	try {
		const settings: unknown = JSON.parse(readFileSync(path, 'utf8'));
		return typeof settings === 'object' && settings !== null ? (settings as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

const isFilled = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/**
 * Changes what a program of a check sees or prints, and is the reader's own taste: proxies, options that tools add to every call, what shells run or search first, languages,
 * colours. A check must see the same in every shell.
 */
const taste =
	/^(?:.*_proxy|.*_OPTIONS|.*_OPTS|GREP_COLORS?|LS_COLORS|CLICOLOR.*|NO_COLOR|FORCE_COLOR|POSIXLY_CORRECT|POSIX_ME_HARDER|POSIX2?_VERSION|_POSIX2_VERSION|CDPATH|GLOBIGNORE|IFS|FIGNORE|BLOCK_?SIZE|DU_BLOCK_SIZE|DF_BLOCK_SIZE|LS_BLOCK_SIZE|QUOTING_STYLE|TIME_STYLE|TABSIZE|GZIP|XZ_DEFAULTS|XZ_OPT|ZSTD_.*|LESS|LESSOPEN|PAGER|MYSQL_HOME|MYSQL_PWD|MYSQL_HOST|MYSQL_TCP_PORT|MYSQL_UNIX_PORT|LIBMYSQL_.*|CURL_.*|WGETRC|SSLKEYLOGFILE|AWKPATH|AWKLIBPATH|JQ_COLORS|PERL5?OPT|PERL5?LIB|PYTHON.*|RUBY(?:OPT|LIB)|LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_.*|LANG|LANGUAGE|LC_.*|TZ|NLSPATH|LOCPATH|DOCKER_DEFAULT_PLATFORM|DOCKER_CLI_.*|DOCKER_HIDE_LEGACY_COMMANDS)$/is;

/**
 * Returns the environment that checks start from: the reader's own ({@link readerEnvironment}: PATH, HOME and what Docker and ssh need of it), without what would make one
 * shell see something else than another. `CURL_HOME` is a folder without a `.curlrc`: curl reads that of HOME before everything else.
 */
export function checkEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
	const kept = Object.entries(readerEnvironment(env)).filter(([name]) => !taste.test(name));
	return { ...Object.fromEntries(kept), LC_ALL: 'C.UTF-8', CURL_HOME: emptyFolder };
}
