/** Another user of the machine reads what every process was started with: only root can be one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { parseAddress } from '../../attack/address.ts';
import { signIn } from '../../attack/suite.ts';
import { until } from '../server/until.ts';
import { makePlace } from './open-drover.ts';

/** Everything that any process is started with, read again and again by another user of the machine. */
const spy = `
	process.setgroups([]); process.setgid(65534); process.setuid(65534);
	const { readdirSync, readFileSync } = await import('node:fs');
	console.log('ready');
	for (;;) {
		for (const pid of readdirSync('/proc').filter((one) => /^[0-9]+$/.test(one) && one !== String(process.pid))) try { const line = readFileSync('/proc/' + pid + '/cmdline', 'latin1'); if (/code=[A-Za-z0-9_-]{22}/.test(line) || line.includes('open-')) console.log(JSON.stringify(line)); } catch {}
		await new Promise((resolve) => setTimeout(resolve, 2));
	}`;

test('another user who reads what every process is started with finds no code, while a browser is opened by a page of ours that leads to it and goes once the code is used', async () => {
	const { home, stateDir, start } = makePlace();
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

	expect(seen.filter((line) => /code=[A-Za-z0-9_-]{22}/.test(line))).toEqual([]);
	expect([file.startsWith(stateDir), mode, address.startsWith(`${origin}/#code=`)]).toEqual([true, 0o600, true]);
	expect(existsSync(file)).toBe(false);
});
