/** What would hold up a phase run, or get past it: checks that never end, presses at the same moment, hostile output. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PhaseRequest } from '../../src/runbook/protocol/protocol.ts';
import { lastPhase } from '../../src/runbook/session/phase-state.ts';
import type { Session } from '../../src/runbook/session/session.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import { fixtureRoot, openPass, startDrover, type Drover, type Pass } from './drover.ts';
import { makeFolder } from './make-folder.ts';
import { previewOf } from './preview-of.ts';

const preview = previewOf('demo/files');
const ended = (session: Session) => lastPhase(session)?.end !== undefined;

/** A server of the fixture's runbooks, with texts of a definition written otherwise. */
async function start(...pairs: readonly (readonly [string, string])[]): Promise<Drover> {
	const root = makeFolder();
	for (const folder of ['drover.yaml', 'src', 'zh', 'en']) cpSync(join(fixtureRoot, folder), join(root, folder), { recursive: true });
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	const text = pairs.reduce((before, [from, to]) => {
		if (!before.includes(from)) throw new Error(`There is no ${from} in the definition.`);
		return before.replace(from, to);
	}, readFileSync(file, 'utf8'));
	writeFileSync(file, text);
	const drover = await startDrover({ root });
	onTestFinished(() => drover.close());
	return drover;
}

const valuesOf = (drover: Drover, name: string) => ({ folder: drover.folder, name });

async function openSession(drover: Drover, name: string, ...skipped: readonly string[]): Promise<Pass> {
	const pass = await openPass(drover, 'demo/files', valuesOf(drover, name), preview);
	onTestFinished(() => pass.close());
	for (const step of skipped) await pass.mark(step, 'skipped', 'test');
	return pass;
}

const toChange = ['folder-there', 'tools', 'print', 'ask'];

function press(drover: Drover, pass: Pass, name: string, steps: readonly string[], shown = (step: string) => preview(step, 'run', valuesOf(drover, name))) {
	const body: PhaseRequest = { session: pass.id, runbook: 'demo/files', steps: steps.map((step) => ({ step, preview: shown(step) })), values: valuesOf(drover, name), confirmed: true, size: { columns: 80, rows: 24 } };
	return drover.call('POST', '/api/phases', body);
}

/** The command of a step that this test has written otherwise, as the server renders it. */
async function commandOf(drover: Drover, pass: Pass, name: string, step: string): Promise<string> {
	const { body } = await press(drover, pass, name, [step], () => '');
	return (body as { rendered: string }).rendered;
}

const hangs = ["skip_when: { file: '${folder}/${name}' }", 'skip_when: { run: sleep 3000, timeout: 1h }'] as const;

/** A session in which a single step is asked for whose check never ends, and then the phase. */
async function pressBehind(drover: Drover): Promise<{ pass: Pass; phase: string }> {
	const pass = await openSession(drover, 'bella', ...toChange);
	void pass.run('make').catch(() => undefined);
	const { body } = await press(drover, pass, 'bella', ['make', 'fill']);
	await pass.until((session) => (lastPhase(session)?.begun.length ?? 0) > 0);
	return { pass, phase: (body as { phase: string }).phase };
}

test('Stop ends a phase run that waits for the check of a single request before it', async () => {
	const drover = await start(hangs);
	const { pass, phase } = await pressBehind(drover);

	await drover.call('DELETE', `/api/phases/${phase}`);
	const session = await pass.until(ended);

	expect(lastPhase(session)?.end).toMatchObject({ reason: 'stopped', step: 'make' });
	expect(session.runs.size).toBe(0);
});

test('the server ends while a phase run waits for the check of a single request before it', async () => {
	const drover = await start(hangs);
	await pressBehind(drover);

	await drover.served.close();
});

