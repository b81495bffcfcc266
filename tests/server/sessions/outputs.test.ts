/** A value that a step prints reaches later steps: over the interface, with real shells. */
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../../cli/main.ts';
import { createRunbookStore } from '../../../server/runbooks.ts';
import { readWords } from '../../../server/words.ts';
import { readContent } from '../../../src/content/read-content.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { lastPhase } from '../../../src/runbook/session/phase-state.ts';
import type { Session } from '../../../src/runbook/session/session.ts';
import { project } from '../../cli/run-drover.ts';
import { openPass, startDrover, type Drover, type Pass } from '../drover.ts';

const files: Readonly<Record<string, string>> = {
	'src/content/runbooks/gift/family.yaml': 'family: gift\nrunbooks: [give]\nparameters:\n  folder: { type: path, group: g }\n',
	'src/content/runbooks/gift/give.yaml': `id: gift/give
parameters: [folder]
steps:
  - id: create
    phase: prepare
    run: cat \${folder}/printed
    undo: ls \${folder}
    outputs:
      account: { type: key, matches: '^Account (.*)$' }
      last: { type: name, from: last-line }
  - id: use
    phase: prepare
    script: |
      printf '%s\\n' "it's $account" > "$folder/used"
      touch "$folder/$last"
    done_when: { file: '\${folder}/\${last}' }
`,
};
const words = { family: '---\ntitle: Gift\ndescription: Gift.\ngroups: { g: G }\nparameters: { folder: { label: Folder, help: Where. } }\n---\n', give: '---\ntitle: Give\nshort: Give\ndescription: Give.\nsteps: { create: Create, use: Use }\noutputs: { account: Account, last: Last word }\n---\n<Step id="create">\n</Step>\n\n<Step id="use">\n</Step>\n' };

