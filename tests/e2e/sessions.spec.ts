/** The session picker: every state of a session has a face, and nothing that was typed is lost between two of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inChinese, mayRun, test } from './fixtures.ts';
import { startServer, type TestServer } from './start-server.ts';

function runtimeOf({ served: { runtime } }: TestServer) {
	if (!runtime.ready) throw new Error('Nothing runs here.');
	return runtime;
}

for (const locale of inChinese) {
	test(`sessions are none, one, several; named, left, closed and opened again (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field, state, tick } = await openRunbook('walk', locale);
		const picker = page.locator('.session-button');
		const dialog = page.getByRole('dialog', { name: t('session.title') });
		const press = (key: Parameters<typeof t>[0], row = 0) => dialog.getByRole('listitem').nth(row).getByRole('button', { name: t(key), exact: true }).click();
		const close = () => dialog.getByRole('button', { name: t('dialog.close') }).last().click();

		await expect(picker).toContainText(t('session.none'));
		await picker.click();
		await expect(dialog.getByRole('listitem')).toHaveText([t('session.none')]);
		await close();
		await field('folder').fill(server.folder);
		await tick('count');
		await picker.click();
		await expect(dialog.getByRole('listitem')).toHaveCount(1);
		await expect(dialog.getByRole('listitem')).toContainText(t('session.current'));
		await press('session.rename');
		await dialog.getByLabel(t('session.name')).fill('first');
		await page.keyboard.press('Enter');
		await expect(dialog.getByRole('listitem').getByText('first', { exact: true })).toBeVisible();

		await dialog.getByRole('button', { name: t('session.new') }).click();
		await expect(state('count')).toHaveText(t('status.next'));
		await field('herd').fill('sheep');
		await picker.click();
		await expect(dialog.getByRole('listitem')).toHaveCount(2);
		const first = dialog.getByRole('listitem').filter({ hasText: 'first' });
		await first.getByRole('button', { name: t('session.open'), exact: true }).click();
		await expect(dialog).toBeHidden();
		await expect(state('count')).toHaveText(t('status.by-hand'));
		await expect(field('herd')).not.toHaveValue('sheep');
		await expect(picker).toContainText('first');
		expect(runtimeOf(server).sessions.list().map(({ session }) => session.values['herd'] ?? '').sort()).toEqual(['', 'sheep']);

		await picker.click();
		await first.getByRole('button', { name: t('session.close'), exact: true }).click();
		await expect(first).toContainText(t('session.closed'));
		await close();
		await expect(page.getByText(t('session.closed-words'))).toBeVisible();
		await field('herd').fill('goats');
		await expect(page.locator('.session-notes')).toContainText(t('problem.session.closed', { session: '\n' }).split('\n')[1] ?? '');
		await page.locator('.session-notes').getByRole('button', { name: t('session.reopen') }).click();
		await expect(page.getByText(t('session.closed-words'))).toBeHidden();
		await expect.poll(() => runtimeOf(server).sessions.list().map(({ session }) => session.values['herd'] ?? '').sort()).toEqual(['goats', 'sheep']);
	});

	test(`a session of another definition, one whose last line was torn and one that cannot be read say so (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await expect.poll(() => runtimeOf(server).sessions.list().length).toBe(1);
		const { sessions, folder } = runtimeOf(server);
		const journalOf = (id: string) => join(folder, 'sessions', id, 'journal.jsonl');
		const by = { runbook: 'field/walk', definition: 'another', drover: 'test' };
		const [torn, broken] = [sessions.open({ ...by, name: 'torn' }), sessions.open({ ...by, name: 'broken' })];
		for (const one of [torn, broken]) one.append({ type: 'step.marked', step: 'count', mark: 'by-hand', reason: '' });
		await server.served.close();
		writeFileSync(journalOf(torn.id), readFileSync(journalOf(torn.id)).subarray(0, -9));
		writeFileSync(journalOf(broken.id), readFileSync(journalOf(broken.id), 'utf8').replace('walk', 'wolk'));
		const again = await startServer(folder, server.served.port);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();

		await page.locator('.session-button').click();
		const dialog = page.getByRole('dialog', { name: t('session.title') });
		const row = (name: string) => dialog.getByRole('listitem').filter({ hasText: name });
		await expect(row('torn')).toContainText(t('session.other-definition'));
		await expect(row('torn')).toContainText(t('problem.journal.torn', { path: journalOf(torn.id), line: 2, aside: `${journalOf(torn.id)}.torn-2` }));
		await expect(row(t('session.damaged'))).toContainText(journalOf(broken.id));
		await expect(row(t('session.damaged')).getByRole('button')).toHaveCount(0);
		await row('torn').getByRole('button', { name: t('session.open'), exact: true }).click();

		await expect(page.locator('.session-notes')).toContainText(t('session.other-definition'));
		await expect(page.locator('.session-notes')).toContainText(`${journalOf(torn.id)}.torn-2`);
		await again.served.close();
	});
}
