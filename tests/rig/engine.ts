/**
 * An isolated Docker engine: its own files, sockets, containerd, cgroup and bridge. It stands beside any other engine of the machine and knows nothing
 * outside of the rig: images come from the rig's registry, and a name that is not there fails at once.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { attempt, run, searchPath, start } from './command.ts';
import { end, untilItText } from './daemon.ts';

export interface EngineOptions {
	/** Empty or missing; everything of the engine is below it. */
	readonly folder: string;
	/** An existing bridge that containers are connected to. Without one the engine makes its own, with its own rules: for namespaces. */
	readonly bridge?: string;
	/** The network namespace that the engine lives in. */
	readonly namespace?: string;
	/** Parent of its containers' cgroups. */
	readonly cgroup: string;
	/** Address of the registry that stands for Docker Hub. */
	readonly mirror: string;
	/** Where published ports are reached from outside of the namespace. */
	readonly address?: string;
}

export interface Engine {
	/** What a `docker` command needs to speak to this engine. */
	readonly env: Readonly<Record<'DOCKER_HOST' | 'DOCKER_CONFIG' | 'PATH', string>>;
	/** Runs `docker` and returns what it prints. @throws Error when it fails. */
	readonly docker: (...args: readonly string[]) => Promise<string>;
	/** Where published ports are reached, if the engine has a network of its own; without one, containers are reached at their own addresses. */
	readonly address?: string;
	/** Removes all containers and ends the daemons. */
	readonly close: () => Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
	const { folder } = options;
	for (const name of ['data', 'exec', 'client', 'containerd']) mkdirSync(join(folder, name), { recursive: true });
	const containerd = startContainerd(options);
	const dockerd = startDockerd(options);
	const env = { DOCKER_HOST: `unix://${folder}/docker.sock`, DOCKER_CONFIG: join(folder, 'client'), PATH: searchPath };
	const docker = (...args: readonly string[]): Promise<string> => run('docker', args, { env });

	const close = async (): Promise<void> => {
		const all = await attempt('docker', ['ps', '--all', '--quiet'], { env });
		if (all.stdout !== '') await attempt('docker', ['rm', '--force', '--volumes', ...all.stdout.trim().split('\n')], { env });
		await attempt('docker', ['network', 'prune', '--force'], { env });
		await end(dockerd);
		await end(containerd);
	};
	try {
		await untilItText(dockerd, /API listen on .*docker\.sock/, join(folder, 'dockerd.log'));
	} catch (error) {
		await end(dockerd);
		await end(containerd);
		throw error;
	}
	return { env, docker, ...(options.address !== undefined && { address: options.address }), close };
}

/** Its own, so that it shares no containers with one that the machine may run for another engine. */
function startContainerd({ folder }: EngineOptions): ChildProcess {
	const config = [
		'version = 2',
		`root = "${folder}/containerd/root"`,
		`state = "${folder}/containerd/state"`,
		'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]',
		`[grpc]\naddress = "${folder}/containerd/containerd.sock"`,
	].join('\n');
	writeFileSync(join(folder, 'containerd.toml'), config);
	const child = start('containerd', ['--config', join(folder, 'containerd.toml'), '--log-level', 'warn'], { stdio: ['ignore', 'ignore', 'pipe'] });
	child.stderr?.pipe(createWriteStream(join(folder, 'containerd.log')));
	return child;
}

function startDockerd({ folder, bridge, namespace, cgroup, mirror }: EngineOptions): ChildProcess {
	writeFileSync(join(folder, 'daemon.json'), '{}');
	// The containers are our own programs: to translate the usual filter took more of the processors than to start what it filters.
	writeFileSync(join(folder, 'seccomp.json'), JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' }));
	const inNamespace = namespace === undefined ? [] : [`--net=/run/netns/${namespace}`];
	const network = bridge === undefined ? [] : [`--bridge=${bridge}`, '--iptables=false', '--ip6tables=false', '--ip-forward=false'];
	const args = [
		`--config-file=${folder}/daemon.json`,
		`--seccomp-profile=${folder}/seccomp.json`,
		`--data-root=${folder}/data`,
		`--exec-root=${folder}/exec`,
		`--pidfile=${folder}/dockerd.pid`,
		`--host=unix://${folder}/docker.sock`,
		`--containerd=${folder}/containerd/containerd.sock`,
		'--exec-opt=native.cgroupdriver=cgroupfs',
		`--cgroup-parent=/${cgroup}`,
		`--registry-mirror=http://${mirror}`,
		'--insecure-registry=10.0.0.0/8',
		'--max-concurrent-downloads=8',
		'--shutdown-timeout=5',
		...network,
	];
	// Nobody listens at port 1: what the mirror does not have is refused at once, wherever the tests run.
	const nowhere = 'http://127.0.0.1:1';
	const env = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: '127.0.0.0/8,10.0.0.0/8,localhost', http_proxy: undefined, https_proxy: undefined, no_proxy: undefined };
	// Not `ip netns exec`: that mounts /sys anew, and the cgroups are gone.
	const [program, ...before] = namespace === undefined ? ['dockerd'] : ['nsenter', ...inNamespace, 'dockerd'];
	return start(program ?? 'dockerd', [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env });
}
