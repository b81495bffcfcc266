/** Between two versions of one schema the old server goes on with the database as it is: nothing is copied for the way back, and nothing of the work is lost on it. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { strings } from '../../src/i18n/strings.ts';
import { factsOf } from '../../src/site/runbook-facts.ts';
import { planSteps } from '../../src/runbook/session/plan.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import type { Values } from '../../src/runbook/values/value.ts';

const root = join(import.meta.dirname, '../..');
const runbooks = readContent(root).families.flatMap((family) => family.runbooks);
const nodes = [{ name: 'one', ssh: '', address: '10.0.0.1' }, { name: 'two', ssh: 'root@two', address: '10.0.0.2' }];
const outside = { db_host: 'db.example' };
const more: Readonly<Record<string, Values>> = { 'single-container': {}, 'bind-mount': { data_dir: '/srv/rancher' }, 'external-database': outside, 'high-availability': { ...outside, nodes } };

/** What a reader sees before the change, for two versions. */
function seen(name: string, versions: Values) {
	const runbook = runbooks.find(({ id }) => id === `rancher-1.6/${name}`);
	if (!runbook) throw new RangeError(`There is no runbook "${name}".`);
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', ...more[name], ...versions });
	const planned = planSteps(runbook, resolved, undefined);
	const start = planned.find(({ step }) => step.id === 'start');
	const undo = start && renderStep(start.step, 'undo', resolved, start.node ? { node: start.node } : {});
	const { outage = '', gate } = factsOf(planned, strings('en'));
	return {
		gate: start?.pointOfNoReturn,
		copied: planned.filter(({ step, applies }) => (step.id === 'cold-copy' || step.id === 'last-dump') && applies).length,
		dumped: planned.some(({ step, applies }) => step.id === 'back-up' && applies),
		// The script's own lines, behind the functions that it uses.
		restores: /unpack_files|load_outer_dump/.test(undo?.argv.at(-1)?.split('\n}\n').at(-1) ?? ''),
		fact: gate?.step ?? 'none',
		seconds: start?.usuallySeconds,
		outage,
	};
}

test('with several nodes the outage ends when the first of them is up: it is as long as with one', () => {
	for (const old_tag of ['v1.6.14', 'v1.6.15']) expect(seen('high-availability', { old_tag }).outage).toBe(seen('external-database', { old_tag }).outage);
});

describe.each(Object.keys(more))('%s', (name) => {
	const careful = { gate: true, copied: 1, dumped: true, restores: true, fact: 'start', seconds: 600 };

	test('returns without the backup between v1.6.15 and v1.6.30', () => {
		expect(seen(name, { old_tag: 'v1.6.15', new_tag: 'v1.6.30' })).toMatchObject({ gate: false, copied: 0, dumped: true, restores: false, fact: 'none', seconds: 120 });
	});

	test.each<readonly [string, Values]>([
		['the schema moves', { old_tag: 'v1.6.14', new_tag: 'v1.6.30' }],
		['the new version moves', { old_tag: 'v1.6.19', new_tag: 'latest' }],
		['the old version is not known', { new_tag: 'v1.6.30' }],
		['the old version is no version', { old_tag: '1.6 .19', new_tag: 'v1.6.30' }],
		['no version is known', { new_tag: '' }],
	])('keeps to the backup where %s', (_, versions) => {
		expect(seen(name, versions)).toMatchObject(careful);
	});

	test('has an outage that grows with the database where that is copied, and not between equal schemas', () => {
		expect(seen(name, { old_tag: 'v1.6.14' }).outage).toMatch(/with up to 1 GiB of data, about (?:30 s|1 min) more for each further GiB$/);
		// The move into a folder copies it whatever the schema.
		expect(seen(name, { old_tag: 'v1.6.15' }).outage.includes('GiB')).toBe(name === 'bind-mount');
	});

	test('has a shorter outage', () => {
		const minutes = (old_tag: string) => Number(/\d+/.exec(seen(name, { old_tag }).outage)?.[0]);

		expect(minutes('v1.6.15')).toBeLessThanOrEqual(minutes('v1.6.14') - 8);
	});
});
