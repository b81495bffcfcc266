import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findSegments } from '../../../src/runbook/recording.ts';
import { segmentBytes, tailSegments } from '../../../src/runbook/recording-line.ts';
import { collect, reachKind, reachOver, readLive, setStage, until } from './harness.ts';

const isLong = Boolean(process.env.CI);
const why = 'takes a minute: set CI=1 to run it';

/** Resident memory of a process in MiB. */
function memoryOf(pid: number): number {
	const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
	return Number(kibibytes) / 1024;
}

const million = 1_000_000;
const line = `${'x'.repeat(98)}\r\n`;

test.skipIf(!isLong)(
	`a gigabyte of output keeps memory flat, its beginning and its end (${why})`,
	async () => {
		const { shell, state } = setStage();
		const lines = 10 * million;
		const run = shell(`yes ${'x'.repeat(98)} | head -n ${lines}; echo last`);
		await reachKind(run, 'running');
		const { supervisor } = readLive(state, run.id);
		let most = 0;
		const measuring = setInterval(() => {
			if (run.state.kind === 'running') most = Math.max(most, memoryOf(supervisor.pid));
		}, 100);
		onTestFinished(() => clearInterval(measuring));

		const ended = await reachOver(run);

		expect(ended).toMatchObject({ end: { code: 0 }, output: { kind: 'cut' } });
		expect(most).toBeLessThan(200);
		const events = await collect(run.follow(1, new AbortController().signal));
		const kept = events.reduce((sum, event) => sum + (event.kind === 'output' ? event.text.length : 0), 0);
		const gap = events.find((event) => event.kind === 'gap');
		if (ended.kind !== 'ended' || ended.output.kind !== 'cut' || gap?.kind !== 'gap')
			throw new Error('Nothing was cut.');
		expect(gap.bytes).toBe(ended.output.droppedBytes);
		expect(kept + gap.bytes).toBe(lines * line.length + 'last\r\n'.length);
		expect(events.at(-1)).toMatchObject({ text: expect.stringMatching(/last\r\n$/) });
		const folder = join(state.runs, run.id);
		const bytes = findSegments(readdirSync(folder)).reduce(
			(sum, { name }) => sum + statSync(join(folder, name)).size,
			0,
		);
		expect(bytes).toBeLessThan((tailSegments + 3) * segmentBytes);
	},
	300_000,
);

test.skipIf(!isLong)(
	`a flood is cancelled by the first signal, before a second one is due (${why})`,
	async () => {
		const { start, told } = setStage();
		const run = start({ argv: ['yes'] });
		await reachKind(run, 'running');
		await until(() => run.written > 100, 'the flood');

		await run.cancel();

		expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGINT' } });
		expect(told.flatMap((event) => (event.type === 'run.signalled' ? [event.signal] : []))).toEqual(['SIGINT']);
	},
	120_000,
);

/** A server with one page that never reads and one that does; prints what the second one got and the most memory that the server took. */
const slowReader = `
	const root = process.env.ROOT;
	const { startDrover } = await import(root + '/tests/server/drover.ts');
	const { WebSocket } = await import('ws');
	const drover = await startDrover();
	const { runs } = drover.served.workshop;
	const run = runs.start({ session: 'nobody', step: 's', display: 'x', definition: '', cwd: '/', argv: ['sh', '-c', 'yes ${'x'.repeat(98)} | head -n 2000000; echo last'] });
	let most = 0;
	setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 100).unref();
	const origin = 'http://127.0.0.1:' + drover.port;
	const open = async () => {
		const page = new WebSocket(origin.replace('http', 'ws') + '/api/socket', ['drover.v1', 'drover.token.' + drover.token], { origin });
		await new Promise((resolve) => page.once('open', resolve));
		page.send(JSON.stringify({ type: 'run.follow', run: run.id, from: 0 }));
		return page;
	};
	const asleep = await open();
	asleep.pause();
	const reader = await open();
	let bytes = 0, n = 0, holes = 0, last = '';
	await new Promise((resolve) => reader.on('message', (data) => {
		const { type, events, end } = JSON.parse(data);
		if (type !== 'run.events') return;
		for (const event of events) {
			if ((event.kind === 'gap' ? event.from : event.n) !== n + 1) holes += 1;
			n = event.n;
			bytes += event.kind === 'gap' ? event.bytes : event.text.length;
			last = event.text ?? last;
		}
		if (end) resolve();
	}));
	console.log(JSON.stringify({ bytes, holes, last: last.slice(-6), mebibytes: Math.round(most / 2 ** 20), kind: run.state.kind }));
	asleep.terminate();
	reader.terminate();
	await drover.close();
	process.exit(0);`;

test.skipIf(!isLong)(
	`a page that never reads costs the server no memory and another page no event (${why})`,
	async () => {
		const root = join(import.meta.dirname, '../../..');
		const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', slowReader], { env: { ...process.env, ROOT: root }, cwd: root });

		const seen = JSON.parse(stdout);
		expect(seen).toMatchObject({ bytes: 2 * million * line.length + 'last\r\n'.length, holes: 0, last: 'last\r\n', kind: 'ended' });
		expect(seen.mebibytes).toBeLessThan(200);
	},
	300_000,
);

test.skipIf(!isLong)(
	`two hundred short programs lose nothing while the processor is busy (${why})`,
	async () => {
		const burners = Array.from({ length: 3 }, () => spawn('sh', ['-c', 'while :; do :; done']));
		onTestFinished(() => burners.forEach((burner) => void burner.kill('SIGKILL')));
		const { start } = setStage();
		const whole = Array.from({ length: 3000 }, (_, index) => `${index + 1}\r\n`).join('');

		for (let round = 0; round < 50; round += 1) {
			const runs = Array.from({ length: 4 }, () => start({ argv: ['seq', '1', '3000'] }));
			for (const run of runs) {
				expect(await reachOver(run)).toMatchObject({ end: { code: 0 }, output: { kind: 'whole' } });
				expect(await run.output()).toBe(whole);
			}
		}
	},
	600_000,
);
