/**
 * What a step's command reads of the shell that Drover was started in, beside its own words. Checks run without these; a step runs
 * as its reader would type it, so what changes it is shown before it runs. Names only: a value may be a secret.
 */
import type { Rendered } from './render.ts';

/**
 * `engine`: which Docker engine is asked. `platform`: for which processor images are taken. `trust`: signed images only. `containers`: variables that Docker's client gives to
 * the containers it makes. `proxy`: a way through another machine. `options`: options added to every call. `account`: a database, its user or password. `units`: how sizes are
 * counted. `loader`: code that is loaded into every program.
 */
export const dependencyEffects = ['engine', 'platform', 'trust', 'containers', 'proxy', 'options', 'account', 'units', 'loader'] as const;
export type DependencyEffect = (typeof dependencyEffects)[number];

export interface Dependency {
	readonly effect: DependencyEffect;
	/** What is set: variables, and files of the home folder as `~/.curlrc`. */
	readonly names: readonly string[];
	/** The programs of the command that read it. */
	readonly programs: readonly string[];
}

/** Files that programs read at every call, as {@link dependenciesOf} knows them. */
export const settingsFiles = {
	curl: '~/.curlrc',
	wget: '~/.wgetrc',
	mysql: '~/.my.cnf',
	proxies: '~/.docker/config.json (proxies)',
	context: '~/.docker/config.json (currentContext)',
} as const;

interface Rule {
	readonly effect: DependencyEffect;
	/** `docker run`: that command of Docker. Empty: every program. */
	readonly programs: readonly string[];
	readonly names: readonly string[];
}

const making = ['docker run', 'docker create'];
const gnu = ['bash', 'df', 'du', 'tar', 'grep', 'sed', 'awk', 'cp', 'mv', 'ls'];

/** Sources: the manual pages of the programs (ENVIRONMENT), docker(1), "Environment variables" and "Automatic proxy configuration for containers". */
const rules: readonly Rule[] = [
	{ effect: 'engine', programs: ['docker'], names: ['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_API_VERSION', settingsFiles.context] },
	{ effect: 'platform', programs: [...making, 'docker pull'], names: ['DOCKER_DEFAULT_PLATFORM'] },
	{ effect: 'trust', programs: [...making, 'docker pull', 'docker push'], names: ['DOCKER_CONTENT_TRUST', 'DOCKER_CONTENT_TRUST_SERVER'] },
	{ effect: 'containers', programs: making, names: [settingsFiles.proxies] },
	// curl reads no HTTP_PROXY in capitals.
	{ effect: 'proxy', programs: ['curl'], names: ['http_proxy', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'] },
	{ effect: 'proxy', programs: ['wget'], names: ['http_proxy', 'https_proxy', 'no_proxy'] },
	{ effect: 'options', programs: ['curl'], names: ['CURL_HOME', 'CURL_CA_BUNDLE', 'CURL_SSL_BACKEND', 'SSL_CERT_FILE', 'SSL_CERT_DIR', settingsFiles.curl] },
	{ effect: 'options', programs: ['wget'], names: ['WGETRC', 'SSL_CERT_FILE', 'SSL_CERT_DIR', settingsFiles.wget] },
	{ effect: 'options', programs: ['tar'], names: ['TAR_OPTIONS', 'TAPE', 'GZIP', 'XZ_OPT', 'XZ_DEFAULTS'] },
	{ effect: 'options', programs: ['gzip', 'gunzip', 'zcat'], names: ['GZIP'] },
	{ effect: 'options', programs: ['grep'], names: ['GREP_OPTIONS', 'GREP_COLORS', 'GREP_COLOR'] },
	{ effect: 'options', programs: gnu, names: ['POSIXLY_CORRECT'] },
	{ effect: 'options', programs: ['cd'], names: ['CDPATH'] },
	{ effect: 'options', programs: ['bash'], names: ['GLOBIGNORE'] },
	{ effect: 'account', programs: ['mysql', 'mysqldump', 'mysqladmin'], names: ['MYSQL_HOME', 'MYSQL_HOST', 'MYSQL_PWD', 'MYSQL_TCP_PORT', 'MYSQL_UNIX_PORT', 'LIBMYSQL_PLUGINS', settingsFiles.mysql] },
	{ effect: 'units', programs: ['df', 'du', 'ls'], names: ['BLOCK_SIZE', 'BLOCKSIZE'] },
	{ effect: 'units', programs: ['df'], names: ['DF_BLOCK_SIZE'] },
	{ effect: 'units', programs: ['du'], names: ['DU_BLOCK_SIZE'] },
	{ effect: 'loader', programs: [], names: ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT'] },
];

/** A client of an engine that is reached by the network goes through a proxy itself. */
const proxyOfDocker: Rule = { effect: 'proxy', programs: ['docker'], names: ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] };

/** Every name that can matter: a server says of these alone whether they are set. */
export const dependencyNames: ReadonlySet<string> = new Set([...rules, proxyOfDocker].flatMap(({ names }) => names));

/** What a command depends on, of the names that are set where it runs. What the command sets itself (`env`) is no dependency. */
export function dependenciesOf({ argv, env }: Pick<Rendered, 'argv' | 'env'>, set: Iterable<string>): readonly Dependency[] {
	const names = new Set([...set].filter((name) => !Object.hasOwn(env, name)));
	const programs = programsOf(argv);
	const asked = names.has('DOCKER_HOST') || names.has('DOCKER_CONTEXT') || names.has(settingsFiles.context) ? [...rules, proxyOfDocker] : rules;
	return dependencyEffects.flatMap((effect) => {
		const found = asked.flatMap((rule) => {
			const calls = rule.programs.filter((program) => programs.has(program));
			const here = rule.names.filter((name) => names.has(name));
			return rule.effect === effect && here.length > 0 && (rule.programs.length === 0 || calls.length > 0) ? [{ calls, here }] : [];
		});
		if (found.length === 0) return [];
		return [{ effect, names: [...new Set(found.flatMap(({ here }) => here))], programs: [...new Set(found.flatMap(({ calls }) => calls))] }];
	});
}

/**
 * The programs that a command calls, `docker run` beside `docker`: of a script each word that is the name of one that reads something, also in a message: rather one too
 * many than one too few. What is called inside of a container reads nothing of this shell.
 */
export function programsOf(argv: readonly string[]): ReadonlySet<string> {
	const [program = '', ...args] = argv;
	const name = program.replace(/^.*\//, '');
	const found = new Set([name]);
	if (/^(?:ba)?sh$/.test(name) && args.includes('-c')) {
		const script = (args.at(-1) ?? '').replace(/^\s*#.*$/gm, '').replace(inContainer, 'docker $1');
		for (const one of known) if (new RegExp(`(?<![\\w$./=:-])${one}(?![\\w=./-])`).test(script)) found.add(one);
		for (const [, command = ''] of script.matchAll(/(?<![\w$./=:-])docker\s+(?:(?:container|image)\s+)?([a-z]+)/g)) found.add(`docker ${command}`);
	} else if (name === 'docker') {
		const [command = ''] = args.filter((word) => word !== 'container' && word !== 'image');
		found.add(`docker ${command}`);
	}
	return found;
}

const known = new Set(rules.flatMap(({ programs }) => programs).filter((program) => !program.includes(' ')));
/** The rest of `docker exec …` and `docker run …`, to the end of that command. */
const inContainer = /\bdocker\s+(?:container\s+)?(exec|run)\b(?:\\\n|"(?:\\.|[^"\\])*"|[^\n|;&)"])*/g;
