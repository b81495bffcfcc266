import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { containerDocument, imageDocument } from './engine.ts';
import { parseRun } from './docker-run.ts';
import { databaseOf, databaseVariables, expectedOptions, findServer, renderFound } from './round-trip.ts';

const folder = join(import.meta.dirname, 'fixtures');
const fixtures = readdirSync(folder).map((file) => {
	const { args, version, documents } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	return { name: file.replace('.json', ''), args: args as string[], version: version as string, documents: documents as Record<string, unknown>[] };
});

/** What the command cannot carry, by fixture: each is told by a warning of this name. */
const told: Readonly<Record<string, { lost: readonly string[]; gained?: readonly string[]; warning: string }>> = {
	'auto-remove': { lost: [], warning: 'auto-remove' },
	// A space that looks like another one.
	repeated: { lost: ['--env=MOTD=it\'s "fine" & $PATH\u3000*'], warning: 'variable-refused' },
	mounts: { lost: ['--volume=/anonymous'], gained: ['--volume=VOLUME:/anonymous'], warning: 'restart-none' },
};

const withoutVolumeIds = (options: readonly string[]) => options.map((option) => option.replace(/[0-9a-f]{64}/, 'VOLUME'));

describe('a server that a real engine made', () => {
	test.each(fixtures)('$name: the new command has every option of the old one', ({ name, args, documents }) => {
		const found = findServer(documents);
		const rendered = renderFound(found);
		const { lost = [], gained = [] } = told[name] ?? { lost: [] };

		const expected = expectedOptions(args).filter((option) => !lost.includes(option) && !databaseVariables.test(option));
		expect(withoutVolumeIds(rendered.options).filter((option) => !/^--env=CATTLE_BOOTSTRAP/.test(option) && !databaseVariables.test(option))).toEqual([...expected, ...gained].toSorted());
		expect(databaseOf(rendered)).toEqual(databaseOf(parseRun(args)));
		if (told[name]) expect(found.warnings.map((warning) => warning.name)).toContain(told[name].warning);
	});

	test.each(fixtures)('$name is what the generator of documents makes of the same words', ({ args, version, documents }) => {
		const [container, image] = documents;
		const made = JSON.parse(JSON.stringify(containerDocument(['--name', 'rancher', ...args], { version })));
		const reference = parseRun(args).image;

		const recorded = { HostConfig: pick(container?.['HostConfig'], made.HostConfig), Config: pick(container?.['Config'], made.Config) };
		expect(sortLists(recorded)).toEqual(sortLists({ HostConfig: made.HostConfig, Config: { ...made.Config, Hostname: pick(container?.['Config'], { Hostname: '' })['Hostname'] } }));
		expect(sortLists(pick(image?.['Config'], imageDocument(reference, version).Config))).toEqual(sortLists(JSON.parse(JSON.stringify(imageDocument(reference, version).Config))));
	});
});

/** The fields of one object that another has. */
function pick(object: unknown, like: object): Record<string, unknown> {
	const entries = Object.entries((object ?? {}) as object).filter(([name]) => name in like);
	return Object.fromEntries(entries);
}

/** The engine keeps no order in some lists, and its default paths are long. */
function sortLists(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortLists).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, /^(?:Masked|Readonly)Paths$/.test(name) && Array.isArray(one) && one.length > 0 ? 'some' : sortLists(one)]));
}
