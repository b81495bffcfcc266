/** The archive for machines without npm and internet. What it does in an empty root is in `archive.root.test.ts`. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBundle, type Bundle } from '../../scripts/bundle.ts';
import { project } from '../cli/run-drover.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-archive-'));
let bundle: Bundle;
let inside = '';
let names: readonly string[] = [];

beforeAll(async () => {
	bundle = await makeBundle(project, join(folder, 'once'));
	execFileSync('tar', ['--extract', '--gzip', '--file', bundle.file, '--directory', folder]);
	inside = join(folder, basename(bundle.file, '.tar.gz'));
	names = globSync('**/*', { cwd: inside, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(inside.length + 1));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the same checkout gives the same archive, byte for byte, with a checksum that holds', async () => {
	const again = await makeBundle(project, join(folder, 'again'));

	expect(readFileSync(again.file).equals(readFileSync(bundle.file))).toBe(true);
	expect(execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: dirname(bundle.file), encoding: 'utf8' })).toBe(`${basename(bundle.file)}: OK\n`);
	expect(basename(bundle.file)).toMatch(/^drover-\d+\.\d+\.\d+-linux-(?:x64|arm64)\.tar\.gz$/);
});

test('it is no bigger than 80 MB, and nothing in it is for developers', () => {
	expect(statSync(bundle.file).size).toBeLessThan(80_000_000);
	expect(names.length).toBeGreaterThan(500);
	expect(names.filter((name) => /\.(?:[cm]?ts|tsx|map)$|(?:^|\/)(?:tests?|bench|attack|scripts|\.[^/]*)\//.test(name) && !name.includes('/lib/dist/'))).toEqual([]);
});

test('every package in it that has a licence of its own comes with it', () => {
	const without = names.filter((name) => /^node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(name)).map(dirname).filter((path) => {
		const isLicence = (name: string) => /^(?:licen[cs]e|copying)/i.test(name);
		return globSync('*', { cwd: join(project, path) }).some(isLicence) && !globSync('*', { cwd: join(inside, path) }).some(isLicence);
	});

	expect(without).toEqual([]);
});

test('its command line works where it was unpacked, with the Node in it', () => {
	const out = execFileSync(join(inside, 'drover'), ['list'], { cwd: folder, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LANG: 'en_US.UTF-8' } });

	expect(out).toContain('rancher-1.6/single-container');
	expect(names.filter((name) => name.endsWith('bin/node'))).toEqual([`node_modules/node-linux-${process.arch}/bin/node`]);
});
