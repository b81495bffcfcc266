/** The same code gives the same answer: what the tests draw by chance comes from one seed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawNumbers } from '../seed.ts';

const root = join(import.meta.dirname, '../..');

test('a property without a seed of its own meets the same inputs in every run', () => {
	const meet = (): string[] => {
		const met: string[] = [];
		fc.assert(fc.property(fc.string(), (text) => void met.push(text)));
		return met;
	};

	expect(meet()).toEqual(process.env['DROVER_SEED'] === 'random' ? expect.any(Array) : meet());
	expect(fc.readConfigureGlobal().seed).toBe(process.env['DROVER_SEED'] === 'random' ? undefined : Number(process.env['DROVER_SEED'] ?? 1600));
});

test('numbers that are drawn are spread from 0 to 1', () => {
	const draw = drawNumbers();
	const tenths = new Set(Array.from({ length: 1000 }, draw).map((number) => Math.floor(number * 10)));

	expect([...tenths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('no test draws from elsewhere', () => {
	const files = execFileSync('git', ['ls-files', 'tests/*.ts', 'attack/*.ts'], { cwd: root, encoding: 'utf8' }).trim().split('\n').filter((file) => !file.endsWith('house/seed.test.ts'));

	expect(files.length).toBeGreaterThan(200);
	expect(files.filter((file) => /Math\.random|randomInt\b/.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});