let home: string;
let root: string;
const open: Drover[] = [];
let last: Session['outputs'] = {};
const values = () => ({ folder: home });

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'drover-outputs-'));
	root = join(home, 'content');
	const pages = ['zh', 'en'].flatMap((locale) => Object.entries(words).map(([name, text]) => [`${locale}/runbooks/gift/${name}.mdx`, text] as const));
	for (const [path, text] of [...Object.entries(files), ...pages, ['drover.yaml', 'title: Gifts\nlead: Gifts.\nlocales: [zh, en]\nplaces: { runbooks: src/content/runbooks }\n'] as const]) {
		mkdirSync(join(root, dirname(path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	last = {};
});
afterEach(async () => {
	for (const drover of open.splice(0)) await drover.close();
	rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const prints = (text: string) => writeFileSync(join(home, 'printed'), text);
const start = async () => {
	const drover = await startDrover({ root, folder: home, stateDir: join(home, 'state') });
	open.push(drover);
	return drover;
};

/** What the page would show: it knows the outputs of the session. */
function preview(step: string, kind: 'run' | 'undo'): string {
	const store = createRunbookStore(readContent(root));
	const runbook = store.get('gift/give');
	const found = runbook.steps.find((one) => one.id === step);
	return (found && renderStep(found, kind, store.resolve(runbook, values(), last))?.display) ?? '';
}
const openGift = async (): Promise<{ drover: Drover; pass: Pass }> => {
	const drover = await start();
	return { drover, pass: await openPass(drover, 'gift/give', values(), preview) };
};
const captured = async (pass: Pass) => (last = (await pass.until(({ outputs }) => Object.keys(outputs).length === 2)).outputs);

test('what a step printed is typed, kept, shown, and used by a later one; a restart keeps it', async () => {
	prints('Creating …\nAccount abc123\n\u001b[32mdone-1\u001b[0m\n');
	const { drover, pass } = await openGift();

	expect((await pass.run('create')).status).toBe(201);
	expect(await captured(pass)).toEqual({ account: { value: 'abc123', step: 'create' }, last: { value: 'done-1', step: 'create' } });
	expect(preview('use', 'run')).toContain('account=abc123');
	pass.close();
	await drover.close();
	open.splice(0);

	const again = await start();
	const { body } = await again.call('POST', '/api/runs', { session: pass.id, runbook: 'gift/give', step: 'use', kind: 'run', values: values(), preview: preview('use', 'run'), confirmed: true, size: { columns: 80, rows: 24 } });
	expect(body).toMatchObject({ run: expect.any(String) });
	const socket = await again.socket();
	socket.send({ type: 'session.follow', session: pass.id, from: 0 });
	await socket.next('session.entries', ({ entries }) => entries.some(({ event }) => event.type === 'step.looked' && event.result === 'passed'));
	socket.close();
	expect(readFileSync(join(home, 'used'), 'utf8')).toBe("it's abc123\n");
});

test('a step that needs a value names the step that gives it, and a preview without it is refused', async () => {
	prints('Account abc123\nx\n');
	const { pass } = await openGift();
	await pass.mark('create', 'by-hand');

	expect(await pass.run('use')).toMatchObject({ status: 400, body: { problems: [{ name: 'value.awaited', slots: { parameter: 'account', step: 'create' } }, { name: 'value.awaited' }] } });
	expect(existsSync(join(home, 'used'))).toBe(false);
	pass.close();
});

test('a value that does not fit its type is refused and shown, one that was not printed is said to be missing', async () => {
	prints('Account $(touch x)-v/:/host\n-rf\n');
	const { pass } = await openGift();
	await pass.run('create');

	expect(await captured(pass)).toEqual({ account: { refused: 'type', shown: '$(touch x)-v/:/host', step: 'create' }, last: { refused: 'type', shown: '-rf', step: 'create' } });
	expect(await pass.run('use')).toMatchObject({ status: 400, body: { problems: [{ name: 'value.output-refused', slots: { value: '$(touch x)-v/:/host', step: 'create' } }, { name: 'value.output-refused' }] } });
	pass.close();
});

test('a step that is undone gives nothing any more', async () => {
	prints('Account abc\nx\n');
	const { pass } = await openGift();
	await pass.run('create');
	await captured(pass);

	await pass.run('create', { kind: 'undo' });

	expect((await pass.until(({ steps }) => steps.get('create')?.kind === 'undone')).outputs).toEqual({});
	pass.close();
});

test('what a Drover had not written down when it ended is read by the next one', async () => {
	prints('Account abc\nx\n');
	const { drover, pass } = await openGift();
	await pass.run('create');
	await captured(pass);
	pass.close();
	await drover.close();
	open.splice(0);
	const journal = globSync(`state/**/${pass.id}*/**/*`, { cwd: home }).map((path) => join(home, path)).find((path) => path.endsWith('.jsonl')) ?? '';
	const lines = readFileSync(journal, 'utf8').split('\n').filter((line) => line !== '');
	expect(lines.at(-1)).toContain('"step.output"');
	writeFileSync(journal, `${lines.slice(0, -1).join('\n')}\n`);

	const again = await start();
	const socket = await again.socket();
	socket.send({ type: 'session.follow', session: pass.id, from: 0 });
	const { entries } = await socket.next('session.entries', (message) => message.entries.some(({ event }) => event.type === 'step.output'));
	socket.close();

	expect(entries.at(-1)?.event).toMatchObject({ type: 'step.output', step: 'create', outputs: { account: { value: 'abc' } } });
});

test('a phase run stops before a command that nobody has seen whole, and a second press goes on', async () => {
	prints('Account abc\nx\n');
	const { drover, pass } = await openGift();
	const press = (...steps: string[]) => drover.call('POST', '/api/phases', { session: pass.id, runbook: 'gift/give', steps: steps.map((step) => ({ step, preview: preview(step, 'run') })), values: values(), confirmed: true, size: { columns: 80, rows: 24 } });

	expect((await press('create', 'use')).status).toBe(201);
	expect(lastPhase(await pass.until((session) => lastPhase(session)?.end !== undefined))?.end).toMatchObject({ reason: 'open-slot', step: 'use' });
	await captured(pass);
	expect(existsSync(join(home, 'used'))).toBe(false);
	expect((await press('use')).status).toBe(201);
	expect(lastPhase(await pass.until((session) => session.phases.size === 2 && lastPhase(session)?.end !== undefined))?.end).toMatchObject({ reason: 'done' });
	expect(existsSync(join(home, 'used'))).toBe(true);
	pass.close();
});

test('without a page, each command is asked about and run whole: the value comes between', async () => {
	prints('Account abc\nx\n');
	let out = '';
	const args = ['run', 'gift/give', '--set', `folder=${home}`, '--yes', 'prepare', '--json', '--state-dir', join(home, 'state')];

	const code = await main(args, { root, say: readWords(project)['en'], locale: 'en', env: {}, person: undefined, out: (text) => void (out += text), err: (text) => void (out += text) });

	expect([code, readFileSync(join(home, 'used'), 'utf8')], out).toEqual([0, "it's abc\n"]);
	expect((await main(['render', 'gift/give', '--set', `folder=${home}`], { root, say: readWords(project)['en'], locale: 'en', env: {}, out: (text) => void (out += text), err: (text) => void (out += text) }))).toBe(0);
	expect(out).toContain('account=ACCOUNT');
});
