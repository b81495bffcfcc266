/** Drover as its reader starts it, in a terminal, attacked by the command that the documents name. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('Enter prints a new address in the terminal that Drover runs in, and "npm run attack" finds nothing to report', async () => {
	const state = mkdtempSync(join(tmpdir(), 'drover-real-'));
	const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', LANG: 'en_US.UTF-8', LC_ALL: '', INIT_CWD: state };
	const drover = spawn(process.execPath, [join(root, 'bin/drover.js'), 'start', '--port', '0', '--no-open', '--state-dir', join(state, 'state')], { cwd: root, env, cols: 200, rows: 50 });
	let printed = '';
	let wake = Promise.withResolvers<void>();
	let ended = false;
	const exited = new Promise<void>((resolve) => drover.onExit(() => {
		ended = true;
		wake.resolve();
		resolve();
	}));
	drover.onData((text) => {
		printed += text;
		wake.resolve();
		wake = Promise.withResolvers();
	});
	onTestFinished(async () => {
		drover.kill('SIGTERM');
		await exited;
		rmSync(state, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
	});
	const addresses = () => [...printed.matchAll(/http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{22}(?=\s)/g)].map(([address]) => address);
	const until = async (count: number) => {
		while (addresses().length < count && !ended) await wake.promise;
		expect(addresses().length, printed).toBe(count);
	};

	await until(1);
	drover.write('\r');
	await until(2);
	const [first, second] = addresses();
	const attacked = await new Promise<{ status: number | null; stdout: string }>((resolve) => {
		const attack = execFile('npm', ['run', '--silent', 'attack', '--', second ?? ''], { cwd: root, env, maxBuffer: 1 << 26 }, (_error, stdout) => resolve({ status: attack.exitCode, stdout }));
	});

	expect(second).not.toBe(first);
	expect(attacked.stdout.split('\n').filter((line) => line.startsWith('MISS'))).toEqual([]);
	expect(attacked.stdout).toMatch(/\n\d{4,} attempts, 0 missed\.\n$/);
	expect(attacked.status).toBe(0);
}, 300_000);
