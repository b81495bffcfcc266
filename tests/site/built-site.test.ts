import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeContent } from '../../bench/page/content.ts';
import { buildSite } from '../../server/site/build-site.ts';
import { languageTag, locales } from '../../src/i18n/locale.ts';
import { pagePolicy } from '../../src/policy.ts';

const root = join(import.meta.dirname, '../..');
const content = join(root, 'tests/e2e/content');
let folder = '';
let site = '';
const pages = new Map<string, string>();

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'drover-site-'));
	site = join(folder, 'site');
	await buildSite({ root, content, out: site });
	for (const path of globSync('**/*.html', { cwd: site })) pages.set(path, readFileSync(join(site, path), 'utf8'));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const attributes = (html: string, name: string) => [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '');
const idsOf = (path: string) => new Set(attributes(pages.get(path) ?? '', 'id'));

/** Links of a page within the site, as file and anchor. */
function linksOf(path: string): { target: string; anchor: string }[] {
	const html = pages.get(path) ?? '';
	return [...attributes(html, 'href'), ...attributes(html, 'src')]
		.filter((link) => !/^[a-z]+:/.test(link))
		.map((link) => {
			const [place = '', anchor = ''] = link.split('#');
			const file = place === '' ? path : normalize(join(dirname(path), place));
			return { target: file.endsWith('/') || !/\.[a-z0-9]+$/.test(file.replace(/rancher-[\d.]+$/, '')) ? join(file, 'index.html') : file, anchor: decodeURIComponent(anchor) };
		});
}

