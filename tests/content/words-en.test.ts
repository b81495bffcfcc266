/** Words that the English of the product does not use: phrases that are no terms, metaphors, and second names for one thing. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const product = globSync('en/**/*.{json,mdx}', { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();
const papers = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'ARCHITECTURE.md'];

/** What no English text says. */
const everywhere: readonly (readonly [string, RegExp])[] = [
	['“take back” for undo', /\b(?:take|takes|taken|taking) (?:(?:this|the|start|that|last|it|step|upgrade) )*back\b/i],
	['“way back” for undo and roll back', /\bways? back\b/i],
	['“evening” for the maintenance window', /\bevenings?\b/i],
	['“without a word” for silently', /\bwithout a word\b|\bin silence\b|\bquietly\b/i],
	['“for one” for example', /\bfor one(?=[.,;:)"”|]| *$)/i],
	['“in mid-air”', /\bmid-air\b/i],
	['“anew” for again', /\banew\b/i],
	['“shall”', /\bshall\b/i],
	['“whoever comes from”', /\bwhoever comes from\b/i],
	['“the server of today”', /\bserver of today\b/i],
	['“Rancher\'s pages” for the Rancher UI', /\bRancher['’]s (?:own )?pages\b/i],
	['“trail” for the steps', /\btrails?\b/i],
	['“walk” for going through a runbook', /\bwalk(?:s|ed|ing)?\b/i],
	['“outage” for downtime', /\boutages?\b/i],
	['an old word for a state', /\bFound done\b|\bHas run\b|\bEnd unknown\b|\bNo longer so\b|\bArrived\b|\bDestroys\b|\bLast look\b/],
];

/** What the product's own words do not say either. Papers for developers have folders of source. */
const inTheProduct: readonly (readonly [string, RegExp])[] = [
	['“folder” for directory', /\bfolders?\b/i],
	['“directory” for AD/LDAP', /\b(?:a|the) directory (?:over|with) TLS\b|\bthe directory's certificate\b/i],
	['“look at” for check', /\blook(?:s|ed|ing)? (?:at|into|for)\b/i],
	['“fetch” for pull', /\bfetch(?:e[sd]|ing)?\b/i],
	['“keeper”', /\bkeepers?\b/i],
	['“told” for given', /\btold\b/i],
	['“insist” for require', /\binsist(?:s|ed|ing)?\b/i],
	['“know no” for not support', /\bknow(?:s|n)? no\b/i],
	['“give up” for end', /\b(?:give|gives|gave|giving) up\b/i],
	['“sign of life”', /\bsigns? of life\b/i],
	['“go back” where a choice is refused', /"No, go back"/],
	['a runbook by another name than its title', /\bair-gap runbook\b/i],
	['“come up” for start', /\bcomes? up\b/i],
	['“Sign”, “Behind it”, “Cure” for symptom, cause, fix', /\*\*(?:Sign|Behind it|Cure)\.\*\*|\bcures?\b/],
];

/** What a reader sees of a line: without keys, ids of steps, anchors, addresses, code and slots. */
function wordsOf(line: string): string {
	return line
		.replace(/^\s*"?[a-z][a-z0-9_.-]*"?: /, '')
		.replace(/<\/?(?:Step|Table|kbd)[^>]*>/g, '')
		.replace(/\[#[a-z0-9-]+\]/g, '')
		.replace(/\]\([^)]*\)/g, ']')
		.replace(/`[^`]*`/g, '``')
		.replace(/\{[a-z_]+\}/gi, '{}');
}

const linesOf = (path: string) => readFileSync(join(root, path), 'utf8').split('\n').map((line, index) => ({ place: `${path}:${index + 1}`, text: wordsOf(line) }));
const uses = (paths: readonly string[], pattern: RegExp) => paths.flatMap(linesOf).filter(({ text }) => pattern.test(text)).map(({ place, text }) => `${place} ${pattern.exec(text)?.[0] ?? ''}`);

test('there are words to read', () => expect(product.length).toBeGreaterThan(60));

test.each(everywhere)('%s is nowhere', (_, pattern) => {
	expect(uses([...product, ...papers], pattern)).toEqual([]);
});

test.each(inTheProduct)('%s is nowhere in the product', (_, pattern) => {
	expect(uses(product, pattern)).toEqual([]);
});

test.each([
	['	"step.undo": "Take this step back"', '“take back” for undo'],
	['take the start step back, at once', '“take back” for undo'],
	['nothing is taken back', '“take back” for undo'],
	['a snapshot for one, take one as well', '“for one” for example'],
	['of its own, a shell, for one.', '“for one” for example'],
	['  title: "The way back"', '“way back” for undo and roll back'],
])('“%s” is caught', (line, name) => {
	expect(everywhere.find(([one]) => one === name)?.[1].test(wordsOf(line))).toBe(true);
});

test.each(['  folder: "The directory is the right one"', '## The states of steps [#step-list]', 'see [this](/en/guide/using-drover/#rollback-plan)', '<Step id="folder">', 'the same for one server'])('“%s” says nothing of it', (line) => {
	expect([...everywhere, ...inTheProduct].filter(([, pattern]) => pattern.test(wordsOf(line))).map(([name]) => name)).toEqual([]);
});
