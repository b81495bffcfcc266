import type { ParameterType } from '../definition/parameter.ts';

/**
 * One full-match pattern for each type of value. They say what Docker, Rancher and MySQL take, never more than one word of a command:
 * no type admits a control, bidirectional or other invisible character (`character.ts` looks first).
 */
const dockerName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/; // containers and volumes; moby: daemon/names (two characters at least)
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'; // distribution/reference: tag
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'; // distribution/reference: path-component
const label = '[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?';
const hostName = `${label}(?:\\.${label})*`;
const port = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d{2}|[1-9]?\\d)';
const ipv4 = `${octet}(?:\\.${octet}){3}`;
const ipv6 = '[0-9A-Fa-f:]{2,39}(?:\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})?';

const full = (source: string) => new RegExp(`^(?:${source})$`);

/** RFC 4291, section 2.2: eight groups, or fewer around one `::`. */
const group = '[0-9A-Fa-f]{1,4}';
const compressed = Array.from({ length: 8 }, (_, before) => `(?:${group}:){${before}}${before === 0 ? ':' : ''}:${before === 7 ? '' : `(?:${group}(?::${group}){0,${6 - before}})?`}`);
const anyIpv6 = [`${group}(?::${group}){7}`, ...compressed].join('|');

const host = full(`${hostName}|${ipv4}|${anyIpv6}`);

const mountMode = 'ro|rw|z|Z|nocopy|consistent|cached|delegated|r?shared|r?slave|r?private';

/** Options of `docker run` that no parameter covers and that may be carried over; each is one word, `--name=value`. */
const carried = [
	'add-host', 'annotation', 'blkio-weight', 'blkio-weight-device', 'cap-add', 'cap-drop', 'cgroup-parent', 'cgroupns', 'cpu-period', 'cpu-quota',
	'cpu-rt-period', 'cpu-rt-runtime', 'cpu-shares', 'cpus', 'cpuset-cpus', 'cpuset-mems', 'device', 'device-cgroup-rule', 'device-read-bps',
	'device-read-iops', 'device-write-bps', 'device-write-iops', 'dns', 'dns-option', 'dns-search', 'domainname', 'entrypoint', 'expose',
	'group-add', 'health-cmd', 'health-interval', 'health-retries', 'health-start-interval', 'health-start-period', 'health-timeout', 'hostname',
	'ip', 'ip6', 'ipc', 'isolation', 'kernel-memory', 'label', 'link', 'link-local-ip', 'log-driver', 'log-opt', 'mac-address', 'memory',
	'memory-reservation', 'memory-swap', 'memory-swappiness', 'mount', 'network', 'network-alias', 'oom-score-adj', 'pid', 'pids-limit', 'publish',
	'runtime', 'security-opt', 'shm-size', 'stop-signal', 'stop-timeout', 'storage-opt', 'sysctl', 'tmpfs', 'ulimit', 'user', 'userns', 'uts',
	'volume', 'volume-driver', 'volumes-from', 'workdir',
].join('|');

/** Those that are on or off: without a value they take none from the next word. */
const switches = 'init|interactive|no-healthcheck|oom-kill-disable|privileged|publish-all|read-only|tty';

/** Texts of each type. Lists name the type of one item; `nodes` has its own shape. */
export const textTypes = {
	'agent-image': full(`${component}(?:/${component})*:${tag}`),
	choice: /^/,
	container: dockerName,
	'docker-options': full(`--(?:${switches})(?:=(?:true|false))?|--(?:${carried})=(?:-\\d+|[^-\\s][^\\r\\n]*)`),
	env: /^[A-Za-z_][A-Za-z0-9_]*=/,
	host,
	// A first part with a dot or a colon, or "localhost", would be a registry.
	image: full(`(?!localhost/)(?![^/]*\\.[^/]*/)${component}(?:/${component})*`),
	'java-options': /^-[A-Za-z][!-~]*(?: -[A-Za-z][!-~]*)*$/,
	key: /^[A-Za-z0-9]{1,128}$/,
	// What stands behind a mount's place. Source: docker run, "--volume"; moby/moby, `volume/mounts/linux_parser.go`.
	'mount-options': full(`(?:${mountMode})(?:,(?:${mountMode}))*`),
	name: /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/,
	// No sign and no zero in front: what computes it takes it as it stands.
	number: /^(?:0|[1-9]\d{0,14})$/,
	path: /^[^:-][^:]*$/,
	port: full(port),
	project: /^1a[1-9]\d{0,9}$/,
	proxy: full(`https?://(?:${hostName}|${ipv4})(?::${port})?`),
	publish: full(`(?:(?:${ipv4}|\\[${ipv6}\\]):)?${port}`),
	registry: full(`(?:${hostName}|${ipv4}|\\[${ipv6}\\])(?::${port})?(?:/${component})*`),
	restart: /^(?:no|always|unless-stopped|on-failure(?::[1-9]\d{0,3})?)$/,
	secret: /^/,
	switch: /^(?:true|false)$/,
	tag: full(tag),
	text: /^[^-]/,
	// Paths are put behind it.
	url: full(`(?!.*/$)https?://(?:${hostName}|${ipv4}|\\[${ipv6}\\])(?::${port})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?`),
	volume: dockerName,
	// Whatever a program takes: one word each.
	words: /^/,
} satisfies Record<Exclude<ParameterType, 'nodes'>, RegExp>;

/** A server of a high-availability setup. An empty `ssh` is this machine. */
export interface Node {
	readonly name: string;
	readonly ssh: string;
	/** What the other servers reach it by: an address, a network interface of the container, `awslocal` or `ipify`. */
	readonly address: string;
}

/** A node that steps run for. */
export interface StepNode extends Node {
	/** Drover runs its commands there, by ssh. */
	readonly reached?: true;
}

/** Texts of a node's parts. */
export const nodeTexts = {
	name: full(label),
	ssh: /^(?:[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,254})?$/,
	address: host,
} satisfies Record<keyof Node, RegExp>;
