import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../../src/content/read-content.ts';
import { compareWithForm } from '../../../src/families/rancher/detect/compare-with-form.ts';
import { containerDocument } from './engine.ts';
import { findServer } from './round-trip.ts';

const runbooks = readContent(join(import.meta.dirname, '../../..')).families.flatMap((family) => family.runbooks);

const found = findServer([
	containerDocument(
		['--name', 'rancher', '--restart=always', '-p', '8080:8080', '-e', 'VAULT_TOKEN=corral9gate', '-e', 'TZ=UTC', '--memory=4g', 'rancher/server:v1.6.14', '--db-host', 'db', '--db-pass', 'corral9gate'],
		{ version: 'v1.6.14' },
	),
]);

/** The form as detection fills it, with what it asks besides. */
const form = { ca_cert: '', java_opts: '', proxy: '', no_proxy: 'localhost', registry: '', db_port: '3306', db_user: 'cattle', db_name: 'cattle', db_strict: 'false', backup_file: 'b.sql', ...found.values };

test('a form that was filled from a server is like it', () => {
	expect(compareWithForm(found, form)).toEqual([]);
});

test.each(runbooks.map((one) => [one.id, one] as const))('the form of %s with all its defaults is like the plain server that filled it', (_, { parameters }) => {
	const plain = findServer([containerDocument(['--name', 'rancher', '--restart=always', '-p', '8080:8080', 'rancher/server:v1.6.14'], { version: 'v1.6.14' })]);
	const defaults = Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, ('default' in parameter && parameter.default) || '']));

	expect(compareWithForm(plain, { ...defaults, ...plain.values })).toEqual([]);
});

test('what was changed since is told, one line each', () => {
	expect(compareWithForm(found, { ...form, publish: '9090', old_tag: 'v1.6.10', ca_cert: '/c', env: ['TZ=CET', 'VAULT_TOKEN=corral9gate'], docker_options: [] })).toEqual([
		{ parameter: 'old_tag', found: 'v1.6.14', form: 'v1.6.10' },
		{ parameter: 'publish', found: '8080', form: '9090' },
		{ parameter: 'ca_cert', found: '', form: '/c' },
		{ parameter: 'env', found: 'TZ=UTC', form: '' },
		{ parameter: 'env', found: '', form: 'TZ=CET' },
		{ parameter: 'docker_options', found: '--memory=4g', form: '' },
	]);
});

test('a secret that differs is told without either', () => {
	const told = compareWithForm(found, { ...form, db_password: 'another8secret', env: ['TZ=UTC', 'VAULT_TOKEN=another8secret', 'API_TOKEN=third7secret'] });

	expect(told).toEqual([
		{ parameter: 'env', found: 'VAULT_TOKEN=••••••••', form: '' },
		{ parameter: 'env', found: '', form: 'VAULT_TOKEN=••••••••' },
		{ parameter: 'env', found: '', form: 'API_TOKEN=••••••••' },
		{ parameter: 'db_password', found: '••••••••', form: '••••••••' },
	]);
	expect(JSON.stringify(told)).not.toMatch(/secret|corral/);
});

test('what the runbook does not ask for is not compared', () => {
	expect(compareWithForm(found, { container: 'other', new_tag: 'v1.6.30' })).toEqual([]);
});
