/** Sessions over the interface: several, named, resumed, closed; and what is left of one whose journal or runs were damaged. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionSummary } from '../../../src/runbook/protocol/protocol.ts';
import { Live } from '../../../server/runs/files/run-files.ts';
import { killAll, until } from '../runs/harness.ts';
import { openPass, startDrover, type Drover, type Pass } from '../drover.ts';
import { previewOf } from '../preview-of.ts';

let drover: Drover;
let values: Record<string, string>;

beforeEach(async () => {
	drover = await startDrover();
	values = { folder: drover.folder, name: 'bella', wait: 'long' };
});

afterEach(async () => {
	if (drover.served.runtime.ready) {
		const path = drover.served.runtime.folder;
		killAll({ path, runs: join(path, 'runs'), sessions: '', sockets: '', cache: '' });
	}
	await drover.close();
	rmSync(drover.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const open = (name = 'Tonight') => openPass(drover, 'demo/files', { ...values, name: name.toLowerCase() }, previewOf('demo/files'));
const journalOf = (id: string) => join(drover.stateDir, 'sessions', id, 'journal.jsonl');
const summaries = async () => (await drover.call('GET', '/api/sessions')).body as SessionSummary[];
const summaryOf = async (id: string) => (await summaries()).find((one) => one.session === id);

/** Ends the server, does something to its files, and starts the next one on them. */
async function restart(meanwhile: () => void): Promise<void> {
	const { stateDir, folder } = drover;
	await drover.served.close();
	meanwhile();
	drover = await startDrover({ stateDir, folder });
}

/** Comes to the step that sleeps, and starts it. */
async function startLong(pass: Pass): Promise<string> {
	for (const step of ['folder-there', 'tools', 'print', 'ask']) await pass.mark(step, 'skipped', 'test');
	await pass.run('make');
	await pass.until((one) => one.steps.get('make')?.kind === 'verified');
	const { body } = await pass.run('fill');
	const { run } = body as { run: string };
	await pass.until((one) => one.runs.get(run)?.state.kind === 'running');
	return run;
}

describe('sessions', () => {
	test('stand side by side, each with its name, values and marks', async () => {
		const [one, other] = [await open('One'), await open('Other')];

		await one.mark('folder-there', 'by-hand');
		await drover.call('PATCH', `/api/sessions/${other.id}`, { name: '明晚' });

		const all = await summaries();
		expect(all.map(({ session, name, settled }) => [session, name, settled]).sort()).toEqual([[one.id, 'Tonight', 1], [other.id, '明晚', 0]].sort());
		expect((await other.session()).steps.size).toBe(0);
		expect((await one.session()).values['name']).toBe('one');
	});

	test('that are closed take nothing until they are opened again, also by the next server', async () => {
		const pass = await open();
		const { n } = await pass.session();
		await drover.call('PATCH', `/api/sessions/${pass.id}`, { closed: true });

		const refused = [
			await pass.mark('folder-there', 'by-hand'),
			await pass.look({ step: 'folder-there', for: 'done', values }),
			await pass.run('make'),
			await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: { name: 'else' }, detected: [] }),
		];
		await restart(() => undefined);
		const after = await summaryOf(pass.id);
		await drover.call('PATCH', `/api/sessions/${pass.id}`, { closed: false });

		for (const answer of refused) expect(answer).toMatchObject({ status: 409, body: { problems: [{ name: 'session.closed' }] } });
		expect(after).toMatchObject({ closed: true });
		expect(await drover.call('GET', `/api/sessions/${pass.id}`)).toMatchObject({ body: { entries: { length: n + 2 } } });
		expect((await drover.call('POST', `/api/sessions/${pass.id}/marks`, { step: 'folder-there', mark: 'by-hand', reason: '' })).status).toBe(200);
	});
});