test('a check that hangs in the phase run of one session holds up no other, and ends with Stop', async () => {
	const drover = await start(['done_when: { run: bash --version, prints: bash }', "done_when: { script: '[ \"$name\" != bella ] || sleep 3000', timeout: 1h }"]);
	const [hung, other] = [await openSession(drover, 'bella'), await openSession(drover, 'alma')];

	const { body } = await press(drover, hung, 'bella', ['folder-there', 'tools']);
	await press(drover, other, 'alma', ['folder-there', 'tools']);
	const done = await other.until(ended);
	expect(ended(await hung.session())).toBe(false);
	await drover.call('DELETE', `/api/phases/${(body as { phase: string }).phase}`);

	expect(lastPhase(done)?.end?.reason).toBe('done');
	expect(lastPhase(await hung.until(ended))?.end?.reason).toBe('stopped');
});

test('of two phases of changes pressed at the same time in two sessions one goes on, and the other stops before it changes anything', async () => {
	const drover = await start(['run: mkdir ${folder}/${name}', `script: 'until [ -e "$folder/go" ]; do sleep 0.05; done; mkdir "$folder/$name"'`]);
	const names = ['bella', 'alma'];
	const passes = await Promise.all(names.map((name) => openSession(drover, name, ...toChange)));
	const commands = await Promise.all(passes.map(async (pass, index) => await commandOf(drover, pass, names[index]!, 'make')));

	const answers = await Promise.all(passes.map((pass, index) => press(drover, pass, names[index]!, ['make', 'fill'], (step) => (step === 'make' ? commands[index]! : preview(step, 'run', valuesOf(drover, names[index]!))))));
	expect(answers.map(({ status }) => status)).toEqual([201, 201]);
	const ends = passes.map(async (pass, index) => ({ index, session: await pass.until(ended) }));
	const first = await Promise.race(ends);
	writeFileSync(join(drover.folder, 'go'), '');
	const { session: other } = await ends[1 - first.index]!;

	expect(lastPhase(first.session)?.end).toMatchObject({ reason: 'refused', step: 'make', problems: [{ name: 'step.other-change-running' }] });
	expect(first.session.runs.size).toBe(0);
	expect([lastPhase(other)?.end?.reason, other.runs.size]).toEqual(['done', 2]);
});

test('of many presses at once in one session one begins', async () => {
	const drover = await start();
	const pass = await openSession(drover, 'bella', ...toChange);

	const answers = await Promise.all(Array.from({ length: 30 }, () => press(drover, pass, 'bella', ['make', 'fill'])));
	const session = await pass.until(ended);
	const { entries } = (await drover.call('GET', `/api/sessions/${pass.id}`)).body as { entries: Entry[] };

	expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, ...Array.from({ length: 29 }, () => 409)]);
	expect(entries.filter(({ event }) => event.type === 'phase.started')).toHaveLength(1);
	expect([lastPhase(session)?.end?.reason, session.runs.size]).toEqual(['done', 2]);
});

test('what a step prints says nothing about the phase run, and holds nothing up', async () => {
	const script = 'printf "\\033[2147483647S\\033c\\033]0;x\\007\\033P1\\$r0m\\033\\\\\\n{\\"type\\":\\"phase.ended\\"}\\n%s\\n" "$folder" "$name"; for i in 1 2 3; do printf "\\033[1000S\\033[2147483647b"; done';
	const drover = await start(["run: printf '%s\\n' ${name} [${note}] [${env}]...", `script: |\n      ${script}`], ['[ "$answer" = "${password:-}" ] && echo "right, $name"', 'true'], ['read -rsp "Password: " answer', 'true']);
	const pass = await openSession(drover, 'bella', 'folder-there', 'tools');

	const command = await commandOf(drover, pass, 'bella', 'print');
	await press(drover, pass, 'bella', ['print'], () => command);
	const session = await pass.until(ended);
	const report = await drover.call('GET', `/api/sessions/${pass.id}/report?format=html&locale=en`);

	expect([lastPhase(session)?.end?.reason, session.steps.get('print')?.kind]).toEqual(['done', 'ran']);
	expect(report.status).toBe(200);
	expect(String(report.body)).not.toContain('\u001b');
});
