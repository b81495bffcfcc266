import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const names = z.record(z.string(), z.string()).default({});
const Manifest = z.looseObject({ dependencies: names, optionalDependencies: names, devDependencies: names, allowScripts: z.record(z.string(), z.boolean()) });
const Locked = z.looseObject({ version: z.string().optional(), integrity: z.string().optional(), resolved: z.string().optional(), hasInstallScript: z.boolean().optional(), link: z.boolean().optional() });
const Lock = z.looseObject({ packages: z.record(z.string(), Locked) });

const manifest = Manifest.parse(JSON.parse(read('package.json')));
const lock = Lock.parse(JSON.parse(read('package-lock.json')));
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Install scripts of the whole tree, each with the reason why it may stay unrun. A package that is not here has none. */
const scripts: Readonly<Record<string, string>> = {
	'node_modules/esbuild': 'replaces its launcher by the binary of the platform: an optimisation; build and tests pass without it.',
};

test('no package has an install script that is not listed, and none of those is allowed to run', () => {
	expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual(Object.keys(scripts));
	expect(manifest.allowScripts).toEqual(Object.fromEntries(Object.keys(scripts).map((path) => [path.replace('node_modules/', ''), false])));
});

test('the lock names no registry, and holds a checksum for every package', () => {
	expect(packages.length).toBeGreaterThan(500);
	expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
	expect(packages.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
	expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
});

const direct = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

test('every direct dependency was reviewed, and nothing is reviewed that is not there', () => {
	const reviewed = [...read('DECISIONS.md').matchAll(/^\| `([^`]+)` \| (?:build|server|server, page|page|runtime|tests) \|/gm)].map(([, name]) => name);

	expect(reviewed.toSorted()).toEqual(Object.keys(direct).toSorted());
});

test('what is installed for readers is pinned to a version', () => {
	const loose = Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));

	expect(loose).toEqual([]);
});
