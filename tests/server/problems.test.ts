/** One catalogue of problems: name, slots, kind, and with it the status of an answer and the exit code of the command line. */
import { appendFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { kindOf, problems } from '../../src/runbook/problem.ts';
import { familyCatalogues } from '../../src/families/families.ts';
import { formatLine } from '../../server/state/journal-line.ts';
import { stateError } from '../../server/state/state-error.ts';
import { openPass, startDrover } from './drover.ts';
import { makeFolder } from './make-folder.ts';
import { previewOf } from './preview-of.ts';

const sources = globSync('{server,cli,src}/**/*.{ts,astro}', { cwd: join(import.meta.dirname, '../..') }).filter((file) => !file.endsWith('/problem.ts') && !file.includes('i18n/notes'));
const texts = sources.map((file) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).join('\n');

const familyProblems = Object.values(familyCatalogues).filter(({ prefix }) => prefix === 'problem').flatMap(({ names }) => Object.keys(names));

test.each([...Object.keys(problems), ...familyProblems])('%s is said somewhere in the code', (name) => {
	expect(texts).toMatch(new RegExp(`['"]${name.replaceAll('.', '\\.')}['"]|\`${name.split('.')[0]}\\.\\$`));
});

test('what this machine cannot do is told as that, of recordings too', () => {
	expect((['recording.corrupt', 'journal.corrupt', 'state.full', 'docker.silent'] as const).map(kindOf)).toEqual(['machine', 'machine', 'machine', 'machine']);
	expect([kindOf('session.unknown'), kindOf('step.running'), kindOf('access.token-refused'), kindOf('value.missing')]).toEqual(['absent', 'conflict', 'access', 'request']);
	expect(stateError('recording.corrupt', { path: 'p', event: 3 }).slots).toEqual({ path: 'p', event: 3 });
	expect(problems['recording.corrupt']).toEqual(['path', 'event']);
});

test('a damaged recording is told over the socket by its name, with the slots of its sentence', async () => {
	const drover = await startDrover();
	onTestFinished(() => drover.close());
	const values = { folder: drover.folder, name: 'bella' };
	const pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
	onTestFinished(() => pass.close());
	for (const step of ['folder-there', 'tools']) await pass.look({ step, for: 'done', values });
	const { body } = await pass.run('print');
	const { run } = body as { run: string };
	await pass.until((session) => session.runs.get(run)?.state.kind === 'ended' && (session.runs.get(run)?.state as { terminal?: string }).terminal === 'closed');
	const [recording = ''] = globSync(`**/${run}/recording*.cast`, { cwd: drover.stateDir });
	appendFileSync(join(drover.stateDir, recording), 'not an event\n');
	const socket = await drover.socket();
	onTestFinished(() => socket.close());

	socket.send({ type: 'run.follow', run, from: 0 });

	const { problem } = await socket.next('problem');
	expect(problem.name).toBe('recording.corrupt');
	expect(Object.keys(problem.slots).sort()).toEqual(['event', 'path']);
});

test('a session that a later Drover wrote to opens, says so, and loses nothing', async () => {
	const stateDir = join(makeFolder(), 'state');
	const first = await startDrover({ stateDir });
	const pass = await openPass(first, 'demo/files', { name: 'bella' }, previewOf('demo/files'));
	pass.close();
	await first.close();
	const [journal = ''] = globSync(`**/${pass.id}/journal.jsonl`, { cwd: stateDir }).map((file) => join(stateDir, file));
	const n = readFileSync(journal, 'utf8').trimEnd().split('\n').length;
	const later = formatLine({ n: n + 1, at: '2030-01-01T00:00:00.000Z', up: 1 }, { type: 'phase.began', phase: 'change' }) + formatLine({ n: n + 2, at: '2030-01-01T00:00:00.000Z', up: 2 }, { type: 'session.renamed', name: 'Later', colour: 'red' });
	appendFileSync(journal, later);

	const second = await startDrover({ stateDir });
	onTestFinished(() => second.close());
	const { body } = await second.call('GET', `/api/sessions/${pass.id}`);

	expect(body).toMatchObject({ notices: [{ name: 'journal.later', slots: { count: 2 } }] });
	expect((await second.call('PATCH', `/api/sessions/${pass.id}`, { name: 'Mine' })).status).toBe(200);
	expect((await second.call('GET', `/api/sessions/${pass.id}/report?format=md&locale=en`)).status).toBe(200);
	expect(readFileSync(journal, 'utf8')).toContain(later);
});

test('a required step cannot be settled by a word where a check proves it', async () => {
	const root = makeFolder();
	const { cpSync } = await import('node:fs');
	const { fixtureRoot } = await import('./drover.ts');
	for (const folder of ['drover.yaml', 'src', 'zh', 'en']) cpSync(join(fixtureRoot, folder), join(root, folder), { recursive: true });
	mkdirSync(join(root, 'x'));
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	writeFileSync(file, readFileSync(file, 'utf8').replace('- id: tools\n    phase: preflight', '- id: tools\n    phase: preflight\n    required: true'));
	const drover = await startDrover({ root });
	onTestFinished(() => drover.close());
	const pass = await openPass(drover, 'demo/files', {}, previewOf('demo/files'));
	onTestFinished(() => pass.close());

	for (const mark of ['by-hand', 'skipped', 'overridden'] as const) {
		expect(await pass.mark('tools', mark, 'because')).toMatchObject({ status: 409, body: { problems: [{ name: 'step.cannot-override' }] } });
	}
	expect((await pass.look({ step: 'tools', for: 'done', values: {} })).body).toMatchObject({ looks: [{ result: 'passed' }] });
});
