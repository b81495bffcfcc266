/** Phase runs over the interface, with real shells. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PhaseRequest, SessionSummary } from '../../src/runbook/protocol/protocol.ts';
import { lastPhase, type PhaseState } from '../../src/runbook/session/phase-state.ts';
import type { Session } from '../../src/runbook/session/session.ts';
import { openPass, startDrover, type Drover, type Pass } from './drover.ts';
import { previewOf } from './preview-of.ts';

let drover: Drover;
let pass: Pass;
let values: Record<string, string>;
const preview = previewOf('demo/files');
const kind = (session: Session, step: string) => session.steps.get(step)?.kind ?? 'todo';
const ended = (session: Session) => lastPhase(session)?.end !== undefined;
const runsOf = (session: Session) => [...session.runs.values()].map(({ step }) => step);

beforeEach(async () => {
	drover = await startDrover();
	values = { folder: drover.folder, name: 'bella', password: 'opensesame' };
	pass = await openPass(drover, 'demo/files', values, preview);
});

afterEach(async () => {
	pass.close();
	await drover.close();
});

type More = Partial<Omit<PhaseRequest, 'steps'>>;

/** Asks for a phase run of these steps. */
function press(steps: readonly string[], more: More = {}) {
	const given = more.values ?? values;
	const body = { session: pass.id, runbook: 'demo/files', steps: steps.map((step) => ({ step, preview: preview(step, 'run', given) })), values: given, confirmed: true, size: { columns: 80, rows: 24 }, ...more };
	return drover.call('POST', '/api/phases', body);
}

/** The end of the last phase run. */
async function endOf(): Promise<PhaseState['end'] & { readonly session: Session }> {
	const session = await pass.until(ended);
	const end = lastPhase(session)?.end;
	if (!end) throw new Error('It has no end.');
	return { ...end, session };
}

const skip = async (...steps: string[]) => {
	for (const step of steps) await pass.mark(step, 'skipped', 'test');
};
const toChange = () => skip('folder-there', 'tools', 'print', 'ask');

describe('a phase run', () => {
	test('takes all steps of a phase in turn: each is run, checked and settled', async () => {
		await toChange();

		const answer = await press(['make', 'fill']);
		const { reason, session } = await endOf();

		expect(answer.status).toBe(201);
		expect(reason).toBe('done');
		expect([kind(session, 'make'), kind(session, 'fill')]).toEqual(['verified', 'verified']);
		expect(existsSync(join(drover.folder, 'bella', 'grass'))).toBe(true);
		expect(lastPhase(session)).toMatchObject({ part: 'change', steps: [{ step: 'make' }, { step: 'fill' }], begun: [{ step: 'make' }, { step: 'fill' }] });
	});

	test('finds what is done already, and runs the rest', async () => {
		await toChange();
		mkdirSync(join(drover.folder, 'bella'));

		await press(['make', 'fill']);
		const { reason, session } = await endOf();

		expect([reason, kind(session, 'make'), kind(session, 'fill'), runsOf(session)]).toEqual(['done', 'found', 'verified', ['fill']]);
	});

	test('of the preflight does every check, also after one that failed', async () => {
		const elsewhere = { ...values, folder: join(drover.folder, 'no', 'where') };
		await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: elsewhere, detected: [] });

		await press(['folder-there', 'tools'], { values: elsewhere, confirmed: false });
		const { reason, step, session } = await endOf();

		expect([reason, step, kind(session, 'folder-there'), kind(session, 'tools')]).toEqual(['failed', 'folder-there', 'failed', 'verified']);
		expect(session.hints.get('folder-there')).toEqual(['nowhere']);
	});

	test('stops at the first step that fails; nothing after it is begun', async () => {
		await toChange();
		const elsewhere = { ...values, folder: join(drover.folder, 'nowhere') };
		await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: elsewhere, detected: [] });

		await press(['make', 'fill'], { values: elsewhere });
		const { reason, step, session } = await endOf();

		expect([reason, step, runsOf(session)]).toEqual(['failed', 'make', ['make']]);
		expect(lastPhase(session)?.begun.map((one) => one.step)).toEqual(['make']);
	});

	test('stops before a step that is for the reader, and goes on after it', async () => {
		await toChange();
		await skip('make', 'fill');

		const refused = await press(['sign']);
		await pass.mark('sign', 'by-hand');
		mkdirSync(join(drover.folder, 'bella', 'grass'), { recursive: true });
		await press(['proof'], { confirmed: false });
		const { reason, session } = await endOf();

		expect(refused).toMatchObject({ status: 409, body: { problems: [{ name: 'step.by-hand' }] } });
		expect([reason, kind(session, 'proof')]).toEqual(['done', 'verified']);
	});

	test('waits for a check that takes its time', async () => {
		await skip('folder-there', 'tools', 'print', 'ask', 'make', 'fill', 'sign');
		const socket = await drover.socket();
		socket.send({ type: 'session.follow', session: pass.id, from: 0 });

		await press(['proof'], { confirmed: false });
		await socket.next('session.looking');
		mkdirSync(join(drover.folder, 'bella', 'grass'), { recursive: true });
		const { reason, session } = await endOf();

		expect([reason, kind(session, 'proof')]).toEqual(['done', 'verified']);
		socket.close();
	});

	test('that destroys is one step, with the name of its object', async () => {
		await skip('folder-there', 'tools', 'print', 'ask', 'make', 'fill', 'sign', 'proof');
		mkdirSync(join(drover.folder, 'bella'));

		const refused = [await press(['remove'], { confirmed: false }), await press(['remove']), await press(['remove'], { object: 'bell' })];
		await press(['remove'], { object: 'bella' });
		const { reason } = await endOf();

		expect(refused.map(({ body }) => body)).toMatchObject(['step.needs-confirmation', 'step.needs-object-name', 'step.needs-object-name'].map((name) => ({ problems: [{ name }] })));
		expect([reason, existsSync(join(drover.folder, 'bella'))]).toEqual(['done', false]);
	});

	test('answers a prompt by the terminal of its run, as any other', async () => {
		await skip('folder-there', 'tools');
		const socket = await drover.socket();

		await press(['print', 'ask'], { confirmed: false });
		const asking = await pass.until((session) => [...session.runs.values()].some(({ step, state }) => step === 'ask' && state.kind === 'running'));
		const run = [...asking.runs.values()].find(({ step }) => step === 'ask')!.id;
		socket.send({ type: 'run.follow', run, from: 0 });
		await socket.next('run.events', ({ events }) => events.some((event) => event.kind === 'output' && event.text.includes('Password:')));
		socket.send({ type: 'run.input', run, id: 'a', text: 'opensesame\r' });
		const { reason } = await endOf();

		expect(reason).toBe('done');
		expect(readFileSync(join(drover.stateDir, 'sessions', pass.id, 'journal.jsonl'), 'utf8')).not.toContain('opensesame');
		socket.close();
	});
});

