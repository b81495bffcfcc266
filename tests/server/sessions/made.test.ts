import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRunbookStore } from '../../../server/runbooks.ts';
import { readContent } from '../../../src/content/read-content.ts';
import type { Made } from '../../../src/runbook/run/made-schema.ts';
import type { Entry } from '../../../src/runbook/session/session-event.ts';
import type { RunRequest } from '../../../src/runbook/protocol/protocol.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { lastMade, type Session } from '../../../src/runbook/session/session.ts';
import { fixtureRoot, openPass, startDrover, type Drover, type Pass } from '../drover.ts';

/** A `docker` that prints what a file says, after a gate has opened, and notes how it was called. The real one does the same in `tests/rig/runbooks/undo.test.ts`. */
const id = 'ab12'.repeat(16);
let home: string;
let root: string;
let path: string | undefined;
const open: Drover[] = [];
const values = () => ({ folder: home, name: 'bella', password: 'opensesame' });

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'drover-made-'));
	root = join(home, 'root');
	cpSync(fixtureRoot, root, { recursive: true });
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	const text = readFileSync(file, 'utf8');
	const [before = '', rest = ''] = text.split(/(?=^ {2}- id: make$)/m);
	const others = rest.split(/(?=^ {2}- id: )/m).filter((one) => !/^ {2}- id: (?:make|fill)$/m.test(one));
	const steps = `  - id: make
    phase: change
    run: docker create --name \${name} x
    undo: docker rm \${made}
    undone_when: { run: "docker inspect \${made}", exit: 1, prints: No such }
    hints:
      no-folder: { file: '\${folder}', exists: false }
      said-so: { printed: '^mkdir: .*No such file or directory$' }
  - id: fill
    phase: change
    run: docker run -d x
    undo: { script: 'echo "made: \${made:-nothing}" > "$folder/undone"' }
`;
	writeFileSync(file, [before, steps, ...others].join(''));
	mkdirSync(join(home, 'bin'));
	writeFileSync(join(home, 'bin', 'docker'), `#!/bin/bash
echo "$*" >> "${home}/calls"
case "$1" in
  create | run) until [ -e "${home}/gate" ]; do sleep 0.05; done; cat "${home}/printed"; exit "$(cat "${home}/code")" ;;
  inspect) echo "Error: No such object: $2" >&2; exit 1 ;;
esac
`);
	chmodSync(join(home, 'bin', 'docker'), 0o755);
	path = process.env['PATH'];
	process.env['PATH'] = `${join(home, 'bin')}:${path}`;
});

