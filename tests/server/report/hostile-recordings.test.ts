/** Output that would keep its reader busy: the report comes in time, and the server answers others meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locales } from '../../../src/i18n/locale.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { Entry } from '../../../src/runbook/session/session-event.ts';
import { makeReport } from '../../../server/report/make-report.ts';
import { drawLimits, Drawer } from '../../../server/report/recording/draw-apart.ts';
import { cutText, formatEvent, formatHeader } from '../../../src/runbook/run/recording-line.ts';
import { openPass, startDrover, type Drover, type Pass } from '../drover.ts';
import { nightRoot, nightStore } from './night.ts';

let drover: Drover;
let pass: Pass;
let recording: string;
beforeAll(async () => {
	drover = await startDrover({ root: nightRoot });
	writeFileSync(join(drover.folder, 'drum.sh'), '#!/bin/bash\necho dumm\n', { mode: 0o755 });
	const values = { folder: drover.folder };
	pass = await openPass(drover, 'night/watch', values, (step, kind, given) => renderStep(nightStore.step(nightStore.get('night/watch'), step), kind, nightStore.resolve(nightStore.get('night/watch'), given))?.display ?? '');
	await pass.look({ step: 'field', for: 'done', values });
	const { run } = (await pass.run('drum')).body as { run: string };
	await pass.until((session) => {
		const state = session.runs.get(run)?.state;
		return state?.kind === 'ended' && state.terminal === 'closed';
	});
	recording = join(drover.stateDir, 'runs', run, 'recording.cast');
});
afterAll(async () => {
	pass?.close();
	await drover?.close();
});

const record = (file: string, text: string) => writeFileSync(file, formatHeader(80, 24, 0) + cutText(text).map((piece, index) => formatEvent({ kind: 'output', time: index, text: piece })).join(''), { mode: 0o600 });

const ESC = '\u001b';
const attacks = {
	'63 KB of scrolling': `${ESC}[1000S`.repeat(9_000),
	'1 MB of scrolling': `${ESC}[1000S`.repeat(150_000),
	'1 MB of scrolling in a region': `${ESC}[2;9r${ESC}[1000L`.repeat(70_000),
	'32 Ki resets': `${ESC}c`.repeat(32_768),
	'screens that come and go': `${ESC}[?1049h${ESC}[?1049l`.repeat(60_000),
	'a list of colours without an end': `${ESC}]4;${';'.repeat(500_000)}\u0007`,
	'links in every line': `${ESC}]8;;http://a\u0007x\n`.repeat(40_000),
	'blank lines below many': 'x\r\n'.repeat(2_500) + '\r\n'.repeat(2_490),
	'a tower of accents': `e${'\u0301'.repeat(500_000)}`,
};

const sum = ({ user, system }: { user: number; system: number }) => (user + system) / 1000;

describe.each(Object.entries(attacks))('%s', (_, text) => {
	test('the report is there in five seconds, and the server answers all the while', async () => {
		record(recording, `begin\r\n${text}\r\nend\r\n`);
		// By processor time: a busy machine is no fault of the report's.
		let isMade = false;
		let slowestMs = 0;
		const watching = (async () => {
			while (!isMade) {
				const before = process.threadCpuUsage();
				await (await fetch(`http://127.0.0.1:${drover.port}/`)).text();
				slowestMs = Math.max(slowestMs, sum(process.threadCpuUsage(before)));
			}
		})();

		const before = process.cpuUsage();
		const { status, body } = await drover.call('GET', `/api/sessions/${pass.id}/report?format=html&locale=en`);
		const tookMs = sum(process.cpuUsage(before));
		isMade = true;
		await watching;

		expect(status).toBe(200);
		expect(String(body)).toContain('end');
		expect(tookMs).toBeLessThan(5_000);
		expect(slowestMs).toBeLessThan(500);
	});
});

test.each(locales)('an output that takes too long to draw is told as text, and a sentence says so (%s)', async (locale) => {
	record(recording, `first\r\n${ESC}[31mhurry up\r\n`);
	const { body } = await drover.call('GET', `/api/sessions/${pass.id}`);
	const entries = (body as { entries: unknown[] }).entries.map((entry) => Entry.parse(entry));
	const made = await makeReport({ entries, runs: join(drover.stateDir, 'runs'), runbooks: nightStore, drover: '9', madeAt: '2026-01-01T00:00:00Z', format: 'md', locale, limits: { ...drawLimits, allMs: 0 } });

	expect(made?.text).toContain('first\nhurry up');
	expect(made?.text).toContain(locale === 'en' ? 'It is shown as plain text.' : '这里只列出纯文本。');
});

test('what was left out of a picture is said in the report', async () => {
	record(recording, `first\r\n${`${ESC}[1000S`.repeat(9_000)}last\r\n`);
	const { body } = await drover.call('GET', `/api/sessions/${pass.id}/report?format=md&locale=en`);

	expect(String(body)).toContain('Some sequences were left out');
});

describe('a thread that draws', () => {
	const request = (folder: string) => ({ folder, size: { columns: 80, rows: 24 }, maxBytes: 8_000_000, moving: false, notes: { cut: '', gap: '', dropped: '' }, locale: 'en' });
	const make = (text: string) => {
		const folder = join(drover.folder, `run-${Math.floor(performance.now() * 1000)}`);
		mkdirSync(folder);
		record(join(folder, 'recording.cast'), text);
		return request(folder);
	};

	test('is ended when it takes too long, and the next recording is drawn by another', async () => {
		const drawer = new Drawer({ ...drawLimits, oneMs: 1 });
		const slow = await drawer.draw(make('slow\r\n'.repeat(1_000_000)));
		drawer.close();
		const other = new Drawer(drawLimits);
		const fast = await other.draw(make('fast\r\n'));
		other.close();

		expect(slow.drawing).toBeUndefined();
		expect(fast.drawing?.text).toEqual(['fast']);
	});

	test('that runs out of memory takes nothing else with it', async () => {
		const drawer = new Drawer({ ...drawLimits, memoryMb: 8 });
		const drawn = await drawer.draw(make('漢字 and more\r\n'.repeat(50_000)));
		drawer.close();

		expect(drawn.drawing).toBeUndefined();
	});

	test('ends when nobody waits for the report any more', async () => {
		const gone = new AbortController();
		const drawer = new Drawer(drawLimits, gone.signal);
		const drawing = drawer.draw(make('slow\r\n'.repeat(1_000_000)));
		gone.abort();

		await expect(drawing).rejects.toThrow('aborted');
	});
});