describe('a phase run is refused, and nothing begins,', () => {
	test.each<[string, string[], More, number, string]>([
		['over a point of no return', ['make', 'fill', 'sign'], {}, 409, 'phase.steps'],
		['with a step left out', ['print', 'fill'], {}, 409, 'phase.steps'],
		['with what destroys beside others', ['proof', 'remove'], { object: 'bella' }, 409, 'step.out-of-order'],
		['in another order', ['fill', 'make'], {}, 409, 'step.out-of-order'],
		['of one step twice', ['make', 'make'], {}, 409, 'phase.steps'],
		['of two phases', ['print', 'make'], {}, 409, 'phase.steps'],
		['of an unknown step', ['make', 'fil'], {}, 404, 'step.unknown'],
		['without a confirmation', ['make', 'fill'], { confirmed: false }, 409, 'step.needs-confirmation'],
		['with a refused value', ['make', 'fill'], { values: { folder: '/tmp', name: '-rf' } }, 400, 'value.dash'],
		['with a missing value', ['make', 'fill'], { values: {} }, 400, 'value.missing'],
		['of another runbook', ['make', 'fill'], { runbook: 'demo/herd' }, 409, 'session.other-runbook'],
		['of an unknown session', ['make', 'fill'], { session: 'nope' }, 404, 'session.unknown'],
	])('%s', async (_, steps, more, status, name) => {
		await skip('folder-there', 'tools', ...(steps.includes('print') ? [] : ['print', 'ask']));
		const before = (await pass.session()).n;

		expect(await press(steps, more)).toMatchObject({ status, body: { problems: [{ name }] } });
		expect((await pass.session()).n).toBe(before);
	});

	test('when any preview is out of date, with both texts', async () => {
		await toChange();
		const steps = [{ step: 'make', preview: preview('make', 'run', values) }, { step: 'fill', preview: 'touch /old' }];

		const answer = await drover.call('POST', '/api/phases', { session: pass.id, runbook: 'demo/files', steps, values, confirmed: true, size: { columns: 80, rows: 24 } });

		expect(answer).toMatchObject({ status: 409, body: { problems: [{ name: 'preview.differs', step: 'fill' }], shown: 'touch /old', rendered: `touch ${drover.folder}/bella/grass` } });
		expect((await pass.session()).phases.size).toBe(0);
	});

	test('beside another of its session; single steps wait too, other sessions do not', async () => {
		await toChange();
		const long = { ...values, wait: 'long' };
		await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: long, detected: [] });
		const { body } = await press(['make', 'fill'], { values: long });
		await pass.until((session) => [...session.runs.values()].some(({ step, state }) => step === 'fill' && state.kind === 'running'));

		const beside = [await press(['make', 'fill'], { values: long }), await pass.run('make'), await pass.run('make', { kind: 'undo' })];
		const running = ((await drover.call('GET', '/api/sessions')).body as SessionSummary[])[0]?.running;
		const other = await openPass(drover, 'demo/files', { ...values, name: 'rosa' }, preview);
		for (const step of ['folder-there', 'tools', 'print', 'ask']) await other.mark(step, 'skipped', 'test');
		const change = await other.run('make');

		for (const one of beside) expect(one).toMatchObject({ status: 409, body: { problems: [{ name: 'phase.running' }] } });
		expect(running).toBe(true);
		expect(change).toMatchObject({ status: 409, body: { problems: [{ name: 'step.other-change-running', slots: { other: 'fill' } }] } });
		await drover.call('DELETE', `/api/phases/${(body as { phase: string }).phase}`);
		await drover.call('DELETE', `/api/runs/${[...(await pass.session()).runs.values()].at(-1)!.id}`);
		await pass.until((session) => kind(session, 'fill') === 'failed');
		other.close();
	});
});

