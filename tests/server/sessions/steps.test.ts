import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../src/runbook/protocol/protocol.ts';
import { foldSession } from '../../../src/runbook/session/session.ts';
import { openPass, startDrover, type Drover, type Pass } from '../drover.ts';
import { previewOf } from '../preview-of.ts';

let drover: Drover;
let pass: Pass;
let values: Record<string, string>;
const kind = (session: Awaited<ReturnType<Pass['session']>>, step: string) => session.steps.get(step)?.kind ?? 'todo';

beforeEach(async () => {
	drover = await startDrover();
	values = { folder: drover.folder, name: 'bella', password: 'opensesame' };
	pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
});

afterEach(async () => {
	pass.close();
	await drover.close();
});

async function prepare() {
	await pass.look({ step: 'folder-there', for: 'done', values });
	await pass.look({ step: 'tools', for: 'done', values });
	await pass.run('print');
	await pass.until((session) => [...session.runs.values()].some(({ state }) => state.kind === 'ended' && state.terminal === 'closed'));
	await pass.mark('ask', 'skipped', 'not today');
}

describe('a step', () => {
	test('runs, is checked, and ticks itself with what the check saw', async () => {
		await prepare();

		const started = await pass.run('make');
		const session = await pass.until((one) => kind(one, 'make') === 'verified');

		expect(started.status).toBe(201);
		expect(existsSync(join(drover.folder, 'bella'))).toBe(true);
		expect(session.steps.get('make')).toMatchObject({ kind: 'verified', saw: [{ name: 'file-there' }] });
		const [run] = [...session.runs.values()].filter((one) => one.step === 'make');
		expect(run).toMatchObject({ display: `mkdir ${drover.folder}/bella`, state: { kind: 'ended', end: { code: 0 } } });
	});

	test('is found done by looking, and then not run', async () => {
		await prepare();
		mkdirSync(join(drover.folder, 'bella'));

		const answer = await pass.run('make');

		expect(answer).toMatchObject({ status: 200, body: { found: [{ name: 'file-there' }] } });
		expect(await pass.session().then((session) => [kind(session, 'make'), session.runs.size])).toEqual(['found', 1]);
	});

	test('that fails shows its hint and stops the way onward', async () => {
		await prepare();
		const elsewhere = { ...values, folder: join(drover.folder, 'nowhere') };
		await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: elsewhere, detected: [] });

		await pass.run('make', { values: elsewhere });
		const session = await pass.until((one) => (one.hints.get('make')?.length ?? 0) > 1);
		const onward = await pass.run('fill', { values: elsewhere });

		expect(session.steps.get('make')).toMatchObject({ kind: 'failed', why: 'run' });
		expect(session.hints.get('make')).toEqual(['no-folder', 'said-so']);
		expect(onward).toMatchObject({ status: 409, body: { problems: [{ name: 'step.out-of-order', slots: { before: 'make' } }] } });
	});

	test.each<[string, Partial<RunRequest>, number, string]>([
		['another preview', { preview: 'mkdir /else' }, 409, 'preview.differs'],
		['a blank preview', { preview: ' ' }, 409, 'preview.differs'],
		['an unknown step', { step: 'mkae' }, 404, 'step.unknown'],
		['an unknown runbook', { runbook: 'demo/fils' }, 404, 'runbook.unknown'],
		['another runbook than the session\'s', { runbook: 'demo/herd' }, 409, 'session.other-runbook'],
		['an unknown session', { session: 'nope' }, 404, 'session.unknown'],
		['an unknown node', { node: 'x' }, 404, 'node.unknown'],
		['no confirmation', { confirmed: false }, 409, 'step.needs-confirmation'],
		['a refused value', { values: { folder: '/tmp', name: '-rf' } }, 400, 'value.dash'],
		['a missing value', { values: {} }, 400, 'value.missing'],
		['a name that is no parameter', { values: { folder: '/tmp', nmae: 'x' } }, 400, 'value.unknown'],
	])('is refused with %s, and nothing runs', async (_, more, status, name) => {
		await prepare();
		const before = (await pass.session()).n;

		const answer = await pass.run('make', { preview: `mkdir ${drover.folder}/bella`, ...more });

		expect(answer).toMatchObject({ status, body: { problems: [{ name }] } });
		expect((await pass.session()).n).toBe(before);
	});

	test('an out-of-date preview is answered with both texts', async () => {
		await prepare();
		const answer = await pass.run('make', { preview: 'mkdir /old' });
		expect(answer.body).toMatchObject({ shown: 'mkdir /old', rendered: `mkdir ${drover.folder}/bella` });
	});

	test('that destroys asks for the name of its object', async () => {
		await prepare();
		for (const step of ['make', 'fill']) {
			await pass.run(step);
			await pass.until((one) => kind(one, step) === 'verified');
		}
		await pass.mark('sign', 'by-hand');
		await pass.look({ step: 'proof', for: 'done', values });

		expect(await pass.run('remove')).toMatchObject({ status: 409, body: { problems: [{ name: 'step.needs-object-name' }] } });
		expect(await pass.run('remove', { object: 'bell' })).toMatchObject({ status: 409 });
		expect(await pass.run('remove', { object: 'bella' })).toMatchObject({ status: 201 });
		await pass.until((one) => kind(one, 'remove') === 'verified');
		expect(existsSync(join(drover.folder, 'bella'))).toBe(false);
	});

	test('that only looks says by its hints why it failed', async () => {
		const elsewhere = { ...values, folder: join(drover.folder, 'no', 'where') };

		await pass.look({ step: 'folder-there', for: 'done', values: elsewhere });

		const session = await pass.session();
		expect(session.steps.get('folder-there')).toMatchObject({ kind: 'failed', why: 'check' });
		expect(session.hints.get('folder-there')).toEqual(['nowhere']);
	});

	test('that only looks, and may take its time, is waited for', async () => {
		await prepare();
		for (const step of ['make', 'fill', 'sign']) await pass.mark(step, 'skipped', 'test');

		await pass.look({ step: 'proof', for: 'done', values });
		const before = await pass.session();
		mkdirSync(join(drover.folder, 'bella', 'grass'), { recursive: true });
		const after = await pass.until((one) => kind(one, 'proof') === 'verified');

		expect(kind(before, 'proof')).toBe('todo');
		expect(after.steps.get('proof')).toMatchObject({ saw: [{ slots: { text: 'grass' } }] });
	});

	test('answers a prompt in its terminal, and the answer is recorded nowhere', async () => {
		await pass.look({ step: 'folder-there', for: 'done', values });
		await pass.look({ step: 'tools', for: 'done', values });
		await pass.run('print');
		await pass.until((session) => kind(session, 'print') === 'ran');
		const { body } = await pass.run('ask');
		const { run } = body as { run: string };
		const socket = await drover.socket();
		socket.send({ type: 'run.follow', run, from: 0 });
		await socket.next('run.events', ({ events }) => events.some((event) => event.kind === 'output' && event.text.includes('Password')));

		socket.send({ type: 'run.input', run, id: 'k1', text: 'opensesame\r' });

		expect(await socket.next('run.typed')).toMatchObject({ id: 'k1', result: 'typed' });
		const session = await pass.until((one) => kind(one, 'ask') === 'ran');
		expect(session.steps.get('ask')).toMatchObject({ kind: 'ran' });
		const output = await drover.call('GET', `/api/runs/${run}/output`);
		expect(output.body).toContain('right, bella');
		expect(grep(drover.stateDir, 'opensesame')).toEqual([]);
		socket.close();
	});

	test('a second change is refused while one is under way, and cancelling ends the first', async () => {
		await prepare();
		const long = { ...values, wait: 'long' };
		await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: long, detected: [] });
		await pass.run('make', { values: long });
		await pass.until((one) => kind(one, 'make') === 'verified');
		const { body } = await pass.run('fill', { values: long });
		await pass.until((one) => [...one.runs.values()].at(-1)?.state.kind === 'running');
		const other = await openPass(drover, 'demo/files', { ...values, name: 'other' }, previewOf('demo/files'));
		for (const step of ['folder-there', 'tools', 'print', 'ask']) await other.mark(step, 'skipped', 'test');

		const second = await other.run('make');
		const cancelled = await drover.call('DELETE', `/api/runs/${(body as { run: string }).run}`);
		const session = await pass.until((one) => kind(one, 'fill') === 'failed');

		expect(second).toMatchObject({ status: 409, body: { problems: [{ name: 'step.other-change-running', slots: { other: 'fill' } }] } });
		expect(cancelled.status).toBe(202);
		expect([...session.runs.values()].at(-1)?.signals[0]).toMatchObject({ type: 'run.signalled', signal: 'SIGINT' });
		other.close();
	});

	test('is taken back in reverse order, with the values it was run with', async () => {
		await prepare();
		for (const step of ['make', 'fill']) {
			await pass.run(step);
			await pass.until((one) => kind(one, step) === 'verified');
		}
		const later = { ...values, name: 'changed' };

		const early = await pass.run('make', { kind: 'undo', preview: `rmdir ${drover.folder}/bella`, values: later });
		const fill = await pass.run('fill', { kind: 'undo', preview: `rm -f ${drover.folder}/bella/grass`, values: later });
		await pass.until((one) => kind(one, 'fill') === 'undone');
		const make = await pass.run('make', { kind: 'undo', preview: `rmdir ${drover.folder}/bella`, values: later });
		const session = await pass.until((one) => kind(one, 'make') === 'undone');

		expect(early).toMatchObject({ status: 409, body: { problems: [{ name: 'step.undo-order', slots: { later: 'fill' } }] } });
		expect([fill.status, make.status]).toEqual([201, 201]);
		expect(existsSync(join(drover.folder, 'bella'))).toBe(false);
		expect(session.steps.get('make')?.kind).toBe('undone');
	});

	test('a tick that no longer holds is taken away when it is looked at again', async () => {
		await prepare();
		await pass.run('make');
		await pass.until((one) => kind(one, 'make') === 'verified');
		rmdirSync(join(drover.folder, 'bella'));

		await pass.look({ prove: true, values });
		const stale = await pass.session();
		mkdirSync(join(drover.folder, 'bella'));
		await pass.look({ prove: true, values });

		expect(stale.steps.get('make')).toMatchObject({ kind: 'stale', was: 'verified', saw: [{ name: 'file-absent' }] });
		expect(kind(await pass.session(), 'make')).toBe('verified');
	});
});

