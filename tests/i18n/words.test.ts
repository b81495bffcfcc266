import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slotsIn } from '../../src/i18n/fill.ts';
import { locales } from '../../src/i18n/locale.ts';
import { dependencyNotes, outcomeNotes, problemNotes, observationNotes } from '../../src/i18n/notes/catalogues.ts';
import { cliNotes } from '../../src/i18n/notes/cli.ts';
import { pageNotes } from '../../src/i18n/notes/page.ts';
import { phaseNotes } from '../../src/i18n/notes/phase.ts';
import { reportNotes } from '../../src/i18n/notes/report.ts';
import { typeNotes } from '../../src/i18n/notes/types.ts';
import { uiNotes } from '../../src/i18n/notes/ui.ts';
import { familyCatalogues } from '../../src/families/families.ts';
import { dependencyEffects } from '../../src/runbook/command/dependencies.ts';
import { observations } from '../../src/runbook/check/observation.ts';
import { problems } from '../../src/runbook/problem.ts';
import { runOutcomes } from '../../src/runbook/run/run-outcome.ts';

const root = join(import.meta.dirname, '../..');
const read = (locale: string, file: string) => JSON.parse(readFileSync(join(root, locale, `${file}.json`), 'utf8')) as Record<string, string>;

/** Every file of words with its keys and, where a catalogue knows them, the slots of each. */
const files: Record<string, { notes: Readonly<Record<string, string>>; slots?: Readonly<Record<string, readonly string[]>> }> = {
	ui: { notes: uiNotes },
	page: { notes: pageNotes },
	phase: { notes: phaseNotes },
	cli: { notes: cliNotes },
	report: { notes: reportNotes },
	types: { notes: typeNotes },
	problems: { notes: problemNotes, slots: prefixed('problem', problems) },
	observations: { notes: observationNotes, slots: prefixed('saw', observations) },
	depends: { notes: dependencyNotes, slots: prefixed('depends', Object.fromEntries(dependencyEffects.map((effect) => [effect, ['names', 'programs']]))) },
	outcomes: { notes: outcomeNotes, slots: prefixed('run', runOutcomes) },
	// Those of a family have files of their own: pages of others do not load them.
	...Object.fromEntries(Object.entries(familyCatalogues).map(([file, { prefix, names, note }]) => [file, { notes: Object.fromEntries(Object.keys(names).map((name) => [`${prefix}.${name}`, note(name)])), slots: prefixed(prefix, names) }])),
};

/** Keys whose sentence needs no slot in one language that it needs in the other. */
const leftOut: Readonly<Record<string, readonly string[]>> = {};

function prefixed(prefix: string, catalogue: Readonly<Record<string, readonly string[]>>) {
	return Object.fromEntries(Object.entries(catalogue).map(([name, slots]) => [`${prefix}.${name}`, slots]));
}

for (const [file, { notes, slots }] of Object.entries(files)) {
	describe(`words of ${file}.json`, () => {
		test.each(locales)('%s has exactly the keys that have a note', (locale) => {
			expect(Object.keys(read(locale, file)).sort()).toEqual(Object.keys(notes).sort());
		});

		test('every key says where it appears', () => {
			const without = Object.entries(notes).filter(([, note]) => note.trim() === '').map(([key]) => key);

			expect(without).toEqual([]);
		});

		test('both languages fill the same slots', () => {
			const [zh, en] = [read('zh', file), read('en', file)];
			const different = Object.keys(notes).filter((key) => slotsIn(zh[key] ?? '').sort().join() !== slotsIn(en[key] ?? '').sort().join());

			expect(different).toEqual(leftOut[file] ?? []);
		});

		if (slots) test.each(locales)('%s uses no slot that its sentence is not given', (locale) => {
			const words = read(locale, file);
			const unknown = Object.entries(words).flatMap(([key, sentence]) => slotsIn(sentence).filter((slot) => !slots[key]?.includes(slot)).map((slot) => `${key}: {${slot}}`));

			expect(unknown).toEqual([]);
		});

		test('Chinese sentences use full-width punctuation, and a space between Chinese and Latin letters', () => {
			const wrong = Object.entries(read('zh', file)).filter(([, sentence]) => {
				const text = sentence.replace(/\{[a-zA-Z0-9_]+\}/g, '');
				return /[一-鿿][,;:?!]|[,;:?!][一-鿿]|[一-鿿][A-Za-z]{2,}|[A-Za-z]{2,}[一-鿿]/u.test(text);
			});

			expect(wrong).toEqual([]);
		});
	});
}

describe('words that somebody says', () => {
	const sources = globSync(['{src,server,cli,public}/**/*.{ts,astro,js}', 'bin/*'], { cwd: root }).filter((path) => !path.startsWith('src/i18n/notes/'));
	const code = sources.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
	/** What stands before a name that is put in, as `state.` in `state.${kind}`. */
	const beginnings = new Set([...code.matchAll(/`([a-z][a-z-]*\.[a-z.-]*)\$\{/g)].map(([, beginning = '']) => beginning));

	test.each(['ui', 'page', 'cli', 'report'] as const)('every key of %s.json stands in the program', (file) => {
		const unsaid = Object.keys(files[file]?.notes ?? {}).filter((key) => !code.includes(`'${key}'`) && ![...beginnings].some((one) => key.startsWith(one)));

		expect(unsaid).toEqual([]);
	});
});
