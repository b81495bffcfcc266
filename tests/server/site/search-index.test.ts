import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as pagefind from 'pagefind';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSearchIndex } from '../../../server/site/search-index.ts';

let site = '';
beforeEach(() => {
	site = mkdtempSync(join(tmpdir(), 'drover-index-'));
	for (const locale of ['zh', 'en']) {
		mkdirSync(join(site, locale));
		writeFileSync(join(site, locale, 'index.html'), `<!doctype html><html lang="${locale}"><title>A pasture</title><body><main data-pagefind-body><h1>A pasture</h1><p>Grass of ${locale}</p></main></body></html>`);
	}
});
afterEach(() => rmSync(site, { recursive: true }));

/** The size of each file of the index, by path. */
function written(): Record<string, number> {
	const folder = join(site, 'pagefind');
	const files = globSync('**/*', { cwd: folder }).map((path) => ({ path, stat: statSync(join(folder, path)) }));
	return Object.fromEntries(files.filter(({ stat }) => stat.isFile()).map(({ path, stat }) => [path, stat.size]));
}

test('each language has an index, and no file of it is empty', async () => {
	await writeSearchIndex(site);

	const entry = JSON.parse(readFileSync(join(site, 'pagefind/pagefind-entry.json'), 'utf8')) as { languages: object };
	expect(Object.keys(entry.languages).sort()).toEqual(['en', 'zh']);
	expect(Object.entries(written()).filter(([, size]) => size === 0)).toEqual([]);
	expect(Object.keys(written())).toEqual(expect.arrayContaining(['pagefind.js', 'wasm.en.pagefind', 'wasm.unknown.pagefind']));
});

test('a maker that ends before its files are written, as Pagefind does on a busy machine, leaves none of them empty', async () => {
	const hasty: Pick<typeof pagefind, 'createIndex' | 'close'> = {
		close: () => pagefind.close(),
		createIndex: async () => {
			const made = await pagefind.createIndex();
			if (!made.index) throw new Error(made.errors.join(' '));
			const { index } = made;
			const writeFiles: typeof index.writeFiles = async ({ outputPath = '' } = { outputPath: '' }) => {
				for (const { path } of (await index.getFiles()).files) {
					mkdirSync(dirname(join(outputPath, path)), { recursive: true });
					writeFileSync(join(outputPath, path), '');
				}
				return { errors: [], outputPath };
			};
			return { errors: [], index: { ...index, writeFiles } };
		},
	};

	await writeSearchIndex(site, hasty);

	expect(Object.entries(written()).filter(([, size]) => size === 0)).toEqual([]);
	expect(Object.keys(written())).toContain('pagefind-entry.json');
});

test('what Pagefind cannot do is an error with its words', async () => {
	await expect(writeSearchIndex(site, { createIndex: () => Promise.resolve({ errors: ['no room'] } as never), close: () => Promise.resolve(null) })).rejects.toThrow('Cannot make the search index: no room');
});
