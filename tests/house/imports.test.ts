import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const filesIn = (...folders: readonly string[]) => folders.flatMap((folder) => globSync('**/*.{ts,astro,js}', { cwd: join(root, folder) }).map((file) => `${folder}/${file}`));
const product = filesIn('src', 'server', 'cli', 'bin');
const files = [...product, ...filesIn('attack', 'bench', 'scripts')];

interface Import {
	readonly from: string;
	/** A path from the root, or the name of a package. */
	readonly to: string;
}

const imports: readonly Import[] = files.flatMap((file) => {
	const text = readFileSync(join(root, file), 'utf8');
	const found = [...text.matchAll(/^\s*(?:import|export)\s(?:[^'"=();]*\sfrom\s)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm)].map(([, plain, dynamic]) => plain ?? dynamic ?? '');
	return found.map((name) => ({ from: file, to: name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name }));
});

const pure = ['src/runbook/', 'src/rancher/'];
const middle = [...pure, 'src/content/', 'src/markdown/', 'src/policy.ts', 'src/content.config.ts', 'src/i18n/', 'src/families.ts', 'src/family-loaders.ts', 'zh/', 'en/'];
const shown = [...middle, 'src/layouts/', 'src/components/', 'src/styles/'];

/** As ARCHITECTURE.md has it: which folders each may import of our own. */
const allowed: Readonly<Record<string, readonly string[]>> = {
	'src/runbook/': ['src/runbook/'],
	'src/rancher/': pure,
	'src/content/': middle,
	'src/markdown/': middle,
	'src/i18n/': middle,
	'src/layouts/': shown,
	'src/components/': [...shown, 'src/browser/every-page.ts'],
	'src/browser/': [...shown, 'src/browser/'],
	'src/pages/': ['src/', 'zh/', 'en/'],
	'server/': ['server/', 'src/styles/', ...middle],
	'cli/': ['cli/', 'server/', ...middle],
	'bin/': ['bin/', 'cli/', 'lib/', 'package.json'],
	'attack/': ['attack/', 'server/', ...middle],
	'bench/': ['bench/', 'tests/', 'server/', 'cli/', ...middle],
	'scripts/': ['scripts/', 'tests/', 'server/', 'cli/', ...shown],
};

test.each(Object.keys(allowed))('%s imports in its own direction only', (folder) => {
	const own = imports.filter(({ from, to }) => from.startsWith(folder) && /^(?:src|server|cli|bin|attack|tests|scripts|bench|zh|en)\//.test(to));
	const wrong = own.filter(({ to }) => !allowed[folder]?.some((may) => to.startsWith(may)));

	expect(own.length).toBeGreaterThan(0);
	expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('the pure folders import no package but the schema library', () => {
	const packages = imports.filter(({ from, to }) => pure.some((folder) => from.startsWith(folder)) && !to.startsWith('src/')).map(({ to }) => to);

	expect([...new Set(packages)].filter((name) => !['zod', 'zod/mini', 'zod/v4-mini', 'yaml'].includes(name))).toEqual([]);
});

test('one file imports the terminal library', () => {
	expect(imports.filter(({ from, to }) => product.includes(from) && to.startsWith('@lydell/node-pty')).map(({ from }) => from)).toEqual(['server/runs/terminal.ts']);
});

test('no word for readers stands in code', () => {
	const chinese = product.filter((file) => /[\u4e00-\u9fff]/.test(readFileSync(join(root, file), 'utf8')));

	expect(chinese).toEqual([]);
});
