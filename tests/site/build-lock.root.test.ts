/** A checkout of one user, in which another one starts Drover: only root can be both. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readWords, formatProblem } from '../../server/words.ts';

const root = join(import.meta.dirname, '../..');
const nobody = 65534;

/** A project that everybody may read, with what a build needs of this one; what `drover start` says there to another user. */
function startAsNobody(prepare: (modules: string) => void): { status: number | null; said: string; modules: string } {
	const project = mkdtempSync(join(tmpdir(), 'drover-checkout-'));
	onTestFinished(() => rmSync(project, { recursive: true, force: true }));
	const modules = join(project, 'node_modules');
	mkdirSync(modules);
	for (const part of ['src', 'zh', 'en', 'public']) cpSync(join(root, part), join(project, part), { recursive: true });
	for (const part of ['drover.yaml', 'package.json', 'package-lock.json', 'astro.config.mjs', 'tsconfig.json']) cpSync(join(root, part), join(project, part));
	chmodSync(project, 0o755);
	prepare(modules);
	const home = join(project, 'home');
	mkdirSync(home);
	chownSync(home, nobody, nobody);
	const program = `process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody}); process.exitCode = await (await import(${JSON.stringify(join(root, 'cli/main.ts'))})).main(['start', '--no-open', '--port', '0'], { root: ${JSON.stringify(project)} });`;
	const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, LC_ALL: 'en_GB.UTF-8' } });
	return { status, said: stderr, modules };
}

test.each([
	['has been built by its owner', (modules: string) => writeFileSync(join(modules, '.drover-build.lock'), '', { mode: 0o600 }), '.drover-build.lock'],
	['was never built', () => undefined, ''],
])("another user's checkout that %s: one sentence says whose it is, and what to do", (_, prepare, file) => {
	const { status, said, modules } = startAsNobody(prepare);

	expect(said).toBe(`${formatProblem(readWords(root).en, { name: 'state.checkout-not-ours', slots: { path: join(modules, file) } })}\n`);
	expect(status).toBe(1);
});
