/** A token that is a day old, on a server that goes on. */
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { frame, opcode, openRaw } from '../../../attack/frames.ts';
import { signIn } from '../../../attack/suite.ts';
import { call } from '../../../attack/target.ts';
import type { ClientMessage } from '../../../src/runbook/protocol/protocol.ts';
import { openPass, startDrover } from '../drover.ts';
import { previewOf } from '../preview-of.ts';

const hour = 3_600_000;
const text = (message: ClientMessage) => frame(opcode.text, JSON.stringify(message));

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

test('a code is refused ten minutes after it was printed', async () => {
	let now = 0;
	const drover = await startDrover({ nowMs: () => now });
	onTestFinished(() => drover.close());
	const place = { host: '127.0.0.1', port: drover.port };
	const [early, late] = [drover.served.keys.makeCode(), drover.served.keys.makeCode()];

	now = hour / 6 - 1;
	expect(await signIn(place, early)).toMatch(/^[\w-]{43}$/);
	now = hour / 6;
	await expect(signIn(place, late)).rejects.toThrow('HTTP 401');
});

test('a token is refused a day after it was given, and the socket that it opened is closed and types no more; others go on', async () => {
	let now = 0;
	const drover = await startDrover({ nowMs: () => now });
	onTestFinished(() => drover.close());
	const place = { host: '127.0.0.1', port: drover.port };
	const early = { ...place, token: drover.token };
	now = hour;
	const late = { ...place, token: await signIn(place, drover.served.keys.makeCode()) };
	const [old, young] = [await openRaw(early), await openRaw(late)];
	onTestFinished(() => [old, young].forEach((socket) => socket.end()));
	const values = { folder: drover.folder, name: 'bella', password: 'opensesame' };
	const pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
	onTestFinished(() => pass.close());
	for (const step of ['folder-there', 'tools', 'print']) await pass.mark(step, 'by-hand');
	const { run } = (await pass.run('ask')).body as { run: string };
	young.write(text({ type: 'run.follow', run, from: 0 }));
	expect(await young.saw('Password: ')).toBe(true);

	now = 24 * hour;
	vi.advanceTimersByTime(60_000);
	expect(await old.closed).toBe(1008);
	old.write(Buffer.concat([text({ type: 'run.input', run, id: 'old', text: 'wrong\r' }), frame(opcode.close, '')]));
	expect(await old.saw('run.typed')).toBe(false);
	young.write(text({ type: 'run.input', run, id: 'young', text: 'opensesame\r' }));

	expect(await young.saw('right, bella')).toBe(true);
	expect([(await call(early, 'GET', '/api/sessions')).status, (await call(late, 'GET', '/api/sessions')).status]).toEqual([401, 200]);
	expect((await openRaw(early)).answer.status).toBe(401);
});
