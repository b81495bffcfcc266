import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { attempt } from './command.ts';
import { linksOf, namespacesOf, rulesOf } from './network.ts';
import type { Place } from './place-names.ts';
import { startRig } from './rig.ts';
import { cgroupsNamed, mountsBelow, processesAt, socketsOf, sweep } from './sweep.ts';

/** All that a rig can leave behind on a machine. */
async function leftAt(place: Place): Promise<object> {
	return {
		processes: processesAt(place),
		mounts: mountsBelow(place.folder),
		links: await linksOf(place),
		namespaces: namespacesOf(place),
		rules: await rulesOf(place),
		cgroups: cgroupsNamed(place.cgroup),
		folder: existsSync(place.folder),
	};
}

const nothing = { processes: [], mounts: [], links: [], namespaces: [], rules: [], cgroups: [], folder: false };

/** The machine as somebody else sees it: a file of rules, and whether packets are forwarded. */
async function machine(): Promise<object> {
	return { rules: (await attempt('iptables-save', [])).stdout.replaceAll(/^#.*$|\[\d+:\d+\]/gm, ''), forward: readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8') };
}

test('a rig that was used in every way leaves nothing behind', async () => {
	const before = await machine();
	const rig = await startRig();
	onTestFinished(() => sweep(rig.place));
	const [node] = await rig.nodes(1);
	const { address } = await rig.registry({ login: { user: 'drover', password: 'geheim' } });
	await rig.docker('network', 'create', 'pasture');
	await rig.server({ name: 'rancher', tag: 'v1.6.14', options: ['-p', '127.0.0.1::8080'] });
	await node?.server({ name: 'rancher', tag: 'v1.6.14', options: ['-p', '8080:8080'] });
	const during = await leftAt(rig.place);

	await rig.close();

	expect(during).toEqual(expect.objectContaining({ folder: true, namespaces: [expect.any(String)], links: expect.arrayContaining([rig.place.bridge, rig.place.nodeBridge]) }));
	expect(await leftAt(rig.place)).toEqual(nothing);
	expect(await machine()).toEqual(before);
	await expect(fetch(`http://${address}/v2/`)).rejects.toThrow();
});

test('what a crashed run has left is gone when the next one starts', async () => {
	const crashed = await crash();
	const sockets = socketsOf(crashed);
	expect(processesAt(crashed)).not.toEqual([]);
	expect(sockets).toEqual([expect.stringContaining('/run/')]);

	const rig = await startRig();
	onTestFinished(() => rig.close());

	expect(rig.place.number).toBe(crashed.number);
	await expect(rig.docker('ps', '--all', '--quiet')).resolves.toBe('');
	await rig.close();
	expect(await leftAt(crashed)).toEqual(nothing);
	expect(sockets.filter((path) => existsSync(path))).toEqual([]);
});

/** Runs a rig with a server in another process, kills that process, and returns the place. */
async function crash(): Promise<Place> {
	const program = `
		const { startRig } = await import(${JSON.stringify(join(import.meta.dirname, 'rig.ts'))});
		const rig = await startRig();
		await rig.server({ name: 'rancher', tag: 'v1.6.14', options: ['-p', '127.0.0.1::8080'] });
		await rig.nodes(1);
		console.log(JSON.stringify(rig.place));
		setInterval(() => undefined, 1e6);`;
	const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
	const { promise, resolve, reject } = Promise.withResolvers<Place>();
	createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
	child.on('error', reject);
	const ended = new Promise((done) => child.once('exit', done));
	const place = await promise;
	child.kill('SIGKILL');
	await ended;
	return place;
}

test('two rigs stand beside each other', async () => {
	const [one, other] = await Promise.all([startRig(), startRig()]);
	onTestFinished(async () => {
		await one.close();
		await other.close();
	});

	await one.docker('create', '--name', 'only-here', 'rancher/agent:v1.2.11');

	expect(one.place.number).not.toBe(other.place.number);
	await expect(other.docker('ps', '--all', '--format', '{{.Names}}')).resolves.toBe('');
	await one.close();
	await expect(other.docker('version', '--format', '{{.Server.Version}}')).resolves.toMatch(/^\d+\./);
});
