/**
 * What `docker inspect` prints of a container that was made with given words, and of its image: the shape of engine 20.10, as recorded in `fixtures/`. A test
 * holds the two together.
 */
import { parseSize } from '../../../src/families/rancher/sizes.ts';
import { parseRun, valuesOf, type RunCommand } from './docker-run.ts';

/** Variables of an image, as its Dockerfile sets them. */
export function imageVariables(version: string): readonly string[] {
	const isOld = version.startsWith('v1.0');
	return [
		'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
		'DEBIAN_FRONTEND=noninteractive',
		'CATTLE_HOME=/var/lib/cattle',
		'DEFAULT_CATTLE_API_UI_INDEX=//releases.rancher.com/ui/1.6.1',
		'CATTLE_DB_CATTLE_DATABASE=mysql',
		'CATTLE_USE_LOCAL_ARTIFACTS=true',
		'no_proxy=localhost,127.0.0.1,localaddress,.localdomain.com',
		'S6_SERVICE_DIR=/service',
		'CATTLE_HOST_API_PROXY_MODE=embedded',
		isOld ? `CATTLE_RANCHER_SERVER_IMAGE=${version}` : `CATTLE_RANCHER_SERVER_VERSION=${version}`,
		'CATTLE_CATTLE_VERSION=v0.183.37',
		'DEFAULT_CATTLE_CATALOG_URL={"catalogs":{"community":{"url":"https://git.rancher.io/community-catalog.git","branch":"master"},"library":{"url":"https://git.rancher.io/rancher-catalog.git","branch":"v1.6-release"}}}',
		'DEFAULT_CATTLE_MACHINE_EXECUTE=true',
		...(isOld ? [] : ['CATTLE_RANCHER_SERVER_IMAGE=rancher/server']),
	];
}

const volumes = ['/var/lib/cattle', '/var/lib/mysql', '/var/log/mysql'];
const emptyObjects = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, {}]));
const entrypointOf = (version: string) => (/^v1\.[01]\./.test(version) ? null : ['/usr/bin/entry']);
const standardCommand = ['/usr/bin/s6-svscan', '/service'];

/** Hexadecimal digits that differ for different texts. */
export function hex(text: string, length = 64): string {
	let state = 7;
	return Array.from({ length }, (_, index) => {
		state = (state * 31 + text.charCodeAt(index % Math.max(text.length, 1)) + index) >>> 0;
		return (state % 16).toString(16);
	}).join('');
}

export function imageDocument(reference: string, version: string) {
	return {
		Id: `sha256:${hex(reference)}`,
		RepoTags: [reference],
		RepoDigests: [],
		Config: {
			User: '',
			ExposedPorts: emptyObjects(['3306/tcp', '8080/tcp']),
			Env: imageVariables(version),
			Cmd: standardCommand,
			Volumes: emptyObjects(volumes),
			WorkingDir: '',
			Entrypoint: entrypointOf(version),
			OnBuild: null,
			Labels: null,
		},
		Os: 'linux',
		RootFS: { Type: 'layers', Layers: [`sha256:${hex('layer')}`] },
	};
}

export interface Made {
	readonly version: string;
	readonly status?: string;
	/** What the containers named by `--volumes-from` have mounted. */
	readonly shared?: readonly object[];
}

