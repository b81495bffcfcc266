/** How a reader gets in: the page that a browser is opened on, and `drover open` for a Drover whose terminal is not at hand. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { signIn } from '../../attack/suite.ts';
import { parseAddress } from '../../attack/address.ts';
import { stampFile, stampOf } from '../../server/site/stamp.ts';
import { fixtureRoot } from '../server/drover.ts';
import { until } from '../server/until.ts';

let home: string;
let root: string;
let stateDir: string;

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'drover-open-'));
	onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
	[root, stateDir] = [join(home, 'project'), join(home, 'state')];
	cpSync(fixtureRoot, root, { recursive: true });
	writeFileSync(join(root, 'package.json'), '{ "version": "0.0.0" }');
	mkdirSync(join(root, 'dist'));
	writeFileSync(join(root, 'dist', stampFile), stampOf(root));
});

/** Runs a command of Drover, without a terminal. */
function drover(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
	const child = spawn(process.execPath, [join(import.meta.dirname, 'start-process.ts'), root, ...args, '--state-dir', stateDir], { env: { PATH: process.env['PATH'], HOME: home, LANG: 'en_US.UTF-8', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	return child;
}

async function start(env: Readonly<Record<string, string>> = { CI: '1' }): Promise<{ server: ChildProcess; origin: string }> {
	const server = drover(['start', '--port', '0'], env);
	for await (const line of createInterface({ input: server.stdout! })) {
		const found = /^ {4}(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
		if (found !== undefined) return { server, origin: found };
	}
	throw new Error(await text(server.stderr!));
}

async function ask(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
	const child = drover(['open', ...args], { CI: '1' });
	const [out, err, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'exit')]);
	return { code: code as number | null, out, err };
}

/** Everything that any process is started with, read again and again by another user of the machine. */
const spy = `
	process.setgroups([]); process.setgid(65534); process.setuid(65534);
	const { readdirSync, readFileSync } = await import('node:fs');
	console.log('ready');
	for (;;) {
		for (const pid of readdirSync('/proc').filter((one) => /^[0-9]+$/.test(one) && one !== String(process.pid))) try { const line = readFileSync('/proc/' + pid + '/cmdline', 'latin1'); if (line.includes('code=') || line.includes('open-')) console.log(JSON.stringify(line)); } catch {}
		await new Promise((resolve) => setTimeout(resolve, 2));
	}`;

test('another user who reads what every process is started with finds no code, while a browser is opened by a page of ours that leads to it and goes once the code is used', async ({ skip }) => {
	if (process.geteuid?.() !== 0) {
		if (process.env['CI']) throw new Error('The gate runs as root.');
		return skip('Only root can become another user.');
	}
	const opened = join(home, 'opened');
	const browser = join(home, 'browser');
	// Stands as long as a browser does while it starts.
	writeFileSync(browser, `#!/bin/bash\necho "$1" > ${opened}.part\nmv ${opened}.part ${opened}\nread -t 600 < <(sleep 600)\n`);
	chmodSync(browser, 0o755);
	const spying = spawn(process.execPath, ['--input-type=module', '-e', spy], { stdio: ['ignore', 'pipe', 'inherit'] });
	onTestFinished(() => void spying.kill('SIGKILL'));
	const seen: string[] = [];
	const lines = createInterface({ input: spying.stdout });
	lines.on('line', (line) => {
		if (!seen.includes(line)) seen.push(line);
	});
	await once(lines, 'line');

	const { origin } = await start({ DISPLAY: ':987', BROWSER: browser, XDG_DATA_DIRS: home, XDG_DATA_HOME: home });
	await until(() => existsSync(opened), 'the browser');
	const file = readFileSync(opened, 'utf8').trim().replace(/^file:\/\//, '');
	await until(() => seen.some((line) => line.includes(file)), 'what the other user reads');
	const page = readFileSync(file, 'utf8');
	const mode = lstatSync(file).mode & 0o777;
	const address = /url=([^"]+)"/.exec(page)?.[1] ?? '';
	await signIn(parseAddress(address), parseAddress(address).code);

	expect(seen.filter((line) => line.includes('code='))).toEqual([]);
	expect([file.startsWith(stateDir), mode, address.startsWith(`${origin}/#code=`)]).toEqual([true, 0o600, true]);
	expect(existsSync(file)).toBe(false);
});

test('"drover open" prints a new address of a Drover without a terminal, again after a restart; each code works once', async () => {
	const first = await start();
	const one = await ask('--print');
	first.server.kill('SIGKILL');
	await once(first.server, 'exit');
	const killed = await ask();
	const second = await start();
	const two = await ask();

	expect([one.code, one.out.startsWith(`${first.origin}/#code=`)]).toEqual([0, true]);
	expect([killed.code, killed.out]).toEqual([1, '']);
	expect(killed.err).toContain(stateDir);
	expect([two.code, two.out.startsWith(`${second.origin}/#code=`)]).toEqual([0, true]);
	const { code, ...place } = parseAddress(two.out.trim());
	expect(await signIn(place, code)).toMatch(/^[\w-]{43}$/);
	await expect(signIn(place, code)).rejects.toThrow('401');
	second.server.kill('SIGTERM');
	expect((await once(second.server, 'exit'))[0]).toBe(0);
	expect(readdirSync(stateDir).filter((name) => /^open-|^control/.test(name))).toEqual([]);
});

test('where nothing runs, "drover open" says so, and changes nothing', async () => {
	expect((await ask()).code).toBe(1);
	expect(existsSync(stateDir)).toBe(false);
	mkdirSync(stateDir, { mode: 0o755 });
	chmodSync(stateDir, 0o755);
	expect((await ask()).err).toContain('0755');
});

test('a state directory with a path too long for a socket is served all the same', async () => {
	stateDir = join(home, 'x'.repeat(100), 'state');
	await start();

	expect((await ask('--print')).out).toMatch(/#code=/);
});
