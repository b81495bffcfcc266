/**
 * The core, the server, the command line and the pages know a subject by `src/families/family.ts` alone: in a copy without Rancher's folder, words and content they have their
 * types, build, and pass tests of their own on a family that knows nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { makeFolder } from '../server/make-folder.ts';

const root = join(import.meta.dirname, '../..');

/** Packages are linked one by one: the folder of a build stands beside them, and belongs to the copy. */
function linkPackages(copy: string): void {
	mkdirSync(join(copy, 'node_modules'));
	for (const name of readdirSync(join(root, 'node_modules'))) {
		if (!/^\.(?!bin$)/.test(name)) symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
	}
}

async function run(copy: string, ...command: readonly string[]): Promise<void> {
	const child = spawn(process.execPath, command, { cwd: copy, env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
	const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
	expect(status, `${command.join(' ')}\n${out}${err}`).toBe(0);
}

/** Copies what is not Rancher's; the runbooks of the fixture take its place. */
function copyWithoutRancher(copy: string): void {
	for (const part of ['src', 'server', 'cli', 'bin', 'public', 'zh', 'en', 'astro.config.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts', 'tests/seed.ts']) cpSync(join(root, part), join(copy, part), { recursive: true });
	for (const folder of ['runbook', 'fixture', 'server', 'i18n']) cpSync(join(root, 'tests', folder), join(copy, 'tests', folder), { recursive: true });
	for (const gone of ['src/families/rancher', 'src/content/runbooks/rancher-1.6', 'src/content/translations.json', 'tests/i18n/explain.test.ts']) rmSync(join(copy, gone), { recursive: true });
	for (const locale of ['zh', 'en']) for (const gone of ['rancher.json', 'found.json', 'guide', 'runbooks/rancher-1.6']) rmSync(join(copy, locale, gone), { recursive: true });
	for (const part of ['drover.yaml', 'src', 'zh', 'en']) cpSync(join(root, 'tests/fixture', part), join(copy, part), { recursive: true });
	writeFileSync(join(copy, 'src/content/translations.json'), '{}\n');
	writeFileSync(join(copy, 'src/families/all-families.ts'), `import type { Family } from './family.ts';\n\nexport const allFamilies: Readonly<Record<string, Family>> = {};\nexport type FamilyKey = never;\n`);
	writeFileSync(join(copy, 'src/families/all-loaders.ts'), `import type { FamilyLoader } from './family.ts';\n\nexport const allLoaders: Readonly<Record<string, FamilyLoader>> = {};\n`);
	linkPackages(copy);
}

test('without Rancher the pages build, everything has its types, and core and server pass their tests', async () => {
	const copy = join(makeFolder(), 'drover');
	copyWithoutRancher(copy);

	await run(copy, 'server/site/build-site.ts');
	writeFileSync(join(copy, 'tsconfig.copy.json'), JSON.stringify({ extends: './tsconfig.json', include: ['.astro/types.d.ts', 'src/**/*.ts', 'server/**/*.ts', 'cli/**/*.ts'] }));
	await Promise.all([
		run(copy, 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.copy.json'),
		run(copy, 'node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'tests/runbook/values', 'tests/runbook/session', 'tests/runbook/definition', 'tests/i18n', 'tests/server/sessions/steps.test.ts'),
	]);

	expect(readFileSync(join(copy, 'dist/en/demo/files/index.html'), 'utf8').slice(0, 200)).toContain('data-kind="runbook"');
}, 600_000);