/** The document of a container that was made by `docker run` with these words. */
export function containerDocument(words: readonly string[], made: Made) {
	const command = parseRun(words);
	const one = (name: string) => valuesOf(command, name).at(-1);
	const many = (name: string) => valuesOf(command, name);
	const size = (name: string) => parseSize(one(name) ?? '') ?? Number(one(name) ?? 0);
	const pairs = (name: string) => Object.fromEntries(many(name).map((value) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]));
	const has = (name: string) => command.options.includes(name);
	const name = one('--name') ?? 'old_server';
	const id = hex(`${name}${words.length}`);
	const network = one('--network') ?? 'default';
	const isOwn = !['default', 'bridge', 'host', 'none'].includes(network);
	const status = made.status ?? 'running';
	const privileged = has('--privileged');
	const unconfined = many('--security-opt').includes('systempaths=unconfined');
	const security = many('--security-opt').filter((value) => value !== 'systempaths=unconfined');
	const implied = privileged || one('--ipc') === 'host' || one('--pid') === 'host' ? ['label=disable'] : [];
	const ports = publishedPorts(command);
	const exposed = many('--expose').map((port) => (port.includes('/') ? port : `${port}/tcp`));
	const [policy = 'no', count] = (one('--restart') ?? 'no').split(':');
	const memory = size('--memory');
	return {
		Id: id,
		Created: '2018-01-12T08:00:00Z',
		Path: '/usr/bin/entry',
		Args: command.words,
		State: { Status: status, Running: status === 'running', OOMKilled: false, ExitCode: 0, Error: '', StartedAt: status === 'created' ? '0001-01-01T00:00:00Z' : '2018-01-12T08:00:01Z' },
		Image: `sha256:${hex(command.image)}`,
		Name: `/${name}`,
		RestartCount: 0,
		HostConfig: {
			Binds: many('--volume').filter((value) => value.includes(':')).length > 0 ? many('--volume').filter((value) => value.includes(':')) : null,
			ContainerIDFile: '',
			LogConfig: { Type: one('--log-driver') ?? 'json-file', Config: pairs('--log-opt') },
			NetworkMode: network,
			PortBindings: ports,
			RestartPolicy: { Name: policy, MaximumRetryCount: Number(count ?? 0) },
			AutoRemove: has('--rm'),
			VolumeDriver: '',
			VolumesFrom: orNull(many('--volumes-from')),
			CapAdd: orNull(many('--cap-add').map((value) => `CAP_${value}`)),
			CapDrop: orNull(many('--cap-drop').map((value) => `CAP_${value}`)),
			CgroupnsMode: one('--cgroupns') ?? 'host',
			Dns: many('--dns'),
			DnsOptions: many('--dns-option'),
			DnsSearch: many('--dns-search'),
			ExtraHosts: orNull(many('--add-host')),
			GroupAdd: orNull(many('--group-add')),
			IpcMode: one('--ipc') ?? 'private',
			Cgroup: '',
			Links: isOwn ? null : orNull(many('--link').map((link) => `/${link.replace(':', `:/${name}/`)}`)),
			OomScoreAdj: size('--oom-score-adj'),
			PidMode: one('--pid') ?? '',
			Privileged: privileged,
			PublishAllPorts: has('--publish-all'),
			ReadonlyRootfs: has('--read-only'),
			SecurityOpt: orNull([...security, ...implied]),
			...(many('--tmpfs').length > 0 && { Tmpfs: Object.fromEntries(many('--tmpfs').map((value) => (value.includes(':') ? [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)] : [value, '']))) }),
			UTSMode: one('--uts') ?? '',
			UsernsMode: one('--userns') ?? '',
			ShmSize: size('--shm-size') || 64 * 2 ** 20,
			...(many('--sysctl').length > 0 && { Sysctls: pairs('--sysctl') }),
			Runtime: 'runc',
			ConsoleSize: [0, 0],
			Isolation: '',
			CpuShares: size('--cpu-shares'),
			Memory: memory,
			NanoCpus: Number(one('--cpus') ?? 0) * 1e9,
			CgroupParent: one('--cgroup-parent') ?? '',
			BlkioWeight: size('--blkio-weight'),
			BlkioWeightDevice: [],
			BlkioDeviceReadBps: many('--device-read-bps').map((value) => ({ Path: value.slice(0, value.lastIndexOf(':')), Rate: parseSize(value.slice(value.lastIndexOf(':') + 1)) })),
			CpuPeriod: size('--cpu-period'),
			CpuQuota: size('--cpu-quota'),
			CpusetCpus: one('--cpuset-cpus') ?? '',
			CpusetMems: '',
			Devices: many('--device').map(device),
			DeviceCgroupRules: orNull(many('--device-cgroup-rule')),
			DeviceRequests: null,
			KernelMemory: 0,
			KernelMemoryTCP: 0,
			MemoryReservation: size('--memory-reservation'),
			MemorySwap: one('--memory-swap') === undefined ? memory * 2 : size('--memory-swap'),
			MemorySwappiness: one('--memory-swappiness') === undefined ? null : size('--memory-swappiness'),
			OomKillDisable: has('--oom-kill-disable'),
			PidsLimit: one('--pids-limit') === undefined ? null : size('--pids-limit'),
			Ulimits: many('--ulimit').map(ulimit),
			...(has('--init') && { Init: true }),
			MaskedPaths: privileged ? null : unconfined ? [] : ['/proc/asound', '/proc/acpi'],
			ReadonlyPaths: privileged ? null : unconfined ? [] : ['/proc/bus', '/proc/fs'],
		},
		Mounts: mountsOf(command, name, made.shared ?? []),
		Config: {
			Hostname: one('--hostname') ?? (network === 'host' ? 'docker-host' : id.slice(0, 12)),
			Domainname: one('--domainname') ?? '',
			User: one('--user') ?? '',
			AttachStdin: has('--interactive'),
			AttachStdout: true,
			AttachStderr: true,
			ExposedPorts: emptyObjects([...new Set(['3306/tcp', '8080/tcp', ...Object.keys(ports), ...exposed])]),
			Tty: has('--tty'),
			OpenStdin: has('--interactive'),
			StdinOnce: has('--interactive'),
			Env: mergeVariables(many('--env'), imageVariables(made.version)),
			Cmd: command.words.length > 0 ? command.words : standardCommand,
			...(healthCheck(command) && { Healthcheck: healthCheck(command) }),
			Image: command.image,
			Volumes: emptyObjects([...volumes, ...many('--volume').filter((value) => !value.includes(':'))]),
			WorkingDir: one('--workdir') ?? '',
			Entrypoint: one('--entrypoint') === undefined ? entrypointOf(made.version) : [one('--entrypoint')],
			OnBuild: null,
			Labels: pairs('--label'),
			...(one('--mac-address') !== undefined && { MacAddress: one('--mac-address') }),
			...(one('--stop-signal') !== undefined && { StopSignal: one('--stop-signal') }),
			...(one('--stop-timeout') !== undefined && { StopTimeout: size('--stop-timeout') }),
		},
		NetworkSettings: {
			Networks: {
				[network === 'default' ? 'bridge' : network]: {
					IPAMConfig: isOwn && (one('--ip') !== undefined || one('--ip6') !== undefined) ? { ...(one('--ip') && { IPv4Address: one('--ip') }), ...(one('--ip6') && { IPv6Address: one('--ip6') }) } : null,
					Links: isOwn ? orNull(many('--link')) : null,
					Aliases: isOwn ? [...many('--network-alias'), id.slice(0, 12)] : null,
					DriverOpts: null,
				},
			},
		},
	};
}

