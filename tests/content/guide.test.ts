/** The pages of the guide: complete in both languages, at the same places, and where the hints of the runbooks lead. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitFrontMatter } from '../../src/content/front-matter.ts';
import { readContent } from '../../src/content/read-content.ts';
import { GuideWords } from '../../src/content/words.ts';
import { guidePageOf } from '../../src/site/guide-page.ts';
import { locales } from '../../src/i18n/locale.ts';
import { isLagging, recordedPages } from '../../src/site/translations.ts';
import { guideTable, plainTables } from '../../src/site/guide-tables.ts';
import { anchorsOf } from '../../src/markdown/heading-anchors.ts';
import { furtherReading } from '../../src/families/rancher/further-reading.ts';
import { releases } from '../../src/families/rancher/releases.ts';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = (pattern: string) => globSync(pattern, { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();
const pagesOf = (locale: string) => sources(`${locale}/guide/*.mdx`).map((path) => path.slice(`${locale}/guide/`.length, -'.mdx'.length));
const runbooks = readContent(root).families.flatMap((family) => family.runbooks);
const hints = runbooks.flatMap((runbook) => runbook.steps.flatMap((step) => Object.keys(step.hints).map((hint) => `${step.id}.${hint}`)));

describe('both languages', () => {
	test('have the same pages of the guide', () => {
		expect(pagesOf('zh')).toEqual(pagesOf('en'));
		expect(pagesOf('en')).toEqual(expect.arrayContaining(['agents', 'choose-your-path', 'docker-support', 'essentials', 'glossary', 'tags-and-releases', 'using-drover', 'what-can-go-wrong', 'what-to-repeat']));
	});

	test.each(pagesOf('en'))('have the same sections on "%s", and every heading has its anchor', (page) => {
		const [zh, en] = ['zh', 'en'].map((locale) => read(`${locale}/guide/${page}.mdx`)) as [string, string];
		const headings = (text: string) => text.split('\n').filter((line) => /^#{2,4} /.test(line));

		expect(anchorsOf(zh)).toEqual(anchorsOf(en));
		expect(new Set(anchorsOf(en)).size).toBe(headings(en).length);
		expect(headings(zh).length).toBe(headings(en).length);
	});

	test.each(locales)('have headings that go down one level at a time (%s)', (locale) => {
		const jumps = sources(`${locale}/{guide,runbooks}/**/*.mdx`).filter((path) => {
			const levels = [...splitFrontMatter(read(path)).body.matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length);
			return levels.some((level, index) => level === 1 || level > (levels[index - 1] ?? 1) + 1);
		});

		expect(jumps).toEqual([]);
	});

	test.each(pagesOf('en'))('give "%s" the same place in the navigation', (page) => {
		const orders = locales.map((locale) => GuideWords.parse(parse(splitFrontMatter(read(`${locale}/guide/${page}.mdx`)).yaml)).order);

		expect(orders[0]).toBe(orders[1]);
	});

	test('were read side by side, page by page, and none lags behind', () => {
		const pages = sources('zh/{guide,runbooks}/**/*.mdx').map((path) => path.slice('zh/'.length, -'.mdx'.length));
		const lagging = locales.flatMap((locale) => pages.map((page) => `${locale}/${page}`).filter((id) => isLagging(id)));

		expect(lagging, 'bring the page up to date, then: npm run reviewed').toEqual([]);
		expect(recordedPages(), 'read both pages, then: npm run reviewed').toEqual(expect.arrayContaining(pages));
	});
});

describe('a hint', () => {
	test('leads to a section of its own, but for a few that tell everything themselves', () => {
		const without = [...new Set(hints)].filter((hint) => !furtherReading.has(hint));

		expect(without.length, without.join(', ')).toBeLessThan(6);
		expect(without.filter((hint) => /^(?:start|stop|data|login|database)\./.test(hint)), 'give it a section in src/families/rancher/further-reading.ts').toEqual([]);
	});

	test('that leads somewhere is there', () => {
		expect([...furtherReading.keys()].filter((hint) => !hints.includes(hint))).toEqual([]);
	});

	test.each(locales)('leads to a section that is there (%s)', (locale) => {
		const missing = [...new Set(furtherReading.values())].filter((place) => {
			const [page = '', anchor] = place.split('#');
			return !pagesOf(locale).includes(page) || (anchor !== undefined && !anchorsOf(read(`${locale}/guide/${page}.mdx`)).includes(anchor));
		});

		expect(missing).toEqual([]);
	});

	test('of a family without a guide leads nowhere', () => {
		expect(guidePageOf('rancher-1.6', 'start', 'locked', 'zh')).toBe('/zh/guide/what-can-go-wrong/#log-lock');
		expect(guidePageOf('rancher-1.6', 'nowhere', 'nothing', 'en')).toBe('/en/guide/what-can-go-wrong/#log-lines');
		expect(guidePageOf('demo', 'start', 'locked', 'zh')).toBeUndefined();
	});
});

test.each([
	['en', ['**Symptom.**', '**Cause.**', '**Fix.**']],
	['zh', ['**现象**', '**原因**', '**处理方法**']],
] as const)('every trap has its sign, what is behind it and its cure (%s)', (locale, parts) => {
	const traps = read(`${locale}/guide/what-can-go-wrong.mdx`).split(/^(?=#{2,3} )/m).filter((section) => section.startsWith('### '));
	const incomplete = traps.filter((trap) => parts.some((part) => !trap.includes(part))).map((trap) => trap.split('\n')[0]);

	expect(traps.length).toBeGreaterThan(30);
	expect(incomplete).toEqual([]);
});

/** Words that mean the same as one of the glossary, or something else. The glossary itself names some of them. */
const forbidden: Readonly<Record<'zh' | 'en', RegExp>> = {
	zh: /基础设施栈|栈里|模版|无因特网|没有互联网访问|版本注解|Rancher 代理|代理程序|绑定装载|外置数据库|数据卷容器|帐号|帐户|更改日志锁|高可用性|缺省|预检/,
	en: /infra stacks?\b|changelog lock|air-gapped|offline mode|version notes|bind-mounted volume|data-only container|master node|multi-node mode/i,
};

const withoutKey = (line: string) => line.replace(/^\s*"?[a-z][\w.-]*"?:/, '');

test.each(locales)('words that the glossary decides against are nowhere (%s)', (locale) => {
	const found = sources(`${locale}/{*.json,{guide,runbooks}/**/*.mdx}`)
		.filter((path) => !path.endsWith('/glossary.mdx'))
		.flatMap((path) => read(path).split('\n').map(withoutKey).flatMap((line, index) => (forbidden[locale].test(line) ? [`${path}:${index + 1} ${forbidden[locale].exec(line)?.[0] ?? ''}`] : [])));

	expect(found).toEqual([]);
});

describe('a table of the guide', () => {
	test('has every release once, newest first, as Markdown too', () => {
		const plain = plainTables('<Table of="releases" tag="Server" date="Day" agent="Agent" balancer="LB" cli="CLI" schema="Schema" cattle="Cattle" />').split('\n');

		expect(plain[0]).toBe('| Server | Day | Agent | LB | CLI | Schema | Cattle |');
		expect(plain).toHaveLength(releases.length + 2);
		expect(plain[2]).toBe('| `v1.6.30` | 2020-05-04 | `v1.2.11` | `v0.9.14` | `v0.6.14` | 124 | `v0.183.83` |');
	});

	test('that is not there, or whose columns have no words, is refused', () => {
		expect(() => guideTable('cows', {})).toThrow('Cannot place table "cows"');
		expect(() => guideTable('engines', { docker: 'Docker' })).toThrow('column "from" has no words');
	});
});
