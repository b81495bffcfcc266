import { copyFileSync, existsSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { attempt } from '../command.ts';
import { apiKeys, type ApiKey } from '../fill.ts';
import type { Node } from '../rig.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { lines, useScene } from './scene.ts';

const scene = useScene('air-gap.test.ts');
const archive = 'rancher-images.tar';
/** A release whose templates are not known, only server, agent and load balancer: a smaller walk. */
const small = 'v1.6.28';

/** A machine with another engine, which reaches what stands for Docker Hub; the rig's own is the one inside. */
let outside: Node;
beforeAll(async () => {
	const [node] = await scene.rig.nodes(1);
	if (!node) throw new Error('There is no node.');
	outside = node;
});

/** Sits down at the machine outside. */
async function outsideOf<T>(work: () => Promise<T>): Promise<T> {
	Object.assign(process.env, outside.env);
	try {
		return await work();
	} finally {
		Object.assign(process.env, scene.rig.env);
	}
}

const imagesOf = async ({ docker }: Pick<Node, 'docker'>) => lines(await docker('image', 'ls', '--format', '{{.Repository}}:{{.Tag}}')).sort();

async function withoutImages({ docker }: Pick<Node, 'docker'>): Promise<void> {
	const ids = lines(await docker('image', 'ls', '--quiet', '--no-trunc'));
	if (ids.length > 0) await docker('image', 'rm', '--force', ...new Set(ids));
}

describe('images on their way inside', () => {
	test('are fetched outside, packed, carried, unpacked on another engine, and pushed to a registry with a login, every one of them', async () => {
		const registry = await scene.rig.registry({ login: { user: 'drover', password: 'geheim $1' } });
		const values: Values = { registry: registry.address };
		await withoutImages(scene.rig);
		const [there, here] = [scene.rig.folder(), scene.rig.folder()];
		const without = scene.walk('air-gap', values, { folder: there });

		await outsideOf(() => without.through('save-images'));

		expect(await outsideOf(() => without.hints('save-images'))).toEqual([]);
		const packed = await imagesOf(outside);
		expect(packed).toEqual(expect.arrayContaining(['rancher/server:v1.6.30', 'rancher/agent:v1.2.11', 'rancher/lb-service-haproxy:v0.9.14', 'rancher/dns:v0.17.4', 'rancher/net:holder', 'rancher/net:v0.13.17', 'rancher/scheduler:v0.8.6']));
		copyFileSync(join(there, archive), join(here, archive));

		const within = scene.walk('air-gap', values, { folder: here });
		await within.through('load-images');
		expect(await imagesOf(scene.rig)).toEqual(packed);
		expect([within.outcomes.get('pull-images'), within.outcomes.get('save-images'), within.outcomes.get('load-images')]).toEqual(['found', 'found', 'verified']);

		expect((await within.run('push-images')).code).not.toBe(0);
		expect(await within.hints('push-images')).toEqual(['not-pushed']);
		expect((await within.look('push-images')).passed).toBe(false);

		expect((await attempt('docker', ['login', '--username', 'drover', '--password-stdin', registry.address], { env: scene.rig.env, input: 'geheim $1' })).code).toBe(0);
		await within.through();
		expect(await within.hints('push-images')).toEqual([]);

		// The registry alone gives back what Docker Hub had.
		const names = packed.map((name) => `${registry.address}/${name}`);
		const ids = await Promise.all(packed.map((name) => scene.rig.docker('image', 'inspect', '--format', '{{.Id}}', name)));
		await withoutImages(scene.rig);
		for (const name of names) await scene.rig.docker('pull', '--quiet', name);
		expect(await Promise.all(names.map((name) => scene.rig.docker('image', 'inspect', '--format', '{{.Id}}', name)))).toEqual(ids);
		await scene.rig.docker('logout', registry.address);
	});

	test('go straight from one to the other where one machine reaches both', async () => {
		const registry = await scene.rig.registry();
		await withoutImages(scene.rig);
		const walk = scene.walk('air-gap', { registry: `${registry.address}/mirror`, new_tag: small });

		await walk.through();

		expect(['pull-images', 'save-images', 'load-images', 'push-images'].map((id) => walk.outcomes.get(id))).toEqual(['verified', 'verified', 'found', 'verified']);
		expect(await imagesOf(scene.rig)).toEqual(expect.arrayContaining([`${registry.address}/mirror/rancher/server:${small}`, `${registry.address}/mirror/rancher/agent:v1.2.11`, `${registry.address}/mirror/rancher/lb-service-haproxy:v0.9.11`]));
		const again = scene.walk('air-gap', { registry: `${registry.address}/mirror`, new_tag: small });
		expect(await again.take('pull-images')).toBe('found');
		expect(await again.take('push-images')).toBe('found');
	});

	test('that cannot be fetched, or were cut short, or are not those, are seen before anything is done with them', async () => {
		const registry = await scene.rig.registry();
		await withoutImages(scene.rig);
		const folder = scene.rig.folder();
		const nowhere = scene.walk('air-gap', { registry: registry.address, new_tag: 'v1.6.29' });
		expect((await nowhere.run('pull-images')).code).not.toBe(0);
		expect(await nowhere.hints('pull-images')).toEqual(['not-reached', 'unreachable']);

		const walk = scene.walk('air-gap', { registry: registry.address, new_tag: small }, { folder });
		expect(await walk.hints('load-images')).toEqual(['no-file']);
		await walk.through('save-images');
		const file = join(folder, archive);
		const whole = statSync(file).size;
		copyFileSync(file, `${file}.whole`);
		await withoutImages(scene.rig);

		for (const size of [whole - 10_240, Math.floor(whole / 2), 100, 0]) {
			copyFileSync(`${file}.whole`, file);
			truncateSync(file, size);
			expect((await walk.look('save-images')).passed, `${size}`).toBe(false);
			expect(await walk.hints('save-images'), `${size}`).toEqual(['there-already']);
			expect(await walk.hints('load-images'), `${size}`).toEqual(['cut-short']);
			expect((await walk.lookSkip('pull-images')).passed, `${size}`).toBe(false);
		}
		expect((await walk.run('load-images')).code).not.toBe(0);
		expect((await walk.run('save-images')).code).not.toBe(0);
		expect(statSync(file).size).toBe(0);

		copyFileSync(`${file}.whole`, file);
		const other = scene.walk('air-gap', { registry: registry.address, new_tag: 'v1.6.30' }, { folder });
		expect((await other.look('save-images')).saw).toEqual([{ name: 'wrong-exit-code', slots: { code: 1, wanted: 0, text: `${archive} lacks rancher/server:v1.6.30` } }]);
		expect(await other.hints('load-images')).toEqual(['cut-short']);
		expect(existsSync(`${file}.part`)).toBe(false);
	});
});

describe("Rancher's default registry", () => {
	const keys = ({ accessKey, secretKey }: ApiKey): Values => ({ access_key: accessKey, secret_key: secretKey });
	const setting = () => scene.rig.ask({ container: 'rancher' }, "SELECT value FROM setting WHERE name = 'registry.default';");
	const start = (...options: string[]) => scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options });

	test('is noted, set, seen, and put back to none or to the one before', async () => {
		const { url } = await start();
		const values: Values = { registry: 'registry.example:5000/mirror', api_url: url, ...keys(apiKeys.admin) };
		const first = scene.walk('air-gap', values);
		for (const step of ['note', 'registry-default']) await first.take(step);
		expect(first.outcomes.get('registry-default')).toBe('verified');
		expect(await setting()).toEqual(['registry.example:5000/mirror']);
		expect(await first.hints('registry-default')).toEqual([]);
		await first.back();
		expect(await setting()).toEqual([]);

		await scene.rig.ask({ container: 'rancher' }, "INSERT INTO setting (name, value) VALUES ('registry.default', 'old.example');");
		const second = scene.walk('air-gap', values);
		for (const step of ['note', 'registry-default']) await second.take(step);
		expect(await setting()).toEqual(['registry.example:5000/mirror']);
		await second.back();
		expect(await setting()).toEqual(['old.example']);
		expect((await second.run('note')).code).not.toBe(0);

		const same = scene.walk('air-gap', { ...values, registry: 'old.example' });
		expect(await same.take('registry-default')).toBe('found');
	});

	test('is not changed with keys that are refused or no administrator\'s, nor against a variable', async () => {
		const { url } = await start('-e', 'CATTLE_REGISTRY_DEFAULT=forced.example');
		const walkWith = (key: ApiKey) => scene.walk('air-gap', { registry: 'registry.example', api_url: url, ...keys(key) });
		const admin = walkWith(apiKeys.admin);
		const wrong = walkWith({ ...apiKeys.admin, secretKey: 'wrong-wrong-wrong' });

		await admin.take('note');
		await expect(admin.take('registry-default')).rejects.toThrow(/is not done/);
		expect(await admin.hints('registry-default')).toEqual(['overridden']);
		expect((await wrong.run('note')).code).not.toBe(0);
		expect(await wrong.hints('note')).toEqual(['keys-refused']);
		expect(await admin.hints('note')).toEqual([]);

		await scene.rig.docker('rm', '--force', '--volumes', 'rancher');
		const open = await start();
		const user = scene.walk('air-gap', { registry: 'registry.example', api_url: open.url, ...keys(apiKeys.user) });
		await user.take('note');
		expect((await user.run('registry-default')).code).not.toBe(0);
		expect(await user.hints('registry-default')).toEqual(['not-changed']);
		expect(await setting()).toEqual([]);
	});
});

test('the archive is not begun where there is no room for it', async () => {
	const walk = scene.walk('air-gap', { registry: 'registry.example', images_file: 'no-folder/images.tar' });

	expect((await walk.look('room')).passed).toBe(false);
	expect((await scene.walk('air-gap', { registry: 'registry.example' }).look('room')).passed).toBe(true);
});
