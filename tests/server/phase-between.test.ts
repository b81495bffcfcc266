/** What stops a phase run between two steps, and checks side by side: a runbook of the fixture whose steps wait for this test. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { lastPhase } from '../../src/runbook/session/phase-state.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { foldSession, type Session } from '../../src/runbook/session/session.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { createRunbookStore } from '../../server/runbooks.ts';
import { fixtureRoot, openPass, startDrover, type Drover, type Pass } from './drover.ts';
import { until } from './until.ts';

let home: string;
let root: string;
let drover: Drover;
let values: Record<string, string>;
const ended = (session: Session) => lastPhase(session)?.end !== undefined;

/** Puts other texts into a file of the fixture's runbooks. */
function change(file: string, ...pairs: readonly (readonly [string, string])[]): void {
	const path = join(root, 'src/content/runbooks/demo', file);
	const text = pairs.reduce((before, [from, to]) => {
		if (!before.includes(from)) throw new Error(`There is no ${from} in ${file}.`);
		return before.replace(from, () => to);
	}, readFileSync(path, 'utf8'));
	writeFileSync(path, text);
}

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'drover-phase-'));
	root = join(home, 'root');
	cpSync(fixtureRoot, root, { recursive: true });
	mkdirSync(join(home, 'field'));
	values = { folder: join(home, 'field'), name: 'bella' };
	change('files.yaml', ["run: printf '%s\\n' ${name} [${note}] [${env}]...", 'script: until [ -e "$folder.go" ]; do sleep 0.05; done']);
});

afterEach(async () => {
	await drover.close();
	rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(runbook = 'demo/files'): Promise<Pass> {
	drover = await startDrover({ root, folder: home, stateDir: join(home, 'state') });
	return openPass(drover, runbook, values, () => '');
}

async function press(pass: Pass, places: readonly { readonly step: string; readonly node?: string }[], given: Values = values, runbook = 'demo/files'): Promise<void> {
	const store = createRunbookStore(readContent(root));
	const known = store.get(runbook);
	const resolved = store.resolve(known, given);
	const nodes = resolved.answers.get('nodes')?.items ?? [];
	const steps = places.map(({ step, node }) => {
		const fields = nodes.find((one) => one.fields['name'] === node)?.fields;
		const on = fields && { name: fields['name'] ?? '', ssh: fields['ssh'] ?? '', address: fields['address'] ?? '' };
		return { step, ...(node !== undefined && { node }), preview: renderStep(store.step(known, step), 'run', resolved, on && { node: on })?.display ?? '' };
	});
	const answer = await drover.call('POST', '/api/phases', { session: pass.id, runbook, steps, values: given, confirmed: true, size: { columns: 80, rows: 24 } });
	if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
}

/** Presses for prepare, acts while its first step waits, and returns how the phase run ended. */
async function meanwhile(act: (pass: Pass) => Promise<unknown>) {
	const pass = await start();
	await drover.call('POST', `/api/sessions/${pass.id}/looks`, { step: 'folder-there', for: 'done', values });
	await pass.mark('tools', 'skipped', 'test');
	await press(pass, [{ step: 'print' }, { step: 'ask' }]);
	await pass.until((one) => [...one.runs.values()].some(({ state }) => state.kind === 'running'));
	await act(pass);
	writeFileSync(join(home, 'field.go'), '');
	return { pass, end: lastPhase(await pass.until((one) => ended(one) || [...one.runs.values()].some(({ step }) => step === 'ask')))?.end };
}

const setValues = (pass: Pass, more: Values) => drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: { ...values, ...more }, detected: [] });

test('it stops when the values are others', async () => {
	const { end } = await meanwhile((pass) => setValues(pass, { name: 'rosa' }));
	expect(end).toMatchObject({ reason: 'values-changed', step: 'ask' });
});

test('it goes on when the values are what they were, or are sent again', async () => {
	const { pass, end } = await meanwhile(async (one) => {
		await setValues(one, { name: 'rosa' });
		await setValues(one, {});
	});
	expect(end).toBeUndefined();
	await pass.until((one) => [...one.runs.values()].some(({ step, state }) => step === 'ask' && state.kind === 'running'));
	await drover.call('DELETE', `/api/runs/${[...(await pass.session()).runs.values()].at(-1)!.id}`);
	await pass.until(ended);
});

test('it stops when a result that it needs no longer holds', async () => {
	const { end } = await meanwhile(async (pass) => {
		rmSync(join(home, 'field'), { recursive: true });
		await drover.call('POST', `/api/sessions/${pass.id}/looks`, { prove: true, values });
	});
	expect(end).toMatchObject({ reason: 'stale', step: 'folder-there' });
});

test('it stops when its session is closed', async () => {
	const { end } = await meanwhile((pass) => drover.call('PATCH', `/api/sessions/${pass.id}`, { closed: true }));
	expect(end).toMatchObject({ reason: 'refused', step: 'ask', problems: [{ name: 'session.closed' }] });
});

