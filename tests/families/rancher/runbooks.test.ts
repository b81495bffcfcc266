import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rancherRules } from '../../../src/families/rancher/rules.ts';
import { loadFamily } from '../../../src/runbook/definition/load.ts';
import { renderStep, type Rendered } from '../../../src/runbook/command/render.ts';
import { resolve } from '../../../src/runbook/values/resolve.ts';
import { parseRun } from './docker-run.ts';
import { databaseOf, findServer, renderFound } from './round-trip.ts';

const content = join(import.meta.dirname, '../../../src/content/runbooks/rancher-1.6');
const files = readdirSync(content).map((name) => ({ path: `rancher-1.6/${name}`, text: readFileSync(join(content, name), 'utf8') }));
const isFamily = ({ path }: { path: string }) => path.endsWith('/family.yaml');
const runbooks = loadFamily(files.find(isFamily) ?? { path: '', text: '' }, files.filter((file) => !isFamily(file))).family?.runbooks ?? [];

const folder = join(import.meta.dirname, 'fixtures');
const fixtures = readdirSync(folder).map((file) => ({ name: file.replace('.json', ''), documents: JSON.parse(readFileSync(join(folder, file), 'utf8')).documents as object[] }));

test.each(fixtures)('$name: its runbook takes every value that was found, and starts the new server with them', ({ documents }) => {
	const found = findServer(documents);
	const runbook = runbooks.find(({ id }) => id === found.runbook);
	if (!runbook) throw new RangeError(`no runbook ${found.runbook ?? ''}`);
	const node = { name: 'here', ssh: '', address: '10.0.0.1' };

	const resolved = resolve(runbook, rancherRules, found.values);
	const rendered = runbook.steps.map((step) => renderStep(step, 'run', resolved, step.each ? { node } : {})).filter((one): one is Rendered => one?.argv[0] === 'docker' && one.argv[1] === 'run' && one.argv[2] === '-d');

	expect(resolved.refused).toEqual([]);
	expect(rendered.length).toBeGreaterThan(0);
	const expected = renderFound(found);
	for (const { argv, env, problems } of rendered) {
		const { options, words, image } = parseRun(argv.slice(2), env);
		expect(problems).toEqual([]);
		const isDatabase = (option: string) => option.startsWith('--env=CATTLE_DB_CATTLE_');
		// The one option that the old server did not have: without internet the new catalog needs a volume where the old one's would be mounted. The form shows it.
		const added = options.filter((option) => option.startsWith('--volume=rancher-cattle-'));
		expect(added.length).toBe(found.runbook === 'rancher-1.6/single-container' && found.values['registry'] !== undefined && found.values['data_volume'] === undefined ? 1 : 0);
		expect({ image, options: options.filter((option) => !isDatabase(option) && !added.includes(option)) }).toEqual({ image: expected.image, options: expected.options.filter((option) => !isDatabase(option)) });
		expect(databaseOf({ options, words, image })).toEqual(databaseOf(expected));
	}
});
