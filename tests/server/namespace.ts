import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

const reason =
	'This machine gives no user and mount namespace (unshare -Urm), so no small or broken disk can be made.';

/** Skips a test that needs a disk of its own where none can be made, and says why; with `CI` set that is a failure. */
function needNamespace({ skip }: TestContext): void {
	if (spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0) return;
	if (process.env.CI) throw new Error(reason);
	skip(reason);
}

/**
 * Runs a module in a mount namespace of its own, after a shell script that prepares `$FOLDER` there, and returns the lines that it
 * prints. Nothing of it is seen outside.
 *
 * To make a mount read-only, the script says `mount -o remount,bind,ro`: without `bind` all options of the file system are said again,
 * its owner among them, and that is refused to who is not root outside.
 */
export function inNamespace(context: TestContext, prepare: string, module: string): string[] {
	needNamespace(context);
	const folder = mkdtempSync(join(tmpdir(), 'drover-test-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const script = `set -e; ${prepare}\nexec "$NODE" --input-type=module --eval "$MODULE"`;
	const root = resolve(import.meta.dirname, '../..');
	const env = { ...process.env, FOLDER: folder, NODE: process.execPath, MODULE: module, ROOT: root };
	const output = execFileSync('unshare', ['-Urm', 'sh', '-c', script], {
		encoding: 'utf8',
		env,
		cwd: root,
		timeout: 150_000,
	});
	return output.trimEnd().split('\n');
}

/** Returns the words before a command that put it into a network namespace of its own, as a container does; skips the test where none can be made, with `CI` set it fails. */
export function otherNetwork({ skip }: TestContext): readonly string[] {
	const words = ['unshare', process.geteuid?.() === 0 ? '-n' : '-rn'] as const;
	if (spawnSync(words[0], [words[1], 'true']).status === 0) return words;
	const why = 'This machine gives no network namespace (unshare -rn).';
	if (process.env.CI) throw new Error(why);
	return skip(why);
}
