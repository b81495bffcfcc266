/** A page that asks for a run's output and never reads it. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { frame, opcode, openRaw } from '../../attack/frames.ts';
import { startPrey } from './prey.ts';
import { openWolf } from './wolf.ts';

/**
 * The row of the threat table says 1 GB, which takes minutes. A recording keeps 64 MiB whatever comes, so what is past twice that is as good as
 * any more; the gigabyte itself, without a server, is `tests/server/runs/flood.long.test.ts`.
 */
const bytes = 130_000_000;

/** Resident memory in MiB. */
function memoryOf(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
}

test('a reader who never reads holds up neither the program nor another reader, and costs the server no memory', async () => {
	const server = await startPrey();
	onTestFinished(() => server.close());
	const target = await server.target();
	const wolf = await openWolf(target, server.folder);
	onTestFinished(() => wolf.close());
	const lazy = await openRaw(target);
	onTestFinished(() => lazy.end());
	let most = 0;
	const measuring = setInterval(() => (most = Math.max(most, memoryOf(server.pid))), 50);
	onTestFinished(() => clearInterval(measuring));

	const run = await wolf.howl(`until [ -e "$folder/go" ]; do sleep 0.1; done; yes 0123456789abcdef0123456789abcdef | head -c ${bytes} || true; echo; echo the-end`);
	lazy.write(frame(opcode.text, JSON.stringify({ type: 'run.follow', run, from: 0 })));
	expect(await lazy.saw('run.drives')).toBe(true);
	lazy.stopReading();
	await wolf.go();
	await wolf.prints('the-end');
	await wolf.over();

	expect(lazy.isOpen).toBe(true);
	expect(most).toBeGreaterThan(20);
	expect(most).toBeLessThan(200);
}, 300_000);
