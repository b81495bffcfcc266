/** Checks that never come to an end: what they hold up, and what they do not. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fixtureRoot, openPass, startDrover, type Drover, type Pass } from '../drover.ts';
import { makeFolder } from '../make-folder.ts';
import { previewOf } from '../preview-of.ts';

/** A server of the fixture's runbooks, with one text of a definition written otherwise. */
async function start(from = '', to = ''): Promise<Drover> {
	const root = makeFolder();
	for (const folder of ['drover.yaml', 'src', 'zh', 'en']) cpSync(join(fixtureRoot, folder), join(root, folder), { recursive: true });
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
	const drover = await startDrover({ root });
	onTestFinished(() => drover.close());
	return drover;
}

const valuesOf = (drover: Drover, name: string) => ({ folder: drover.folder, name, password: 'opensesame', wait: 'long' });

/** A session with everything done up to `make`. */
async function openAtMake(drover: Drover, name: string): Promise<Pass> {
	const values = valuesOf(drover, name);
	const pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
	onTestFinished(() => pass.close());
	for (const step of ['folder-there', 'tools']) await pass.look({ step, for: 'done', values });
	await pass.mark('print', 'skipped', 'not today');
	await pass.mark('ask', 'skipped', 'not today');
	return pass;
}

test('a skip check that hangs holds up its own session alone, and the step does not run', async () => {
	const drover = await start("skip_when: { file: '${folder}/${name}' }", 'skip_when: { run: sleep 3000, timeout: 4s }');
	const [hung, other] = [await openAtMake(drover, 'bella'), await openPass(drover, 'demo/files', valuesOf(drover, 'alma'), previewOf('demo/files'))];
	onTestFinished(() => other.close());
	for (const step of ['folder-there', 'tools']) await other.look({ step, for: 'done', values: valuesOf(drover, 'alma') });
	let answered = false;

	const first = hung.run('make').finally(() => (answered = true));
	const second = await other.run('print');

	expect(second.status).toBe(201);
	expect(answered).toBe(false);
	expect(await first).toMatchObject({ status: 409, body: { problems: [{ name: 'step.skip-unknown' }] } });
	const session = await hung.session();
	expect(session.steps.get('make')).toBeUndefined();
	expect(session.unchecked.get('make')).toMatchObject({ saw: [{ name: 'time-limit', slots: { seconds: 4 } }] });
});

test('of two changes pressed at the same time in two sessions one starts, and one is refused', async () => {
	const drover = await start("    run:\n      - { when: { is: { wait: long } }, run: sleep 300 }", "    skip_when: { run: test -e /nowhere/at/all }\n    run:\n      - { when: { is: { wait: long } }, run: sleep 300 }");
	const passes = await Promise.all(['bella', 'alma'].map((name) => openAtMake(drover, name)));
	for (const pass of passes) await pass.mark('make', 'by-hand');

	const answers = await Promise.all(passes.map((pass) => pass.run('fill')));

	expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
	expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ problems: [{ name: 'step.other-change-running' }] });
	const won = answers.findIndex(({ status }) => status === 201);
	const { run } = answers[won]?.body as { run: string };
	await passes[won]?.until((session) => session.runs.get(run)?.state.kind === 'running');
	await drover.call('DELETE', `/api/runs/${run}`);
	await passes[won]?.until((session) => session.runs.get(run)?.state.kind === 'ended');
});

test('a check that could not be done takes no tick away', async () => {
	const drover = await start();
	const pass = await openAtMake(drover, 'bella');
	await pass.run('make');
	await pass.until((session) => session.steps.get('make')?.kind === 'verified');

	// Without its value the check has nothing to ask.
	const { body } = await pass.look({ step: 'make', for: 'done', values: { name: 'bella' } });

	expect(body).toMatchObject({ looks: [{ step: 'make', result: 'could-not-check', passed: false }] });
	const session = await pass.session();
	expect(session.steps.get('make')?.kind).toBe('verified');
	expect(session.unchecked.get('make')).toMatchObject({ saw: [{ name: 'value-missing' }] });
});