const orNull = <T>(list: readonly T[]) => (list.length > 0 ? list : null);

function publishedPorts(command: RunCommand): Record<string, { HostIp: string; HostPort: string }[]> {
	const ports: Record<string, { HostIp: string; HostPort: string }[]> = {};
	for (const value of valuesOf(command, '--publish')) {
		const match = /^(?:(?:(\[[^\]]*\]|[\d.]+):)?(\d*):)?(\d+)(\/\w+)?$/.exec(value);
		if (!match) throw new RangeError(`no port: ${value}`);
		const inside = `${match[3] ?? ''}${match[4] ?? '/tcp'}`;
		(ports[inside] ??= []).push({ HostIp: (match[1] ?? '').replace(/^\[|\]$/g, ''), HostPort: match[2] ?? '' });
	}
	return ports;
}

function device(value: string) {
	const [outside = '', inside = outside, rights = 'rwm'] = value.split(':');
	return { PathOnHost: outside, PathInContainer: inside, CgroupPermissions: rights };
}

function ulimit(value: string) {
	const [name = '', limits = ''] = value.split('=');
	const [soft = '', hard = soft] = limits.split(':');
	return { Name: name, Hard: Number(hard), Soft: Number(soft) };
}

function healthCheck(command: RunCommand) {
	if (command.options.includes('--no-healthcheck')) return { Test: ['NONE'] };
	const one = (name: string) => valuesOf(command, `--health-${name}`).at(-1);
	const nanoseconds = (name: string) => (one(name) === undefined ? undefined : Number(one(name)) * 1e9);
	const check = { Test: one('cmd') === undefined ? undefined : ['CMD-SHELL', one('cmd')], Interval: nanoseconds('interval'), Timeout: nanoseconds('timeout'), StartPeriod: nanoseconds('start-period'), Retries: one('retries') === undefined ? undefined : Number(one('retries')) };
	return Object.values(check).every((value) => value === undefined) ? undefined : check;
}

/** What was asked for comes first; of two of a name the last counts. */
function mergeVariables(own: readonly string[], image: readonly string[]): readonly string[] {
	const nameOf = (pair: string) => pair.split('=', 1)[0];
	const last = own.filter((pair, index) => !own.slice(index + 1).some((later) => nameOf(later) === nameOf(pair)));
	return [...last, ...image.filter((pair) => !own.some((one) => nameOf(one) === nameOf(pair)))];
}

function mountsOf(command: RunCommand, container: string, shared: readonly object[]): object[] {
	const volume = (name: string, place: string, mode = '') => ({ Type: 'volume', Name: name, Source: `/var/lib/docker/volumes/${name}/_data`, Destination: place, Driver: 'local', Mode: mode, RW: !mode.includes('ro'), Propagation: '' });
	const asked = valuesOf(command, '--volume').map((value) => {
		const [source = '', place = '', mode = ''] = value.split(':');
		if (!value.includes(':')) return volume(hex(`${container}${value}`), value);
		if (!source.startsWith('/')) return volume(source, place, mode || 'z');
		return { Type: 'bind', Source: source.replace(/(.)\/+$/, '$1'), Destination: place, Mode: mode, RW: !mode.includes('ro'), Propagation: 'rprivate' };
	});
	const places = new Set(asked.map(({ Destination }) => Destination));
	const inherited = shared.filter((mount) => 'Destination' in mount && !places.has(String(mount.Destination)));
	const taken = new Set([...places, ...inherited.map((mount) => ('Destination' in mount ? String(mount.Destination) : ''))]);
	const own = volumes.filter((place) => !taken.has(place)).map((place) => volume(hex(`${container}${place}`), place));
	return [...asked, ...inherited, ...own];
}