test('a session is found again by a new server, with its values and marks and without its secrets', async () => {
	await prepare();
	const { stateDir, folder } = drover;
	// The last fact of a run, that its terminal is closed, comes a moment after its end.
	await expect.poll(async () => [...(await pass.session()).runs.values()].every(({ state }) => state.kind === 'ended' && state.terminal === 'closed'), { timeout: 50_000 }).toBe(true);
	const before = await pass.session();
	pass.close();
	await drover.served.close();

	const again = await startDrover({ stateDir, folder });
	const { body } = await again.call('GET', `/api/sessions/${pass.id}`);

	const { entries } = body as { entries: Parameters<typeof foldSession>[0] };
	expect(foldSession(entries)).toEqual(before);
	expect(before.values).toEqual({ folder, name: 'bella' });
	expect(grep(stateDir, 'opensesame')).toEqual([]);
	drover = again;
	pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
});

/** Files below a folder that hold a text. */
/** Files below a folder that hold a text. Where one gets its last name meanwhile, all are read again. */
function grep(folder: string, text: string): string[] {
	for (;;) {
		try {
			return readdirSync(folder, { recursive: true, withFileTypes: true })
				.filter((one) => one.isFile())
				.map((one) => join(one.parentPath, one.name))
				.filter((path) => readFileSync(path).includes(text));
		} catch (error) {
			if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
		}
	}
}
