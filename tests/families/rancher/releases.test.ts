import { expect, test } from 'vitest';
import { dockerRangeOf, dockerSupportOf } from '../../../src/families/rancher/docker-support.ts';
import { infrastructureStacks } from '../../../src/families/rancher/infrastructure-stacks.ts';
import { agentImageOf, lastRelease, migratedTables, releaseOf, releases, schemaMoves, schemaOf } from '../../../src/families/rancher/releases.ts';
import { compareTags, isTestBuild } from '../../../src/families/rancher/tags.ts';

test('the releases stand in the order of their versions, each once, to the last one', () => {
	const tags = releases.map(({ tag }) => tag);

	expect(tags.toSorted((a, b) => compareTags(a, b) ?? 0)).toEqual(tags);
	expect(new Set(tags).size).toBe(tags.length);
	expect(tags.at(-1)).toBe(lastRelease);
	expect(tags.some(isTestBuild)).toBe(false);
});

test('every patch of every line is there', () => {
	const last: Record<string, number> = { '1.0': 2, '1.1': 4, '1.2': 4, '1.3': 5, '1.4': 3, '1.5': 10, '1.6': 30 };
	for (const [line, most] of Object.entries(last)) for (let patch = 0; patch <= most; patch += 1) expect(releaseOf(`v${line}.${patch}`), `v${line}.${patch}`).toBeDefined();
});

test('the schema never goes back, and dates stay within a line in order', () => {
	for (const [index, release] of releases.entries()) {
		const before = releases[index - 1];
		if (!before) continue;
		expect(release.schema).toBeGreaterThanOrEqual(before.schema);
		if (before.tag.slice(0, 4) === release.tag.slice(0, 4)) expect(release.date >= before.date).toBe(true);
	}
});

// Release notes and tags of rancher/rancher.
test.each([
	['v1.6.0', 'rancher/agent:v1.2.2', 121],
	['v1.6.10', 'rancher/agent:v1.2.6', 122],
	['v1.6.14', 'rancher/agent:v1.2.9', 123],
	['v1.6.15', 'rancher/agent:v1.2.10', 124],
	['v1.6.19', 'rancher/agent:v1.2.11-rc1', 124],
	['v1.6.30', 'rancher/agent:v1.2.11', 124],
	['v1.5.10', 'rancher/agent:v1.2.2', 121],
	['v1.4.3', 'rancher/agent:v1.2.0', 112],
	['v1.3.5', 'rancher/agent:v1.1.3', 108],
	['v1.2.4', 'rancher/agent:v1.1.2', 107],
	['v1.1.4', 'rancher/agent:v1.0.2', 89],
	['v1.0.2', 'rancher/agent:v1.0.1', 83],
])('%s is paired with %s and schema %d', (tag, agent, schema) => {
	expect([agentImageOf(tag), schemaOf(tag)]).toEqual([agent, schema]);
});

test.each(['latest', 'v1.6.31', 'v9.9.9', 'rancher'])('of %s nothing is claimed', (tag) => {
	expect([releaseOf(tag), agentImageOf(tag), schemaOf(tag), schemaMoves(tag, 'v1.6.30')]).toEqual([undefined, undefined, undefined, 'unknown']);
});

test('a build between two releases of one schema has it, one between two schemas may have either', () => {
	expect([schemaOf('v1.6.20-corp'), schemaOf('v1.6.14-patch1'), schemaMoves('v1.6.14-patch1', 'v1.6.30'), schemaMoves('v1.6.10-corp', 'v1.6.30')]).toEqual([124, undefined, 'unknown', 'yes']);
});

test.each([
	['v1.6.14', 'v1.6.30', ['container_event']],
	['v1.6.15', 'v1.6.30', []],
	['v1.6.0', 'v1.6.14', []],
	['v1.4.3', 'v1.6.30', ['container_event', 'instance']],
	['v1.1.4', 'v1.6.0', ['instance', 'process_instance', 'volume']],
	['v1.0.2', 'v1.6.30', ['audit_log', 'container_event', 'instance', 'process_instance', 'volume']],
	['latest', 'v1.6.30', ['audit_log', 'container_event', 'instance', 'process_instance', 'volume']],
])('from %s to %s the migration touches, of the tables that grow: %j', (old, next, tables) => {
	expect(migratedTables(old, next)).toEqual(tables);
});

test.each([
	['v1.6.14', 'v1.6.30', 'yes'],
	['v1.6.15', 'v1.6.30', 'no'],
	['v1.6.30', 'v1.6.14', 'yes'],
	['v1.5.10', 'v1.6.0', 'no'],
	['v1.0.2', 'v1.6.30', 'yes'],
])('from %s to %s the schema moves: %s', (a, b, moves) => {
	expect(schemaMoves(a, b)).toBe(moves);
});

test.each([
	['v1.6.30', ['1.12.6', '1.13.1', '17.03.2-ce', '18.09.9', '19.03.15', '19.03.2'], ['1.12.2', '1.10.3', '17.04.0-ce', '17.10.0-ce', '19.03.1', '20.10.24+dfsg1', '28.2.2', '11.12.3']],
	['v1.6.28', ['18.09.0'], ['19.03.2']],
	['v1.6.25', ['18.06.3-ce'], ['18.09.0']],
	['v1.6.14', ['17.12.1-ce', '17.09.0-ce'], ['18.03.1-ce']],
	['v1.6.5', ['1.10.3', '17.06.2-ce'], ['1.10.2', '1.11.2', '17.09.0-ce']],
	['v1.6.6', ['17.06.2-ce'], ['1.10.3']],
	['v1.6.2', ['17.03.0-ce'], ['17.06.0-ce']],
	['v1.4.3', ['1.12.3', '1.10.3'], ['1.13.0', '1.11.2']],
	['v1.1.4', ['1.10.3', '1.11.2', '1.12.6'], ['1.9.1', '17.03.2-ce']],
])('hosts of %s may run %j and not %j', (tag, yes, no) => {
	const range = new RegExp(dockerRangeOf(tag) ?? '^$');

	expect(yes.filter((version) => !range.test(version))).toEqual([]);
	expect(no.filter((version) => range.test(version))).toEqual([]);
});

test('the range is written so that grep -E reads it as JavaScript does', () => {
	for (const { tag } of releases) expect(dockerRangeOf(tag)).toMatch(/^\^\((?:[\d.|()[\]\\-]|\d)+\)$/);
	expect([dockerRangeOf('latest'), dockerSupportOf('stable')]).toEqual([undefined, undefined]);
});

test('the stacks are told in the order in which they are upgraded, each with its images', () => {
	expect(infrastructureStacks.map(({ turn }) => turn)).toEqual(infrastructureStacks.map(({ turn }) => turn).toSorted());
	expect(infrastructureStacks.slice(0, 3).map(({ name }) => name)).toEqual(['network-policy-manager', 'network-services', 'ipsec']);
	expect(infrastructureStacks.filter(({ standard }) => standard).map(({ name }) => name)).toEqual(['network-services', 'ipsec', 'healthcheck', 'scheduler']);
	for (const { images } of infrastructureStacks) expect(images.length).toBeGreaterThan(0);
});
