import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');

test('every promise names a proof, and every proof is there', () => {
	const promises = text.slice(text.indexOf('## What is promised'), text.indexOf('## What is not promised')).split('\n').filter((line) => /^\| (?!Against \|)[A-Z]/.test(line));

	expect(promises.length).toBeGreaterThan(10);
	for (const line of promises) {
		const proofs = [...(line.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? '');
		expect(proofs.length, line).toBeGreaterThan(0);
		for (const path of proofs) expect(existsSync(join(root, path)), path).toBe(true);
	}
});

/** Sections of the guide's page, each with something in it. */
const sections = ['access', 'runs', 'secrets', 'output', 'limits', 'attack'];

test.each(['zh', 'en'])('the guide tells it, section by section (%s)', (locale) => {
	const page = readFileSync(join(root, locale, 'guide/security.mdx'), 'utf8');
	const told = page.split(/^## /m).slice(1).map((part) => [/\[#([a-z-]+)\]/.exec(part)?.[1], part.split('\n').slice(1).join('').trim().length > 50]);

	expect(told).toEqual(sections.map((anchor) => [anchor, true]));
	expect(page).toContain('npm run attack -- ');
});