describe('a journal', () => {
	test('whose last line was torn opens without it, and says where the rest was put', async () => {
		const pass = await open();
		await pass.mark('folder-there', 'by-hand');
		const path = journalOf(pass.id);

		await restart(() => writeFileSync(path, readFileSync(path).subarray(0, -5)));

		const { body } = await drover.call('GET', `/api/sessions/${pass.id}`);
		expect(body).toMatchObject({ entries: { length: 2 }, notices: [{ name: 'journal.torn', slots: { path, line: 3, aside: `${path}.torn-3` } }] });
		expect(await summaryOf(pass.id)).toMatchObject({ settled: 0, notices: [{ name: 'journal.torn' }] });
		expect(readFileSync(`${path}.torn-3`, 'utf8')).toMatch(/^\{"n":3,/);
	});

	test.each<[string, (lines: string[]) => void]>([
		['a byte that is different', (lines) => lines.splice(1, 1, lines[1]?.replace('one', 'onf') ?? '')],
		['a line that is missing', (lines) => lines.splice(1, 1)],
		['two lines that changed places', (lines) => lines.splice(1, 2, lines[2] ?? '', lines[1] ?? '')],
	])('with %s stops that session with file and line; the others open', async (_, damage) => {
		const [broken, sound] = [await open('One'), await open('Other')];
		for (const step of ['folder-there', 'tools']) await broken.mark(step, 'by-hand');
		const path = journalOf(broken.id);

		await restart(() => {
			const lines = readFileSync(path, 'utf8').split('\n');
			damage(lines);
			writeFileSync(path, lines.join('\n'));
		});

		const corrupt = { name: 'journal.corrupt', slots: { path, line: 2 } };
		expect(await summaryOf(broken.id)).toMatchObject({ damaged: corrupt });
		expect(await drover.call('GET', `/api/sessions/${broken.id}`)).toMatchObject({ status: 503, body: { problems: [corrupt] } });
		expect((await drover.call('POST', `/api/sessions/${sound.id}/marks`, { step: 'folder-there', mark: 'by-hand', reason: '' })).status).toBe(200);
	});
});

describe('what goes on', () => {
	test('of a session that cannot be read keeps others from changing anything beside it', async () => {
		const pass = await open('One');
		const run = await startLong(pass);
		const path = journalOf(pass.id);
		await restart(() => writeFileSync(path, readFileSync(path, 'utf8').replace('one', 'onf')));
		const other = await open('Other');
		for (const step of ['folder-there', 'tools', 'print', 'ask']) await other.mark(step, 'skipped', 'test');

		const beside = await other.run('make');
		await drover.call('DELETE', `/api/runs/${run}`);
		await until(() => drover.served.runtime.ready && drover.served.runtime.runs.get(run)?.state.kind === 'ended', 'the end of the stray run');
		const after = await other.run('make');

		expect(beside).toMatchObject({ status: 409, body: { problems: [{ name: 'step.other-change-running', slots: { other: 'fill' } }] } });
		expect(after.status).toBe(201);
	});

	test('and is stopped by a signal says so to the page until it goes on', async () => {
		const pass = await open('One');
		const run = await startLong(pass);
		const { program } = Live.parse(JSON.parse(readFileSync(join(drover.stateDir, 'runs', run, 'live.json'), 'utf8')));
		const socket = await drover.socket();
		socket.send({ type: 'session.follow', session: pass.id, from: 0 });

		process.kill(program.pid, 'SIGSTOP');
		await socket.next('session.run', (message) => message.run === run && message.state.kind === 'running' && message.state.stopped);
		process.kill(program.pid, 'SIGCONT');
		const again = await socket.next('session.run', (message) => message.state.kind === 'running' && !message.state.stopped);

		expect(again.state).toMatchObject({ kind: 'running', reach: 'full', stopped: false });
		socket.close();
	});
});

test('a run whose folder is gone is unknown, and the check of its step settles the step', async () => {
	const pass = await open('One');
	const run = await startLong(pass);
	const live = Live.parse(JSON.parse(readFileSync(join(drover.stateDir, 'runs', run, 'live.json'), 'utf8')));
	// While no server is there, which would tell another end of it.
	await restart(() => {
		for (const { pid } of [live.supervisor, live.holder, live.program]) process.kill(pid, 'SIGKILL');
		rmSync(join(drover.stateDir, 'runs', run), { recursive: true });
	});
	const sessionNow = async () => (await drover.call('GET', `/api/sessions/${pass.id}`)).body as { entries: { event: { type: string; run?: string; reason?: string } }[] };

	const lost = (await sessionNow()).entries.at(-1)?.event;
	writeFileSync(join(drover.folder, 'one', 'grass'), '');
	const looked = await drover.call('POST', `/api/sessions/${pass.id}/looks`, { step: 'fill', for: 'done', values: { ...values, name: 'one' } });

	expect(lost).toEqual({ type: 'run.unknown', run, reason: 'damaged' });
	expect(looked).toMatchObject({ status: 200, body: { looks: [{ step: 'fill', result: 'passed' }] } });
	expect(await summaryOf(pass.id)).toMatchObject({ running: false, settled: 6 });
});