afterEach(async () => {
	process.env['PATH'] = path;
	writeFileSync(join(home, 'gate'), '');
	for (const drover of open.splice(0)) await drover.close();
	rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function docker(printed: string, code: number, isOpen = true): void {
	writeFileSync(join(home, 'printed'), printed);
	writeFileSync(join(home, 'code'), String(code));
	if (isOpen) writeFileSync(join(home, 'gate'), '');
}

async function start(): Promise<Drover> {
	const drover = await startDrover({ root, folder: home, stateDir: join(home, 'state') });
	open.push(drover);
	return drover;
}

function render(step: string, kind: 'run' | 'undo', given: RunRequest['values'], made?: Made): string {
	const store = createRunbookStore(readContent(root));
	const runbook = store.get('demo/files');
	const found = runbook.steps.find((one) => one.id === step);
	return (found && renderStep(found, kind, store.resolve(runbook, given), made ? { made } : {})?.display) ?? '';
}

async function beforeMake(): Promise<{ drover: Drover; pass: Pass }> {
	const drover = await start();
	const pass = await openPass(drover, 'demo/files', values(), (step, kind, given) => render(step, kind, given));
	for (const step of ['folder-there', 'tools', 'print', 'ask']) await pass.mark(step, 'by-hand');
	return { drover, pass };
}

const knows = (step: string) => (session: Session) => lastMade(session, step) !== undefined;
const calls = () => readFileSync(join(home, 'calls'), 'utf8').trim().split('\n');

test('the id that a failed run printed is kept, and its undo takes that container away and proves it by the id', async () => {
	docker(`${id}\ndocker: Error response from daemon: port is already allocated.\n`, 1);
	const { drover, pass } = await beforeMake();

	await pass.run('make');
	const session = await pass.until(knows('make'));
	const again = await pass.run('make');
	const blind = await pass.run('make', { kind: 'undo' });
	const undo = await pass.run('make', { kind: 'undo', preview: render('make', 'undo', values(), { kind: 'container', id }) });
	await pass.until((one) => one.steps.get('make')?.kind === 'undone');
	await expect.poll(calls).toContain(`inspect ${id}`);

	expect(lastMade(session, 'make')).toEqual({ kind: 'container', id });
	expect(again).toMatchObject({ status: 409, body: { problems: [{ name: 'step.made-before' }] } });
	expect(blind).toMatchObject({ status: 409, body: { rendered: `docker rm ${id}` } });
	expect(undo.status).toBe(201);
	expect(calls()).toEqual(['create --name bella x', `rm ${id}`, `inspect ${id}`]);
	const report = await drover.call('GET', `/api/sessions/${pass.id}/report?format=md&locale=en`);
	expect(String(report.body)).toMatch(new RegExp(`It created container \\W*${id}`));
	pass.close();
});

test('where Docker refused, there is nothing to undo, or the undo knows that nothing was made', async () => {
	docker('docker: Error response from daemon: Conflict.\n', 1);
	const { pass } = await beforeMake();
	await pass.run('make');
	await pass.until(knows('make'));

	const nothing = await pass.run('make', { kind: 'undo', preview: 'docker rm ' });
	await pass.mark('make', 'by-hand');
	docker('docker: Error response from daemon: Conflict.\n', 125);
	await pass.run('fill');
	await pass.until(knows('fill'));
	const undo = await pass.run('fill', { kind: 'undo', preview: render('fill', 'undo', values(), { kind: 'nothing' }) });
	await pass.until((one) => one.steps.get('fill')?.kind === 'undone');

	expect(nothing).toMatchObject({ status: 409, body: { problems: [{ name: 'step.nothing-to-undo' }] } });
	expect(undo.status).toBe(201);
	expect(readFileSync(join(home, 'undone'), 'utf8')).toBe('made: nothing\n');
	pass.close();
});

test('where the container is not known the undo is refused with what to do, until the reader has undone it himself', async () => {
	docker('strange\n', 0);
	const { pass } = await beforeMake();
	await pass.run('make');
	await pass.until(knows('make'));

	const refused = await pass.run('make', { kind: 'undo', preview: 'docker rm CONTAINER_ID' });
	const marked = await pass.mark('make', 'undone');
	const session = await pass.until((one) => one.steps.get('make')?.kind === 'undone');

	expect(refused).toMatchObject({ status: 409, body: { problems: [{ name: 'step.made-unknown' }] } });
	expect(marked.status).toBe(200);
	expect(session.steps.get('make')?.kind).toBe('undone');
	expect(calls()).toEqual(['create --name bella x']);
	pass.close();
});

test('a server that starts anew reads the id of a run that ended without it', async () => {
	docker(`${id}\n`, 0, false);
	const { drover, pass } = await beforeMake();
	await pass.run('make');
	await pass.until((one) => [...one.runs.values()].some(({ state }) => state.kind === 'running'));
	pass.close();
	open.splice(0);
	await drover.close();

	docker(`${id}\n`, 0);
	const again = await start();
	const socket = await again.socket();
	socket.send({ type: 'session.follow', session: pass.id, from: 0 });
	const isMade = ({ event }: Entry) => event.type === 'run.made';
	const { entries } = await socket.next('session.entries', (one) => one.entries.some(isMade));

	expect(entries.find(isMade)?.event).toMatchObject({ made: { kind: 'container', id } });
	socket.close();
});
