import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readmes, tableFile, withFigures, withTable } from '../../scripts/write-figures.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const documents = ['README.md', 'README.zh.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'DECISIONS.md', 'SECURITY.md', 'bench/README.md', 'tests/rig/README.md'].filter((file) => existsSync(join(root, file)));
const scripts = Object.keys(JSON.parse(read('package.json')).scripts);

test('every folder of the checkout is on the map', () => {
	const map = read('ARCHITECTURE.md');
	const tracked = execFileSync('git', ['ls-files', 'src', 'server', 'cli', 'bin', 'bench', 'scripts', 'attack', 'zh', 'en', 'tests'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
	const folders = new Set(tracked.map((file) => file.split('/').slice(0, /^(?:src|server)\//.test(file) ? 2 : 1)).filter((path) => !path.at(-1)?.includes('.')).map((path) => path.join('/')));

	expect([...folders].filter((folder) => !map.includes(`\`${folder}/\``)).sort()).toEqual([]);
	// What is one level deeper stands in the row of its folder. A folder in brackets is a part of an address, one with a capital letter is a component.
	const deeper = new Set(tracked.filter((file) => /^(?:src|server)\//.test(file)).map((file) => file.split('/').slice(0, 3)).filter((path) => path.length === 3 && !/[.[]|^[A-Z]/.test(path[2] ?? '')).map((path) => path.join('/')));
	const rowOf = (path: string) => map.split('\n').find((line) => line.includes(`| \`${path.split('/').slice(0, 2).join('/')}/\``)) ?? '';
	expect([...deeper].filter((path) => !rowOf(path).includes(`\`${path.split('/')[2]}/\``)).sort()).toEqual([]);
});

describe.each(documents)('%s', (document) => {
	const text = read(document);

	test('names only files that are there', () => {
		const named = [...text.matchAll(/`((?:src|server|cli|bin|attack|tests|scripts|bench|docs|zh|en|public|\.ci)\/[\w./\-[\]]*)`/g)].map(([, path = '']) => path);
		const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)].map(([, path = '']) => (document.startsWith('tests/rig') ? `tests/rig/${path}` : path));

		expect([...named, ...links].filter((path) => !existsSync(join(root, path)))).toEqual([]);
	});

	test('names only commands that are there', () => {
		const run = [...text.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name = '']) => name);
		const drover = [...text.matchAll(/\bnpx --no drover ([a-z]+)/g)].map(([, name = '']) => name);

		expect(run.filter((name) => !scripts.includes(name))).toEqual([]);
		// Outside of the checkout this would fetch a stranger's package.
		expect(text).not.toMatch(/\bnpx drover\b/);
		expect(drover.filter((name) => !existsSync(join(root, `cli/${name}.ts`)))).toEqual([]);
	});
});

test('no page, message or document suggests a command that would fetch a package of that name elsewhere', () => {
	const files = execFileSync('git', ['ls-files', '*.md', '*.mdx', 'en', 'zh', 'cli', 'bin', 'server', 'src', 'docs'], { cwd: root, encoding: 'utf8' }).trim().split('\n').filter((file) => existsSync(join(root, file)));

	expect(files.length).toBeGreaterThan(200);
	expect(files.filter((file) => /\b(?:npx(?: -y| --yes)?|npm (?:exec|x)(?: --)?|npm i(?:nstall)?(?: -g| --global)?) drover\b/.test(read(file)))).toEqual([]);
});

test.each(['en', 'zh'] as const)('the README (%s) quotes the figures that were measured', (language) => {
	expect(read(readmes[language])).toBe(withFigures(root, language));
});

test('the table of figures is what was measured', () => {
	expect(read(tableFile)).toBe(withTable(root));
});

test('a decision is short, and numbered in order', () => {
	const records = read('DECISIONS.md').split(/^## /m).slice(1);

	expect(records.map((record) => Number(record.split('.')[0]))).toEqual(records.map((_, index) => index + 1));
	// A table is looked things up in, not read.
	const wordsOf = (record: string) => record.split('\n').filter((line) => !line.startsWith('|')).join('\n').split(/\s+/);
	expect(records.filter((record) => wordsOf(record).length > 165).map((record) => record.split('\n')[0])).toEqual([]);
});
