import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { explainCommand } from '../../src/i18n/explain.ts';
import { flagTable } from '../../src/i18n/flags.ts';
import { locales } from '../../src/i18n/locale.ts';
import { slotsIn } from '../../src/i18n/fill.ts';
import { parseSnippet } from '../../src/runbook/definition/snippet.ts';
import { renderCommand, type Part } from '../../src/runbook/command/render.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';

const root = join(import.meta.dirname, '../..');

/** Every command of every runbook: with nothing filled in, and with every optional part there. */
function everyCommand(): { where: string; parts: readonly Part[] }[] {
	return readContent(root).families.flatMap((family) =>
		family.runbooks.flatMap((runbook) =>
			runbook.steps.flatMap((step) =>
				[...step.run, ...step.undo].flatMap((command, index) => {
					const { when: _, ...always } = command;
					const resolved = resolve(runbook, rulesOf(family.id), {});
					const rendered = renderCommand([always], resolved, { step: step.id });
					const whole = always.kind === 'argv' ? [{ where: `${runbook.id} ${step.id} #${index} whole`, parts: partsOfSnippet(always.snippet) }] : [];
					return [...(rendered ? [{ where: `${runbook.id} ${step.id} #${index}`, parts: rendered.parts }] : []), ...whole];
				}),
			),
		),
	);
}

/** A snippet with all of its optional parts, as words. */
function partsOfSnippet(snippet: ReturnType<typeof parseSnippet>): Part[] {
	const words = snippet.items.flatMap((item) => (item.kind === 'word' ? [item] : item.words));
	return words.flatMap((word, index): Part[] => {
		const texts = word.pieces.flatMap(function text(piece): string[] {
			if (piece.kind === 'optional') return piece.pieces.flatMap(text);
			return [piece.kind === 'text' ? piece.text : piece.name.toUpperCase()];
		});
		const joined = texts.join('');
		return [...(index > 0 ? [{ text: ' ', role: 'blank' } as const] : []), { text: joined, role: joined.startsWith('-') ? 'option' : 'word' }];
	});
}

describe('the dictionary of flags', () => {
	test('explains every program and every flag of every command, in both languages', () => {
		const missing = everyCommand().flatMap(({ where, parts }) =>
			explainCommand(parts).flatMap(({ key, text }) => (key !== undefined && locales.some((locale) => flagTable(locale)[key] === undefined) ? [`${key}  (${text}) in ${where}`] : [])),
		);

		expect([...new Set(missing)]).toEqual([]);
	});

	test('has the same keys in both languages, and no slots', () => {
		expect(Object.keys(flagTable('zh')).sort()).toEqual(Object.keys(flagTable('en')).sort());
		expect([...Object.values(flagTable('zh')), ...Object.values(flagTable('en'))].flatMap(slotsIn)).toEqual([]);
	});
});

describe('explaining a command', () => {
	const explain = (snippet: string) => explainCommand(partsOfSnippet(parseSnippet(snippet))).map(({ key, text }) => [key, text]);

	test('joins a flag with the value that follows it', () => {
		expect(explain('docker run -d -p 8080:8080 rancher/server')).toEqual([
			['docker.run', 'docker run'],
			['docker.run.-d', '-d'],
			['docker.run.-p', '-p 8080:8080'],
		]);
	});

	test('knows that flags after the image are the server’s own', () => {
		expect(explain('docker run rancher/server --db-host db --db-strict-enforcing')).toContainEqual(['server.--db-host', '--db-host db']);
	});

	test('knows that words after a container belong to the program inside it', () => {
		expect(explain('docker exec -i rancher mysqldump --single-transaction cattle')).toContainEqual(['mysqldump.--single-transaction', '--single-transaction']);
	});
});
