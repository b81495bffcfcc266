/** `drover start DIR --watch`: an author sees a change in the open page. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { makeFolder } from '../server/make-folder.ts';
import { project, runDrover } from './run-drover.ts';

test('a change of words or of a command is built, and open pages are told; an error leaves what is there', async () => {
	const folder = makeFolder();
	const content = join(folder, 'mine');
	await runDrover(['new', content]);
	const child = spawn(process.execPath, [join(project, 'bin/drover.js'), 'start', content, '--watch', '--no-open', '--port', '0', '--state-dir', join(folder, 'state')], { env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), LANG: 'C', LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
	onTestFinished(() => new Promise<void>((resolve) => {
		child.once('close', () => resolve());
		child.kill('SIGTERM');
	}));
	let said = '';
	const news = new Set<() => void>();
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => {
		said += text;
		for (const tell of news) tell();
	});
	const match = (pattern: RegExp) => new Promise<RegExpExecArray>((resolve, reject) => {
		const look = () => {
			const found = pattern.exec(said);
			if (found) resolve(found);
		};
		news.add(look);
		look();
		child.once('close', (code) => reject(new Error(`ended with ${code}: ${said}`)));
	});
	const [, origin = '', code = ''] = await match(/(http:\/\/127\.0\.0\.1:\d+)\/#code=(\S+)/);
	const page = async () => (await fetch(`${origin}/en/containers/stop/`)).text();
	expect(await page()).toContain('The container stays stopped until you start it.');
	const { createHash, randomBytes } = await import('node:crypto');
	const token = randomBytes(32).toString('base64url');
	const access = await fetch(`${origin}/api/access`, { method: 'POST', headers: { 'content-type': 'application/json', origin }, body: JSON.stringify({ code, token: createHash('sha256').update(token).digest('hex') }) });
	expect(access.status).toBeLessThan(300);
	const { subprotocol, tokenProtocol } = await import('../../src/runbook/protocol/protocol.ts');
	const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/socket`, [subprotocol, `${tokenProtocol}${token}`], { origin });
	onTestFinished(() => socket.terminate());
	await new Promise((resolve) => socket.once('open', resolve));
	const changed = () => new Promise<string>((resolve) => socket.on('message', (data) => {
		const { type } = JSON.parse(String(data)) as { type: string };
		if (type === 'site.changed') resolve(type);
	}));

	const words = join(content, 'en/runbooks/containers/stop.mdx');
	const first = changed();
	writeFileSync(words, readFileSync(words, 'utf8').replace('The container stays stopped until you start it.', 'It is quiet now.').replace('title: Stop a container', 'title: Halt a container'));
	await first;
	expect(await page()).toMatch(/Halt a container[^]*It is quiet now\./);

	const definition = join(content, 'runbooks/containers/stop.yaml');
	const before = readFileSync(definition, 'utf8');
	writeFileSync(definition, before.replace('phase: change', 'phase: chnage'));
	await match(/stop\.yaml:\d+/);
	expect(await page()).toContain('It is quiet now.');

	const second = changed();
	writeFileSync(definition, before.replace('docker stop ${container}', 'docker stop --time 60 ${container}'));
	await second;
	expect(await page()).toContain('--time');
}, 120_000);