describe('Stop', () => {
	const long = () => ({ ...values, wait: 'long' });

	async function startLong() {
		await toChange();
		await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: long(), detected: [] });
		const { body } = await press(['make', 'fill'], { values: long() });
		const session = await pass.until((one) => [...one.runs.values()].some(({ step, state }) => step === 'fill' && state.kind === 'running'));
		return { phase: (body as { phase: string }).phase, run: [...session.runs.values()].at(-1)!.id };
	}

	test('lets nothing more begin, and the program go on', async () => {
		const { phase, run } = await startLong();

		const stopped = await drover.call('DELETE', `/api/phases/${phase}`);
		const { reason, step, session } = await endOf();
		const again = await drover.call('DELETE', `/api/phases/${phase}`);

		expect([stopped.status, reason, step, session.runs.get(run)?.state.kind]).toEqual([202, 'stopped', 'fill', 'running']);
		expect(again).toMatchObject({ status: 409, body: { problems: [{ name: 'phase.ended' }] } });
		await drover.call('DELETE', `/api/runs/${run}`);
		await pass.until((one) => kind(one, 'fill') === 'failed');
	});

	test('of a phase run that was never there is not found', async () => {
		expect(await drover.call('DELETE', '/api/phases/nobody')).toMatchObject({ status: 404, body: { problems: [{ name: 'phase.unknown' }] } });
	});

	test('breaks off what is waited for', async () => {
		await skip('folder-there', 'tools', 'print', 'ask', 'make', 'fill', 'sign');
		const socket = await drover.socket();
		socket.send({ type: 'session.follow', session: pass.id, from: 0 });
		const { body } = await press(['proof'], { confirmed: false });
		await socket.next('session.looking');

		await drover.call('DELETE', `/api/phases/${(body as { phase: string }).phase}`);
		const { reason, step } = await endOf();

		expect([reason, step]).toEqual(['stopped', 'proof']);
		socket.close();
	});

	test('is what a cancelled run is as well: the step has failed', async () => {
		const { run } = await startLong();

		await drover.call('DELETE', `/api/runs/${run}`);
		const { reason, step } = await endOf();

		expect([reason, step]).toEqual(['failed', 'fill']);
	});
});

test('it says which result the reader accepted', async () => {
	const elsewhere = { ...values, folder: join(drover.folder, 'nowhere') };
	await pass.look({ step: 'folder-there', for: 'done', values: elsewhere });
	await pass.mark('folder-there', 'overridden', 'It comes later');

	expect((await pass.session()).steps.get('folder-there')).toMatchObject({ kind: 'overridden', reason: 'It comes later', accepted: { result: 'failed', saw: [{ name: 'file-absent' }] } });
});

test.each([
	['en', ['## Run all', ', Preflight, 2 of 2 steps started. Stopped at “', '## Accepted results', 'had failed. Reason to continue: `It comes later`']],
	['zh', ['## 全部执行', '前置检查，2 步中已启动 2 步。停在“', '## 已接受的结果', '未通过。继续的原因：`It comes later`']],
])('the report tells phase runs and accepted results (%s)', async (locale, parts) => {
	const elsewhere = { ...values, folder: join(drover.folder, 'nowhere') };
	await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: elsewhere, detected: [] });
	await press(['folder-there', 'tools'], { values: elsewhere });
	await endOf();
	await pass.mark('folder-there', 'overridden', 'It comes later');

	const [text, page] = await Promise.all(['md', 'html'].map(async (format) => String((await drover.call('GET', `/api/sessions/${pass.id}/report?format=${format}&locale=${locale}`)).body)));

	for (const part of parts) expect(text).toContain(part);
	expect(page).toContain(`<h2>${parts[0]?.slice(3)}</h2>`);
	expect(page).toContain(`<h2>${parts[2]?.slice(3)}</h2>`);
});
