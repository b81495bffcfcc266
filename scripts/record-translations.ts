/**
 * Records that pages and their translations in the other language were read side by side: `node scripts/record-translations.ts [page…]`, a page as
 * `guide/tags`; without one, every page that has changed. From then on a page says so when its translation has changed and it has not.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownLayout } from '../src/content/content-config.ts';
import { readConfig } from '../src/content/read-content.ts';
import { hashText, type Translations } from '../src/site/translations.ts';

const root = join(import.meta.dirname, '..');
const config = readConfig(root) ?? ownLayout;
const file = join(root, config.places.translations);
const known: Translations = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Translations) : {};
const all = globSync('zh/{guide,runbooks}/**/*.mdx', { cwd: root }).map((path) => path.replaceAll('\\', '/').replace(/^zh\//, '').replace(/\.mdx$/, ''));
const wanted = process.argv.slice(2);
const pages = (wanted.length > 0 ? wanted : all).sort();

const record: Record<string, Readonly<Record<string, string>>> = { ...known };
for (const page of pages) {
	const hashes = Object.fromEntries(['zh', 'en'].map((locale) => [locale, hashText(readFileSync(join(root, locale, `${page}.mdx`), 'utf8'))]));
	record[page] = hashes;
}
const sorted = Object.fromEntries(Object.entries(record).filter(([page]) => all.includes(page)).sort(([one], [other]) => (one < other ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(sorted, undefined, '\t')}\n`);
console.log(`Recorded ${pages.length} pages in ${config.places.translations}.`);
