import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldSession } from '../../../src/runbook/session/session.ts';
import type { Entry } from '../../../src/runbook/session/session-event.ts';
import { fixtureRoot, startDrover } from '../drover.ts';
import { makeFolder } from '../make-folder.ts';

const open = { runbook: 'demo/files', name: 'Tonight', values: {}, detected: [] };

test('a session whose runbook has changed since it began says so, and stays usable', async () => {
	const [root, stateDir] = [join(makeFolder(), 'root'), join(makeFolder(), 'state')];
	cpSync(fixtureRoot, root, { recursive: true });
	const before = await startDrover({ root, stateDir });
	const { session: id } = (await before.call('POST', '/api/sessions', open)).body as { session: string };
	const herd = (await before.call('POST', '/api/sessions', { ...open, runbook: 'demo/herd' })).body as { session: string };
	const unchanged = await before.call('GET', `/api/sessions/${id}`);
	await before.close();
	const definition = join(root, 'src/content/runbooks/demo/files.yaml');
	writeFileSync(definition, readFileSync(definition, 'utf8').replace('run: rm -r ', 'run: rm -rf '));

	const drover = await startDrover({ root, stateDir });
	const list = await drover.call('GET', '/api/sessions');
	const answer = await drover.call('GET', `/api/sessions/${id}`);
	const renamed = await drover.call('PATCH', `/api/sessions/${id}`, { name: 'Later' });
	await drover.close();

	expect(unchanged.body).not.toHaveProperty('changed');
	expect(list.body).toEqual(expect.arrayContaining([expect.objectContaining({ session: id, changed: true })]));
	expect((list.body as { session: string }[]).find((one) => one.session === herd.session)).not.toHaveProperty('changed');
	expect(answer.body).toMatchObject({ session: id, changed: true });
	expect(renamed).toMatchObject({ status: 200, body: { changed: true } });
});

test('a session tells who opened it and where; a journal that does not say still folds', async () => {
	const drover = await startDrover();
	const { entries } = (await drover.call('POST', '/api/sessions', open)).body as { entries: Entry[] };
	await drover.close();

	expect(entries[0]?.event).toMatchObject({ type: 'session.opened', by: { user: userInfo().username, host: hostname() } });
	const { by: _, ...old } = entries[0]?.event as Extract<Entry['event'], { type: 'session.opened' }>;
	expect(foldSession([{ n: 1, at: entries[0]?.at ?? '', event: old }])).toEqual(foldSession(entries.slice(0, 1)));
});
