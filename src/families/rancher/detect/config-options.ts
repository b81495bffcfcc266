/**
 * The options of `docker run` that a container's `Config` shows, without what its image brings along.
 *
 * Source: docker/cli, `cli/command/container/opts.go`; moby/moby, `api/types/container/config.go`.
 */
import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import type { ImageDefaults } from './image-defaults.ts';
import { makersOf } from './makers.ts';
import type { Notes } from './notes.ts';
import type { ContainerStart } from './start.ts';

/** Takes the options of `Config` over. `isCluster`: the same command runs on several machines. */
export function carryConfigOptions(container: ContainerDocument, image: ImageDefaults, start: ContainerStart, isCluster: boolean, notes: Notes): void {
	const { config } = container;
	const carry = (name: string, value: string | number | undefined, ...standard: (string | number)[]) => {
		if (value !== undefined && value !== '' && !standard.includes(value)) notes.addOption(`--${name}=${value}`);
	};
	carryHostname(container, isCluster, notes);
	carry('domainname', config.read('Domainname', shape.text));
	carry('user', config.read('User', shape.text), image.user);
	carry('workdir', config.read('WorkingDir', shape.text), image.workdir);
	carry('stop-signal', config.read('StopSignal', shape.text), image.stopSignal);
	carry('stop-timeout', config.read('StopTimeout', shape.number));
	carryMacAddress(config.read('MacAddress', shape.text), isCluster, notes);
	if (config.read('Tty', shape.flag)) notes.addOption('--tty');
	if (config.read('OpenStdin', shape.flag)) notes.addOption('--interactive');
	if (config.read('NetworkDisabled', shape.flag) && !makersOf(container).some((maker) => maker.ownsNetwork('none'))) notes.addOption('--network=none');
	carryLabels(container, image, notes);
	carryHealthCheck(container, image, notes);
	config.read('Entrypoint', shape.words);
	carryEntrypoint(start, notes);
	// What was attached when it was started, and what belongs to the image alone.
	for (const name of ['AttachStdin', 'AttachStdout', 'AttachStderr', 'StdinOnce', 'ArgsEscaped']) config.read(name, shape.flag);
	for (const name of ['OnBuild', 'Shell']) config.read(name, shape.texts);
	for (const field of config.unread()) notes.warn('option-unknown', { setting: `Config.${field}` });
}

/** Unless it was given, the engine takes the beginning of the id, or with the host's network the host's own name. Source: moby/moby, `daemon/container.go`, generateHostname(). */
function carryHostname({ config, host, id }: ContainerDocument, isCluster: boolean, notes: Notes): void {
	const hostname = config.read('Hostname', shape.text) ?? '';
	const network = host.read('NetworkMode', shape.text) ?? '';
	if (hostname === '' || (id !== '' && hostname === id.slice(0, 12)) || network.startsWith('container:')) return;
	if (network === 'host') return notes.warn('host-hostname', { hostname });
	if (isCluster) return notes.warn('option-per-node', { option: '--hostname' });
	notes.addOption(`--hostname=${hostname}`);
}

function carryMacAddress(address: string | undefined, isCluster: boolean, notes: Notes): void {
	if (!address) return;
	if (isCluster) notes.warn('option-per-node', { option: '--mac-address' });
	else notes.addOption(`--mac-address=${address}`);
}

function carryLabels(container: ContainerDocument, image: ImageDefaults, notes: Notes): void {
	const makers = makersOf(container);
	for (const [name, value] of container.config.read('Labels', shape.textEntries) ?? []) {
		if (image.labels.get(name) !== value && !makers.some((maker) => maker.owns(name))) notes.addOption(`--label=${name}=${value}`);
	}
}

function carryHealthCheck({ config }: ContainerDocument, image: ImageDefaults, notes: Notes): void {
	const check = config.read('Healthcheck', shape.healthCheck);
	if (!check || JSON.stringify(check) === image.healthCheck) return;
	const [kind, ...words] = check.Test ?? [];
	if (kind === 'NONE') return notes.addOption('--no-healthcheck');
	if (kind === 'CMD-SHELL') notes.addOption(`--health-cmd=${words.join(' ')}`);
	else if (kind !== undefined) notes.warn('option-impossible', { option: '--health-cmd' });
	const times = { interval: check.Interval, timeout: check.Timeout, 'start-period': check.StartPeriod, 'start-interval': check.StartInterval };
	for (const [name, value] of Object.entries(times)) if (value) notes.addOption(`--health-${name}=${formatNanoseconds(value)}`);
	if (check.Retries) notes.addOption(`--health-retries=${check.Retries}`);
}

function formatNanoseconds(value: number): string {
	if (value % 1e9 === 0) return `${value / 1e9}s`;
	return value % 1e6 === 0 ? `${value / 1e6}ms` : `${value}ns`;
}

/** An own entry point: its program by the option, its other words behind the image. */
function carryEntrypoint({ entrypoint }: ContainerStart, notes: Notes): void {
	if (entrypoint === undefined) return;
	notes.warn('entrypoint-own', {});
	if (entrypoint === '') notes.warn('option-impossible', { option: '--entrypoint' });
	else notes.addOption(`--entrypoint=${entrypoint}`);
}