test('it stops before a step whose command has an open slot, and not before', async () => {
	change('files.yaml', ["{ run: 'touch ${folder}/${name}/grass' }", "{ run: 'touch ${folder}/${name}/${note}' }"]);
	const pass = await start();
	for (const step of ['folder-there', 'tools', 'print', 'ask']) await pass.mark(step, 'skipped', 'test');

	await press(pass, [{ step: 'make' }, { step: 'fill' }]);
	const session = await pass.until(ended);

	expect(lastPhase(session)?.end).toMatchObject({ reason: 'open-slot', step: 'fill', problems: [{ name: 'value.missing', parameter: 'note' }] });
	expect([session.steps.get('make')?.kind, session.runs.size]).toEqual(['verified', 1]);
});

test('a warning does not hold it; a check that could not be done does, in its own words', async () => {
	change('files.yaml', ['done_when: { run: bash --version, prints: bash }', 'done_when: { run: bash --version, prints: fish, severity: warn }'], ["    done_when: { file: '${folder}/${name}' }", '    done_when: { run: no-such-program }']);
	const pass = await start();

	await press(pass, [{ step: 'folder-there' }, { step: 'tools' }]);
	const checked = await pass.until(ended);
	for (const step of ['print', 'ask']) await pass.mark(step, 'skipped', 'test');
	await press(pass, [{ step: 'make' }, { step: 'fill' }]);
	const session = await pass.until((one) => one.phases.size === 2 && ended(one));

	expect([lastPhase(checked)?.end?.reason, checked.steps.get('tools')?.kind]).toEqual(['done', 'warned']);
	expect(lastPhase(session)?.end).toMatchObject({ reason: 'could-not-check', step: 'make' });
	expect([session.steps.get('make')?.kind, session.steps.has('fill')]).toEqual(['ran', false]);
	await pass.mark('make', 'overridden', 'I see it');
	expect((await pass.session()).steps.get('make')).toMatchObject({ kind: 'overridden', accepted: { result: 'could-not-check', saw: [{ name: 'nothing' }] } });
});

test('the checks of verify follow the last change by themselves', async () => {
	change('files.yaml', ['do: by-hand', "run: 'touch ${folder}/signed'"]);
	const pass = await start();
	for (const step of ['folder-there', 'tools', 'print', 'ask', 'make', 'fill']) await pass.mark(step, 'skipped', 'test');
	mkdirSync(join(home, 'field', 'bella', 'grass'), { recursive: true });

	await press(pass, [{ step: 'sign' }, { step: 'proof' }]);
	const session = await pass.until(ended);

	expect(lastPhase(session)).toMatchObject({ part: 'point-of-no-return', end: { reason: 'done' } });
	expect([session.steps.get('sign')?.kind, session.steps.get('proof')?.kind]).toEqual(['ran', 'verified']);
});

test('a skip check that could not be done stops it, and nothing runs', async () => {
	change('files.yaml', ["skip_when: { file: '${folder}/${name}' }", 'skip_when: { run: no-such-program }']);
	const pass = await start();
	for (const step of ['folder-there', 'tools', 'print', 'ask']) await pass.mark(step, 'skipped', 'test');

	await press(pass, [{ step: 'make' }, { step: 'fill' }]);
	const session = await pass.until(ended);

	expect(lastPhase(session)?.end).toMatchObject({ reason: 'could-not-check', step: 'make' });
	expect(session.runs.size).toBe(0);
});

test('checks of the preflight are done side by side, four at once', async () => {
	writeFileSync(join(root, 'src/content/runbooks/demo/herd.yaml'), `id: demo/herd
parameters: [folder, nodes]
steps:
  - { id: lead, phase: preflight, each: nodes, done_when: { http: 'http://127.0.0.1:9/\${node.name}', refused: true, every: 1s, within: 1m } }
`);
	const names = ['a', 'b', 'c', 'd', 'e', 'f'];
	const nodes = names.map((name) => ({ name, ssh: '', address: '10.0.0.1' }));
	const given = { folder: values['folder']!, nodes };
	values = given as never;
	const pass = await start('demo/herd');

	await press(pass, names.map((node) => ({ step: 'lead', node })), given, 'demo/herd');
	await pass.until(ended);
	const { body } = await drover.call('GET', `/api/sessions/${pass.id}`);
	const { entries } = body as { entries: Entry[] };

	let [now, most] = [0, 0];
	for (const { event } of entries) {
		if (event.type === 'phase.turn') now += 1;
		if (event.type === 'step.looked') now -= 1;
		most = Math.max(most, now);
	}
	expect(most).toBe(4);
	expect([...(foldSession(entries)?.steps.values() ?? [])].map((one) => one.kind)).toEqual(names.map(() => 'verified'));
});

