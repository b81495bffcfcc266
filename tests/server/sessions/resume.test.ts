import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderStep } from '../../../src/runbook/command/render.ts';
import type { RunRequest } from '../../../src/runbook/protocol/protocol.ts';
import { foldSession, type Session } from '../../../src/runbook/session/session.ts';
import type { Entry } from '../../../src/runbook/session/session-event.ts';
import { readContent } from '../../../src/content/read-content.ts';
import { createRunbookStore } from '../../../server/runbooks.ts';
import { fixtureRoot, openPass, startDrover, type Drover, type Pass } from '../drover.ts';

/** The fixture's runbook, with a step whose proof comes from elsewhere: grass is planted, and rain is waited for. */
let root: string;
let home: string;
let values: Record<string, string>;
const open: Drover[] = [];

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'drover-resume-'));
	root = join(home, 'root');
	cpSync(fixtureRoot, root, { recursive: true });
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace('holds: [grass]', 'holds: [rain]').replace("undo: rm -f ${folder}/${name}/grass\n", "undo: rm -f ${folder}/${name}/grass\n    undone_when: { file: '${folder}/${name}', holds: [sun], every: 1s, within: 1m }\n"));
	values = { folder: home, name: 'bella', password: 'opensesame' };
	mkdirSync(join(home, 'bella'));
});

afterEach(async () => {
	for (const drover of open.splice(0)) await drover.close();
	rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(): Promise<Drover> {
	const drover = await startDrover({ root, folder: home, stateDir: join(home, 'state') });
	open.push(drover);
	return drover;
}

async function stop(drover: Drover): Promise<void> {
	open.splice(open.indexOf(drover), 1);
	await drover.close();
}

/** A server on which everything before `fill` is settled. */
async function beforeFill(): Promise<{ drover: Drover; pass: Pass }> {
	const drover = await start();
	const store = createRunbookStore(readContent(root));
	const preview = (id: string, kind: 'run' | 'undo', given: RunRequest['values']) => {
		const runbook = store.get('demo/files');
		const step = runbook.steps.find((one) => one.id === id);
		return (step && renderStep(step, kind, store.resolve(runbook, given))?.display) ?? '';
	};
	const pass = await openPass(drover, 'demo/files', values, preview);
	for (const step of ['folder-there', 'tools', 'print', 'ask', 'make']) await pass.mark(step, 'by-hand');
	return { drover, pass };
}

/** Waits at a server for what it will write into a session of an earlier one. */
async function until(drover: Drover, id: string, fits: (session: Session) => boolean): Promise<Session> {
	const socket = await drover.socket();
	socket.send({ type: 'session.follow', session: id, from: 0 });
	const entries: Entry[] = [];
	for (;;) {
		entries.push(...(await socket.next('session.entries')).entries);
		const session = foldSession(entries);
		if (!session || !fits(session)) continue;
		socket.close();
		return session;
	}
}

test('a check that waits when the server ends is waited for by the next server', async () => {
	const { drover, pass } = await beforeFill();
	await pass.run('fill');
	await pass.until((session) => session.steps.get('fill')?.kind === 'ran');
	pass.close();
	await stop(drover);

	const next = await start();
	writeFileSync(join(home, 'bella', 'rain'), '');

	const session = await until(next, pass.id, (one) => one.steps.get('fill')?.kind === 'verified');
	expect(session.steps.get('fill')).toMatchObject({ saw: [{ name: 'file-there' }] });
});

test('a run that ends while there is no server is followed by its check at the next', async () => {
	writeFileSync(join(home, 'bella', 'rain'), '');
	const { drover, pass } = await beforeFill();
	await pass.run('fill');
	pass.close();
	await stop(drover);

	const next = await start();

	await until(next, pass.id, (one) => one.steps.get('fill')?.kind === 'verified');
});

test('the proof of an undo is waited for as well', async () => {
	writeFileSync(join(home, 'bella', 'rain'), '');
	const { drover, pass } = await beforeFill();
	await pass.run('fill');
	await pass.until((session) => session.steps.get('fill')?.kind === 'verified');
	await pass.run('fill', { kind: 'undo' });
	await pass.until((session) => session.steps.get('fill')?.kind === 'undone');
	pass.close();
	await stop(drover);

	const next = await start();
	const socket = await next.socket();
	socket.send({ type: 'session.follow', session: pass.id, from: 0 });
	const looking = await socket.next('session.looking');

	expect(looking).toMatchObject({ step: 'fill', for: 'undone', saw: [{ name: 'file-lacks' }] });
	socket.close();
});
