/** The search index of a built site: one for each language, of the pages that are marked for it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as pagefind from 'pagefind';

/**
 * Makes the index of a site's pages and puts it into its folder `pagefind`. The files are written here: `writeFiles` of Pagefind 1.5.2 says that it is done before they are,
 * and on a busy machine its end leaves some of them empty. Source: Pagefind/pagefind, `pagefind/src/output/mod.rs`, `write` (later with a `flush`). @throws Error with what Pagefind says
 */
export async function writeSearchIndex(site: string, maker: Pick<typeof pagefind, 'createIndex' | 'close'> = pagefind): Promise<void> {
	const { index, errors } = await maker.createIndex();
	if (!index) throw new Error(`Cannot make the search index: ${errors.join(' ')}`);
	const added = await index.addDirectory({ path: site });
	const made = await index.getFiles();
	await maker.close();
	const problems = [...added.errors, ...made.errors];
	if (problems.length > 0) throw new Error(`Cannot make the search index of ${site}: ${problems.join(' ')}`);
	for (const { path, content } of made.files) {
		const file = join(site, 'pagefind', path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, path === 'pagefind-entry.json' ? sortLanguages(content) : content);
	}
}

/** The indexer names its languages in an order of chance: the same pages make the same index. */
function sortLanguages(entry: Uint8Array): string {
	const { languages, ...rest } = JSON.parse(Buffer.from(entry).toString()) as { readonly languages: Record<string, unknown> };
	return JSON.stringify({ ...rest, languages: Object.fromEntries(Object.entries(languages).sort(([a], [b]) => (a < b ? -1 : 1))) });
}
