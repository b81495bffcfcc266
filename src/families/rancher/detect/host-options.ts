/**
 * The options of `docker run` that a container's `HostConfig` shows, as words `--name=value`. A value that the engine gives by itself is no option.
 *
 * Source: docker/cli, `cli/command/container/opts.go` (option → field); moby/moby, `api/types/container/host_config.go`.
 */
import type { z } from '../../../runbook/zod.ts';
import type { Fields } from '../inspect/fields.ts';
import * as shape from '../inspect/shapes.ts';
import { formatSize } from '../sizes.ts';
import type { Maker } from './makers.ts';
import type { Notes } from './notes.ts';

/** Turns one field into words; none when it holds what every container has. */
type Option = (host: Fields) => readonly string[];

/** An option from a field of a shape. */
function option<T>(field: string, form: z.ZodMiniType<T>, words: (value: T) => readonly string[]): Option {
	return (host) => {
		const value = host.read(field, form);
		return value === undefined ? [] : words(value);
	};
}

const text = (field: string, name: string, ...standard: string[]) => option(field, shape.text, (value) => (['', ...standard].includes(value) ? [] : [`--${name}=${value}`]));
const list = (field: string, name: string) => option(field, shape.texts, (values) => values.map((value) => `--${name}=${value}`));
const isOn = (field: string, name: string) => option(field, shape.flag, (value) => (value ? [`--${name}`] : []));
const pairs = (field: string, name: string) => option(field, shape.textEntries, (entries) => entries.map(([key, value]) => `--${name}=${key}=${value}`));
const number = (field: string, name: string, ...standard: number[]) => option(field, shape.number, (value) => ([0, ...standard].includes(value) ? [] : [`--${name}=${value}`]));
const size = (field: string, name: string, ...standard: number[]) => option(field, shape.number, (value) => ([0, ...standard].includes(value) ? [] : [`--${name}=${value < 0 ? value : formatSize(value)}`]));
const rates = (field: string, name: string) => option(field, shape.rates, (all) => all.map(({ Path, Rate }) => `--${name}=${Path}:${Rate}`));

const options: readonly Option[] = [
	isOn('Privileged', 'privileged'),
	isOn('ReadonlyRootfs', 'read-only'),
	isOn('OomKillDisable', 'oom-kill-disable'),
	option('Init', shape.flag, (value) => [value ? '--init' : '--init=false']),
	list('CapAdd', 'cap-add'),
	list('CapDrop', 'cap-drop'),
	list('Dns', 'dns'),
	list('DnsOptions', 'dns-option'),
	list('DnsSearch', 'dns-search'),
	list('ExtraHosts', 'add-host'),
	list('GroupAdd', 'group-add'),
	list('DeviceCgroupRules', 'device-cgroup-rule'),
	pairs('Sysctls', 'sysctl'),
	pairs('StorageOpt', 'storage-opt'),
	pairs('Annotations', 'annotation'),
	option('Tmpfs', shape.textEntries, (entries) => entries.map(([place, settings]) => `--tmpfs=${place}${settings && ':'}${settings}`)),
	text('PidMode', 'pid'),
	text('UTSMode', 'uts'),
	text('UsernsMode', 'userns'),
	text('CgroupParent', 'cgroup-parent'),
	text('CpusetCpus', 'cpuset-cpus'),
	text('CpusetMems', 'cpuset-mems'),
	text('Runtime', 'runtime', 'runc', 'io.containerd.runc.v2', 'oci', 'crun'),
	text('Isolation', 'isolation', 'default'),
	text('VolumeDriver', 'volume-driver', 'local'),
	size('Memory', 'memory'),
	size('MemoryReservation', 'memory-reservation'),
	size('KernelMemory', 'kernel-memory'),
	size('ShmSize', 'shm-size', 64 * 2 ** 20),
	// -1 is how engines before 17.05 say "not set".
	number('MemorySwappiness', 'memory-swappiness', -1),
	number('PidsLimit', 'pids-limit', -1),
	number('OomScoreAdj', 'oom-score-adj'),
	number('CpuShares', 'cpu-shares'),
	number('CpuPeriod', 'cpu-period'),
	number('CpuQuota', 'cpu-quota'),
	number('CpuRealtimePeriod', 'cpu-rt-period'),
	number('CpuRealtimeRuntime', 'cpu-rt-runtime'),
	number('BlkioWeight', 'blkio-weight'),
	option('NanoCpus', shape.number, (value) => (value === 0 ? [] : [`--cpus=${value / 1e9}`])),
	option('BlkioWeightDevice', shape.weights, (all) => all.map(({ Path, Weight }) => `--blkio-weight-device=${Path}:${Weight}`)),
	rates('BlkioDeviceReadBps', 'device-read-bps'),
	rates('BlkioDeviceWriteBps', 'device-write-bps'),
	rates('BlkioDeviceReadIOps', 'device-read-iops'),
	rates('BlkioDeviceWriteIOps', 'device-write-iops'),
	option('Ulimits', shape.ulimits, (all) => all.map(({ Name, Soft, Hard }) => `--ulimit=${Name}=${Soft === Hard ? Soft : `${Soft}:${Hard}`}`)),
	option('Devices', shape.devices, (all) => all.map(deviceWord)),
	option('LogConfig', shape.logConfig, ({ Type, Config }) => [
		...(Type && Type !== 'json-file' ? [`--log-driver=${Type}`] : []),
		...(Config ?? []).map(([key, value]) => `--log-opt=${key}=${value}`),
	]),
	swapOption,
	ipcOption,
	cgroupOption,
];