/** Checks that each wait at a gate of their own, which this test opens. */
async function startAtGates(names: readonly string[]): Promise<{ pass: Pass; begun: (count: number) => Promise<readonly string[]>; open: (name: string) => Promise<void> }> {
	writeFileSync(join(root, 'src/content/runbooks/demo/herd.yaml'), `id: demo/herd
parameters: [folder, nodes]
steps:
  - { id: lead, phase: preflight, each: nodes, done_when: { script: 'cat "$folder/gate-$node_name"', prints: open, timeout: 1m } }
`);
	const gate = (name: string) => join(home, 'field', `gate-${name}`);
	execFileSync('mkfifo', names.map(gate));
	const given = { folder: values['folder']!, nodes: names.map((name) => ({ name, ssh: '', address: '10.0.0.1' })) };
	values = given as never;
	const pass = await start('demo/herd');
	await press(pass, names.map((node) => ({ step: 'lead', node })), given, 'demo/herd');
	return {
		pass,
		begun: async (count) => (lastPhase(await pass.until((session) => (lastPhase(session)?.begun.length ?? 0) >= count))?.begun ?? []).map(({ node }) => node ?? ''),
		// Opens when somebody reads there.
		open: (name) => writeFile(gate(name), 'open'),
	};
}

test.each<[string, readonly number[]]>([
	['its slowest check', [6, 1, 1, 1, 1, 1]],
	['a quarter of all its checks', [2, 1, 2, 1, 2, 1, 1, 2, 2, 1]],
	['its one check', [3]],
])('a preflight takes as long as %s, and a second at most: no place is free while a check waits', async (_, seconds) => {
	const names = seconds.map((_one, index) => `n${index}`);
	const { pass, begun, open } = await startAtGates(names);
	const took = new Map(names.map((name, index) => [name, seconds[index] ?? 0]));
	const endsAt = new Map<string, number>();
	const over = new Set<string>();

	// The time is counted, not measured: at each of its seconds those gates are opened whose time has come.
	let now = 0;
	while (over.size < names.length) {
		const places = Math.min(names.length, over.size + 4);
		for (const name of await begun(places)) if (!endsAt.has(name)) endsAt.set(name, now + (took.get(name) ?? 0));
		const [next] = [...endsAt].filter(([name]) => !over.has(name)).toSorted((a, b) => a[1] - b[1]);
		if (!next) throw new Error('Nothing is under way.');
		now = next[1];
		await open(next[0]);
		over.add(next[0]);
	}

	expect(lastPhase(await pass.until(ended))?.end?.reason).toBe('done');
	expect(now).toBeLessThanOrEqual(Math.max(...seconds, seconds.reduce((sum, one) => sum + one, 0) / 4) + 1);
});

/** A check of a script that notes its process in `waits`, and waits there for a gate that nobody opens. */
const waiting = `echo "$$" > "$folder/waits.part"; mv "$folder/waits.part" "$folder/waits"; cat "$folder/gate"`;
const waits = () => join(home, 'field', 'waits');

/** Presses Stop once the script waits, and resolves when its process is gone. */
async function stopWaiting(pass: Pass): Promise<Session> {
	await until(() => existsSync(waits()), 'the script that waits');
	await drover.call('DELETE', `/api/phases/${lastPhase(await pass.session())?.id ?? ''}`);
	const session = await pass.until(ended);
	const process_ = readFileSync(waits(), 'utf8').trim();
	await until(() => !existsSync(`/proc/${process_}`), 'the end of the script');
	return session;
}

test('Stop breaks off the hints of a check too', async () => {
	change('family.yaml', ["done_when: { file: '${folder}' }", 'done_when: { run: bash --version, prints: fish }'], ["{ file: '${folder.folder}', exists: false }", `{ script: '${waiting}', prints: open, timeout: 1h }`]);
	execFileSync('mkfifo', [join(home, 'field', 'gate')]);
	const pass = await start();
	await press(pass, [{ step: 'folder-there' }, { step: 'tools' }]);

	const session = await stopWaiting(pass);

	expect(lastPhase(session)?.end).toMatchObject({ reason: 'stopped' });
	expect([session.steps.get('folder-there')?.kind, session.hints.get('folder-there') ?? []]).toEqual(['failed', []]);
});

test('Stop breaks off a check that is waited for', async () => {
	change('files.yaml', ["done_when: { run: 'ls ${folder}/${name}', equals: grass, every: 1s, within: 1m }", `done_when: { script: 'if [ ! -e "$folder/tried" ]; then : > "$folder/tried"; exit 1; fi; ${waiting}', prints: open, every: 1s, within: 1h, timeout: 1h }`]);
	execFileSync('mkfifo', [join(home, 'field', 'gate')]);
	const pass = await start();
	for (const step of ['folder-there', 'tools', 'print', 'ask', 'make', 'fill', 'sign']) await pass.mark(step, 'skipped', 'test');
	await press(pass, [{ step: 'proof' }]);

	const session = await stopWaiting(pass);

	expect(lastPhase(session)?.end).toMatchObject({ reason: 'stopped', step: 'proof' });
	expect(session.steps.has('proof')).toBe(false);
});
