/** A page that asks for a run's output and never reads it, while the run prints more than anybody keeps. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { frame, opcode, openRaw } from '../../attack/frames.ts';
import { segmentBytes, tailSegments } from '../../src/runbook/run/recording-line.ts';
import type { RunEvent } from '../../src/runbook/protocol/protocol.ts';
import type { Live } from '../../server/runs/files/run-files.ts';
import { call } from '../../attack/target.ts';
import { startTargetServer } from './target-server.ts';
import { openRunner } from './script-runner.ts';

/** Resident memory in MiB; none of a process that has ended. */
function memoryOf(pid: number): number {
	if (!existsSync(`/proc/${pid}`)) return 0;
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
}

/** The program counts in so many digits, so that the place of every byte is known. */
const digits = 98;
const first = 100_000_000;
const lineOf = (number: number): string => `${String(number).padStart(digits, '0')}\r\n`;
const line = digits + 2;

interface Flood {
	/** Numbers that are printed before there is a lazy reader, and beside one. */
	readonly alone: number;
	readonly beside: number;
}

/** Notes how long each part took, in microseconds. */
const countBy = ({ alone, beside }: Flood) => `
	stamp() { echo "\${EPOCHREALTIME//[.,]/}"; }
	count() { seq -f %0${digits}.0f "$@"; }
	began=$(stamp); count ${first} ${first + alone - 1}; echo $(($(stamp) - began)) > "$folder/alone"
	until [ -e "$folder/go" ]; do sleep 0.1; done
	began=$(stamp); count ${first + alone} ${first + alone + beside - 1}; echo $(($(stamp) - began)) > "$folder/beside"`;

/** What one reader got. Every event is held against what the program printed at its place. */
class Received {
	/** Where the next byte stands in the whole output. */
	at = 0;
	n = 0;
	readonly faults: string[] = [];
	/** Bytes got without a gap between them; and those of each gap. */
	readonly pieces: number[] = [0];
	readonly gaps: number[] = [];

	readonly take = (events: readonly RunEvent[]): void => {
		for (const event of events) {
			if ((event.kind === 'gap' ? event.from : event.n) !== this.n + 1) this.faults.push(`event ${event.n} after ${this.n}`);
			this.n = event.n;
			if (event.kind === 'output') this.#read(event.text);
			else if (event.kind === 'gap') this.#skip(event.bytes);
			else if (event.kind === 'dropped') this.faults.push(`${event.bytes} bytes were dropped`);
		}
	};

	#read(text: string): void {
		const start = (line - (this.at % line)) % line;
		for (const place of [start, start + Math.floor((text.length - start) / line - 1) * line]) {
			const printed = text.slice(place, place + line);
			if (place >= 0 && printed.length === line && printed !== lineOf(first + (this.at + place) / line)) this.faults.push(`${JSON.stringify(printed)} at byte ${this.at + place}`);
		}
		this.at += text.length;
		this.pieces.push((this.pieces.pop() ?? 0) + text.length);
	}

	#skip(bytes: number): void {
		this.at += bytes;
		this.gaps.push(bytes);
		this.pieces.push(0);
	}
}

/** Returns a function that says how much memory a process took at most since now, in MiB. */
function watchMemory(pid: number): () => number {
	let most = 0;
	const measuring = setInterval(() => (most = Math.max(most, memoryOf(pid))), 50);
	onTestFinished(() => clearInterval(measuring));
	return () => most;
}

async function flood({ alone, beside }: Flood): Promise<void> {
	const whole = (alone + beside) * line;
	const server = await startTargetServer();
	onTestFinished(() => server.close());
	const target = await server.target();
	const [live, late] = [new Received(), new Received()];
	const runner = await openRunner(target, server.folder, {}, live.take);
	onTestFinished(() => runner.close());
	const lazy = await openRaw(target);
	onTestFinished(() => lazy.end());
	const most = watchMemory(server.pid);
	const took = (part: string) => Number(readFileSync(join(server.folder, part), 'utf8'));

	const run = await runner.runScript(countBy({ alone, beside }));
	await runner.prints(String(first + alone - 1));
	const { supervisor } = JSON.parse(readFileSync(join(server.stateDir, 'runs', run, 'live.json'), 'utf8')) as Live;
	const mostOfRun = watchMemory(supervisor.pid);
	lazy.write(frame(opcode.text, JSON.stringify({ type: 'run.follow', run, from: 0 })));
	expect(await lazy.saw('run.drives')).toBe(true);
	lazy.stopReading();
	await runner.go();
	await runner.over();
	const reader = await openRunner(target, server.folder, {}, late.take);
	onTestFinished(() => reader.close());
	reader.follow(run);
	await reader.over();

	expect(lazy.isOpen).toBe(true);
	expect(took('beside') / beside).toBeLessThan(3 * (took('alone') / alone));
	expect(most()).toBeGreaterThan(20);
	expect(most()).toBeLessThan(200);
	expect(mostOfRun()).toBeGreaterThan(20);
	expect(mostOfRun()).toBeLessThan(200);
	expect([live.faults, live.at, late.faults, late.at]).toEqual([[], whole, [], whole]);
	// A line of the recording has its frame around the text: what is kept holds a little less of that.
	const [head = 0, tail = 0] = late.pieces;
	expect([late.pieces.length, late.gaps]).toEqual([2, [whole - head - tail]]);
	expect(head).toBeGreaterThan(0.8 * segmentBytes);
	expect(head).toBeLessThanOrEqual(segmentBytes);
	expect(tail).toBeGreaterThan(0.8 * tailSegments * segmentBytes);
	expect(tail).toBeLessThanOrEqual((tailSegments + 1) * segmentBytes);
}

test('a page that asks for a long session three hundred times and reads nothing costs the server no memory; it gets the session once, and others get theirs', async () => {
	const server = await startTargetServer();
	onTestFinished(() => server.close());
	const target = await server.target();
	const { session } = (await call(target, 'POST', '/api/sessions', { runbook: 'field/wolf', name: 'long', values: {}, detected: [] })).body as { session: string };
	for (let round = 0; round < 8; round += 1) await call(target, 'PUT', `/api/sessions/${session}/values`, { values: { folder: `/${round}${'x'.repeat(150_000)}` }, detected: [] });
	const lazy = await openRaw(target);
	onTestFinished(() => lazy.end());
	lazy.stopReading();

	for (let asked = 0; asked < 300; asked += 1) lazy.write(frame(opcode.text, JSON.stringify({ type: 'session.follow', session, from: 0 })));
	// What is asked of the same server afterwards is answered after all of these.
	lazy.write(frame(opcode.text, JSON.stringify({ type: 'run.follow', run: 'none', from: 0 })));
	const other = await openRaw(target);
	onTestFinished(() => other.end());
	other.write(frame(opcode.text, JSON.stringify({ type: 'session.follow', session, from: 0 })));
	expect(await other.saw('"/7xxx')).toBe(true);
	const memory = memoryOf(server.pid);

	lazy.readOn();
	expect(await lazy.saw('"/7xxx')).toBe(true);
	expect(memory).toBeGreaterThan(20);
	expect(memory).toBeLessThan(200);
}, 60_000);

const isLong = Boolean(process.env['CI']);

test('a reader who never reads 130 MB holds up neither the program nor another reader, and costs the server no memory', () => flood({ alone: 200_000, beside: 1_100_000 }), 300_000);

test.skipIf(!isLong)('nor does one who never reads a gigabyte (takes more than a minute: set CI=1 to run it)', () => flood({ alone: 1_000_000, beside: 9_500_000 }), 600_000);
