/** What the tests of runbooks have in common: one rig a file, a server with data on it, and what must be the same after the way back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { attempt } from '../command.ts';
import { startRig, type Rig, type Station } from '../rig.ts';
import { coverage } from './coverage.ts';
import { runbookNamed, Walk, type WalkOptions } from './walk.ts';
import type { Values } from '../../../src/runbook/values/value.ts';

/** Looks that fail on every machine of the rig, for reasons that a reader would give: an engine newer than Rancher, no time server. */
export const beyondTheRig = ['engine-range', 'clock'] as const;

export interface Scene {
	readonly rig: Rig;
	/** Where the servers of this file are published. */
	readonly publish: string;
	/** A walk that starts in a folder of its own, or in one that an earlier walk has left. */
	readonly walk: (runbook: string, values: Values, options?: Partial<WalkOptions>) => Walk;
}

/** Gives each test of a file a clean engine, and holds the file to what `coverage.ts` says that it executes. */
export function useScene(file: string): Scene {
	let rig: Rig | undefined;
	let publish = '';
	const executed = new Set<string>();
	const its = () => {
		if (!rig) throw new TypeError('The rig is not there before the first test.');
		return rig;
	};

	beforeAll(async () => {
		rig = await startRig();
		Object.assign(process.env, rig.env);
		publish = `127.0.0.1:${await rig.freePort()}`;
	});
	beforeEach(async () => clear(its()));
	afterAll(async () => {
		await rig?.close();
		const promised = Object.entries(coverage).flatMap(([runbook, steps]) =>
			Object.entries(steps).flatMap(([step, where]) => (where === file ? commandsOf(runbook, step) : [])),
		);
		expect(promised.filter((one) => !executed.has(one)), 'steps, and commands of steps, that coverage.ts promises of this file').toEqual([]);
	});

	return {
		get rig() {
			return its();
		},
		get publish() {
			return publish;
		},
		walk: (runbook, values, options = {}) => {
			const onStep = (step: string, command?: number) => executed.add(command === undefined ? `${runbook} ${step}` : `${runbook} ${step}, command ${command}`);
			return new Walk(runbook, values, { folder: options.folder ?? its().folder(), tolerate: beyondTheRig, onStep, ...options });
		},
	};
}

/** The commands of a step, of which a walk takes one by the values in the form; or the step itself when it only looks. */
function commandsOf(runbook: string, step: string): string[] {
	const commands = runbookNamed(runbook).steps.find(({ id }) => id === step)?.run ?? [];
	return commands.length === 0 ? [`${runbook} ${step}`] : commands.map((_, at) => `${runbook} ${step}, command ${at + 1}`);
}

/** Removes every container and volume of an engine. */
export async function clear({ docker }: Pick<Station, 'docker'>): Promise<void> {
	const containers = lines(await docker('ps', '--all', '--quiet'));
	if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
	const volumes = lines(await docker('volume', 'ls', '--quiet'));
	if (volumes.length > 0) await docker('volume', 'rm', ...volumes);
}

/** The words behind the image of a server that a shell starts in front of the program of the image, as compose files and unit files have it. */
export function byShell(flags: readonly string[]): string[] {
	const quoted = flags.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
	return ['sh', '-c', `umask 022; exec /usr/bin/entry ${quoted.join(' ')}`];
}

/** A certificate as an operator would have one. Returns its file. */
export function certificateIn(folder: string): string {
	const file = join(folder, 'ca.crt');
	writeFileSync(file, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
	return file;
}

/** Takes an image's name away, as a tag that moves on does: only the container still holds the image. */
export async function forgetName({ docker }: Pick<Station, 'docker'>, tag: string): Promise<void> {
	await docker('image', 'rm', '--force', `rancher/server:${tag}`);
}

/** Every container of an engine as far as it can be told apart by its user: what it is made of, told, mounts and publishes, and whether it runs. */
export async function engineState({ docker }: Pick<Station, 'docker'>): Promise<unknown> {
	const ids = lines(await docker('ps', '--all', '--quiet'));
	if (ids.length === 0) return [];
	const inspected = JSON.parse(await docker('container', 'inspect', ...ids)) as Inspected[];
	return inspected.map(describeContainer).sort((one, other) => one.name.localeCompare(other.name));
}

interface Inspected {
	readonly Name: string;
	readonly Image: string;
	readonly Args: readonly string[];
	readonly State: { readonly Running: boolean };
	readonly Config: { readonly Env: readonly string[] };
	readonly HostConfig: { readonly RestartPolicy: { readonly Name: string }; readonly PortBindings: unknown; readonly Memory: number };
	readonly Mounts: readonly { readonly Name?: string; readonly Source: string; readonly Destination: string }[];
}

function describeContainer({ Name, Image, Args, State, Config, HostConfig, Mounts }: Inspected) {
	// Only the database is told by what it mounts: logs and caches of a container that was made again are new. One whose database is outside has an unused volume.
	const outside = [...Args, ...Config.Env].some((word) => word === '--db-host' || word.startsWith('CATTLE_DB_CATTLE_MYSQL_HOST='));
	const data = outside ? undefined : Mounts.find((mount) => mount.Destination === '/var/lib/mysql');
	return {
		name: Name,
		image: Image,
		args: Args,
		running: State.Running,
		env: [...Config.Env].sort(),
		restart: HostConfig.RestartPolicy.Name,
		ports: HostConfig.PortBindings,
		memory: HostConfig.Memory,
		data: data?.Name ?? data?.Source,
	};
}

export function lines(text: string): string[] {
	return text.split('\n').filter((line) => line !== '');
}

/** Ids of the steps up to whose end a walk goes before it turns back: each that can be taken back. */
export function turningPoints(walk: Walk): string[] {
	return walk.runbook.steps.filter((step) => step.undo.length > 0).map((step) => step.id);
}

/** The change-log lock, held by a server that is gone. */
export const takenByOthers = "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKGRANTED = NOW() - INTERVAL 1 DAY, LOCKEDBY = 'gone (10.0.0.1)';";

/** Resolves when a server has given up on the lock once, was started again by Docker, and waits for longer. */
export async function untilItWaits({ env }: Pick<Station, 'env'>, container: string): Promise<void> {
	const lastWords = async () => {
		const { stdout, stderr } = await attempt('docker', ['logs', container], { env });
		const log = stdout + stderr;
		return log.lastIndexOf('Waiting for changelog lock') > log.lastIndexOf('Could not acquire change log lock') && log.includes('Could not acquire change log lock');
	};
	await expect.poll(lastWords, { timeout: 300_000, interval: 500 }).toBe(true);
}