/** Takes every option over that needs no other part of the document. */
export function carryHostOptions(host: Fields, makers: readonly Maker[], notes: Notes): void {
	const isOfMaker = (word: string) => word.startsWith('--annotation=') && makers.some((maker) => maker.owns(word.slice('--annotation='.length).split('=', 1)[0] ?? ''));
	for (const one of options) for (const word of one(host)) if (!isOfMaker(word)) notes.addOption(word);
	carrySecurity(host, notes);
	if (host.read('AutoRemove', shape.flag)) {
		notes.set('auto_remove', 'true');
		notes.warn('auto-remove', {});
	}
	const path = host.read('ContainerIDFile', shape.text);
	if (path) notes.warn('cidfile', { path });
	// The size of the terminal of whoever started it.
	host.read('ConsoleSize', shape.numbers);
	for (const field of host.unread()) notes.warn('option-unknown', { setting: `HostConfig.${field}` });
}

function deviceWord({ PathOnHost, PathInContainer, CgroupPermissions }: { PathOnHost: string; PathInContainer?: string | null | undefined; CgroupPermissions?: string | null | undefined }): string {
	const rights = CgroupPermissions && CgroupPermissions !== 'rwm' ? `:${CgroupPermissions}` : '';
	const inside = PathInContainer && (PathInContainer !== PathOnHost || rights) ? `:${PathInContainer}` : '';
	return `--device=${PathOnHost}${inside}${rights}`;
}

/** The engine itself gives twice the memory. Source: docker run, "--memory-swap". */
function swapOption(host: Fields): readonly string[] {
	const memory = host.read('Memory', shape.number) ?? 0;
	return size('MemorySwap', 'memory-swap', memory * 2)(host);
}

/** `shareable` was the default before 20.10, whose documents have no `CgroupnsMode` yet. Source: dockerd, "default-ipc-mode". */
function ipcOption(host: Fields): readonly string[] {
	return text('IpcMode', 'ipc', 'private', ...(host.has('CgroupnsMode') ? [] : ['shareable']))(host);
}

/** The default is `host` with version 1 of cgroups, where the OOM killer can be switched, and `private` with version 2, where it cannot. */
function cgroupOption(host: Fields): readonly string[] {
	const isPrivate = host.isNull('OomKillDisable') && host.read('Privileged', shape.flag) !== true;
	return text('CgroupnsMode', 'cgroupns', ...(host.has('OomKillDisable') ? [isPrivate ? 'private' : 'host'] : ['private', 'host']))(host);
}

/**
 * Security options as they were typed, but for `label=disable`, which the engine adds to containers that share its processes or have every privilege, and for
 * `systempaths=unconfined`, which it keeps as two empty lists. A seccomp profile stands there with its whole content, which no option takes.
 *
 * Source: moby/moby, `daemon/create.go`, generateSecurityOpt(); docker/cli, `opts.go`, parseSystemPaths().
 */
function carrySecurity(host: Fields, notes: Notes): void {
	const isImplied = host.read('Privileged', shape.flag) === true || host.read('IpcMode', shape.text) === 'host' || host.read('PidMode', shape.text) === 'host';
	for (const value of host.read('SecurityOpt', shape.texts) ?? []) {
		if (/^seccomp[=:]\s*\{/.test(value)) notes.warn('option-impossible', { option: '--security-opt=seccomp' });
		else if (!(isImplied && /^label[=:]disable$/.test(value))) notes.addOption(`--security-opt=${value}`);
	}
	const [masked, readonly] = [host.read('MaskedPaths', shape.texts), host.read('ReadonlyPaths', shape.texts)];
	if (masked?.length === 0 && readonly?.length === 0) notes.addOption('--security-opt=systempaths=unconfined');
}
