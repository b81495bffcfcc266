import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ContentErrors } from '../../src/content/content-errors.ts';
import { whenNoOtherBuilds } from '../../server/site/build-lock.ts';
import { buildSite } from '../../server/site/build-site.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'drover-prose-'));
	cpSync(join(root, 'tests/fixture'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const page = 'en/runbooks/demo/files.mdx';
const append = (text: string) => writeFileSync(join(folder, page), `${readFileSync(join(folder, page), 'utf8')}\n${text}\n`);
/** A page that writes a file when it is built as MDX builds it. */
const program = () => `export const who = process.getBuiltinModule("node:fs").writeFileSync(${JSON.stringify(join(folder, 'ran'))}, "x");\n\n{who}`;

test('a page that computes is refused before anything of it runs, and all mistakes are told at once', async () => {
	append(`${program()}\n\n<script>alert(1)</script>`);

	const error = await buildSite({ root, content: folder, out: join(folder, 'site') }).catch((reason: unknown) => reason);

	expect(error).toBeInstanceOf(ContentErrors);
	expect((error as ContentErrors).lintErrors.map(({ file, message }) => `${file} ${message}`)).toEqual([
		`${page} an import or export stands in prose`,
		`${page} "{who}" would be computed`,
		`${page} <script> stands in prose`,
	]);
	expect(existsSync(join(folder, 'ran'))).toBe(false);
	expect(existsSync(join(folder, 'site'))).toBe(false);
});

test('a build that nobody has checked runs nothing of such a page either', async () => {
	append(program());

	// Builds of other tests have the same place for what they make on the way.
	const { status, stderr, stdout } = await whenNoOtherBuilds(root, async () =>
		spawnSync(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build', '--root', root, '--outDir', join(folder, 'site'), '--silent'], {
			cwd: root,
			env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', DROVER_CONTENT: folder, DROVER_CACHE: join(folder, 'cache') },
			encoding: 'utf8',
		}),
	);

	expect(`${stdout}${stderr}`).toContain('Prose is not code');
	expect(status).not.toBe(0);
	expect(existsSync(join(folder, 'ran'))).toBe(false);
}, 120_000);