describe('the built site', () => {
	test('has every page in both languages, in its language', () => {
		const of = (locale: string) => [...pages.keys()].filter((path) => path.startsWith(`${locale}/`)).map((path) => path.slice(3)).sort();

		expect(of('zh')).toEqual(of('en'));
		expect(of('en')).toContain('field/walk/index.html');
		for (const locale of locales) expect(pages.get(`${locale}/index.html`)).toContain(`lang="${languageTag(locale)}"`);
	});

	test('carries its content policy in every page, so that any host is as safe', () => {
		const without = [...pages].filter(([, html]) => !html.replaceAll('&#39;', "'").includes(`<meta http-equiv="Content-Security-Policy" content="${pagePolicy}"`)).map(([path]) => path);

		expect(without).toEqual([]);
	});

	test('has no link and no anchor that leads nowhere', () => {
		const broken = [...pages.keys()]
			.filter((path) => path !== '404.html')
			.flatMap((path) =>
				linksOf(path)
					.filter(({ target, anchor }) => !existsSync(join(site, target)) || (anchor !== '' && target.endsWith('.html') && !idsOf(target).has(anchor)))
					.map(({ target, anchor }) => `${path} → ${target}#${anchor}`),
			);

		expect(broken).toEqual([]);
	});

	test('names its own files from the page itself, so that it can stand below any address', () => {
		const absolute = [...pages].filter(([path]) => path !== '404.html').flatMap(([path, html]) => [...attributes(html, 'href'), ...attributes(html, 'src')].filter((link) => link.startsWith('/')).map((link) => `${path}: ${link}`));

		expect(absolute).toEqual([]);
	});

	test('has no script in a page, no event attribute and nothing from elsewhere', () => {
		for (const [path, html] of pages) {
			const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
			const inline = scripts.filter(([, attributesText = '', text = '']) => text.trim() !== '' && !attributesText.includes('type="application/json"'));
			expect(inline.map(([tag]) => tag.slice(0, 80)), path).toEqual([]);
			expect(html, path).not.toMatch(/\son[a-z]+="/);
			expect(attributes(html, 'src').filter((src) => /^(?:https?:)?\/\//.test(src)), path).toEqual([]);
		}
	});

	test('has each page as Markdown too, with its commands', () => {
		const twins = globSync('**/*.md', { cwd: site });

		expect(twins).toHaveLength([...pages.keys()].filter((path) => /^(?:zh|en)\//.test(path)).length);
		const walk = readFileSync(join(site, 'en/field/walk.md'), 'utf8');
		expect(walk).toContain('mkdir -p FOLDER/pasture');
		expect(walk).toContain('rmdir FOLDER/pasture');
		expect(walk).not.toContain('<Step');
		expect(walk).toContain('There is no way here.');
		// A code span ends with its line: looks of several lines stand in fences.
		for (const twin of twins) expect(readFileSync(join(site, twin), 'utf8').split(/^ *```.*$/m).filter((_, index) => index % 2 === 0).flatMap((text) => text.split('\n')).filter((line) => (line.match(/`/g)?.length ?? 0) % 2 === 1), twin).toEqual([]);
	});

	test('keeps the text of a command as it will be displayed, to the character', () => {
		const html = pages.get('en/field/walk/index.html') ?? '';
		const fence = /id="fence"[\s\S]*?<code class="command-text"[^>]*>([\s\S]*?)<\/code>/.exec(html)?.[1] ?? '';

		expect(fence.replace(/<[^>]+>/g, '')).toBe('mkdir -p FOLDER/pasture');
	});

	test('leaves Chinese emphasis and double dashes as they were written', () => {
		expect(pages.get('zh/field/walk/index.html')).toContain('<strong>注意：</strong>');
		expect(pages.get('en/guide/grass/index.html')).toContain('--restart');
	});

	test.each(locales)('has a runbook\'s page that reads and fills with little script, and no schema (%s)', (locale) => {
		const scripts = new Set<string>();
		const follow = (path: string) => {
			if (scripts.has(path)) return;
			scripts.add(path);
			for (const [, name = ''] of readFileSync(join(site, path), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+)["'`]/g)) follow(join(dirname(path), name));
		};
		const path = `${locale}/field/walk/index.html`;
		for (const src of attributes(pages.get(path) ?? '', 'src').filter((one) => one.endsWith('.js'))) follow(normalize(join(dirname(path), src)));
		for (const words of globSync(`_astro/${locale}.*.js`, { cwd: site })) follow(words);

		const texts = [...scripts].map((script) => readFileSync(join(site, script)));

		expect(scripts.size).toBeGreaterThan(5);
		expect(texts.some((text) => text.includes('strictObject') || text.includes('_zod'))).toBe(false);
		// The commands at a glance, steps that fold, and the sentences of phase runs, which the report shares, took 2,000 of these; values that steps give, other machines and content folders took 3,500.
		expect(texts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(57_000);
	});

	test('leaves the present site alone when a build fails', async () => {
		const before = readFileSync(join(site, 'index.html'), 'utf8');

		await expect(buildSite({ root, content: join(folder, 'nothing'), out: site })).rejects.toMatchObject({ problems: [{ name: 'content.missing' }] });

		expect(readFileSync(join(site, 'index.html'), 'utf8')).toBe(before);
	});
});

test('a page does not grow with the number of runbooks', async () => {
	const [many, out] = [join(folder, 'many'), join(folder, 'many-site')];
	writeContent(many, { runbooks: 60, parameters: 1, steps: 1 });

	await buildSite({ root, content: many, out });

	const html = readFileSync(join(out, 'en/made/runbook-30/index.html'), 'utf8');
	const others = new Set([...html.matchAll(/runbook-\d+/g)].map(([name]) => name).filter((name) => name !== 'runbook-30'));
	// Those around it in the navigation, and no more.
	expect(others.size).toBe(39);
});

test('the index of the search lists its languages in one order: the same sources give the same bytes', () => {
	const { languages } = JSON.parse(readFileSync(join(site, 'pagefind/pagefind-entry.json'), 'utf8')) as { languages: Record<string, unknown> };

	expect(Object.keys(languages)).toEqual(Object.keys(languages).toSorted());
	expect(Object.keys(languages).length).toBe(locales.length);
});
