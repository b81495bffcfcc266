import { bothLocales, expect, mayRun, test } from './fixtures.ts';

for (const locale of bothLocales) {
	test(`a step runs exactly the command that its preview shows, and its check ticks it (${locale})`, async ({ openRunbook, server, errors }) => {
		const { page, t, field, step, state, button, look } = await openRunbook('walk', locale);
		await expect(page.getByText(t(mayRun))).toBeVisible();

		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await look('count');
		const command = step('fence').getByRole('group', { name: t('step.command') });
		await expect(command).toHaveText(`mkdir -p ${server.folder}/pasture`);
		await button('fence', 'step.run').click();

		await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();
		await expect(step('fence').getByText(t('saw.file-there', { path: `${server.folder}/pasture` }))).toBeVisible();
		await expect(state('fence')).toHaveText(t('status.verified'));
		expect(errors).toEqual([]);
	});

	test(`a prompt is answered in the terminal, which keeps the whole output as text (${locale})`, async ({ openRunbook, server }) => {
		const { page, t, field, step, button, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await field('grass').fill("o'brien's $(clover)");
		await look('count');
		await button('fence', 'step.run').click();
		await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();

		await button('ask', 'step.run').click();
		const log = page.getByRole('log');
		await expect(log.filter({ hasText: 'How many?' })).toHaveCount(1);
		await page.locator('.terminal-screen:not([hidden]) .xterm').click();
		await page.keyboard.type('seven\n');

		await expect(step('ask').getByText(t('run.ended.success'))).toBeVisible();
		await page.getByRole('button', { name: t('terminal.text') }).click();
		await expect(page.getByRole('dialog')).toContainText("You said seven for o'brien's $(clover)");
	});

	test(`a change asks with the exact command, and a destruction with the object's name (${locale})`, async ({ openRunbook, server }) => {
		const { page, t, field, step, state, button, tick, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await look('count');
		await button('fence', 'step.run').click();
		await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();
		await tick('ask', 'found', 'long');

		await button('move', 'step.run').click();
		await expect(page.getByRole('dialog')).toContainText(`touch ${server.folder}/pasture/cows`);
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
		await expect(state('move')).toHaveText(t('status.verified'));
		await expect(page.getByText(t('outage.running', { at: '', elapsed: '' }).slice(0, 3)).first()).toBeVisible();

		await tick('trip', 'secret', 'cross', 'by-hand');
		await button('burn', 'step.run').click();
		const act = page.getByRole('dialog').getByRole('button', { name: t('confirm.destroy') });
		await expect(act).toBeDisabled();
		await page.getByLabel(t('confirm.object', { object: 'cows' })).fill('cows');
		await act.click();
		await expect(state('burn')).toHaveText(t('status.verified'));
		await expect(page.getByText(t('arrival.done'))).toBeVisible();
	});

	test(`a failing step shows its exit code and its hint, and stops the way onward (${locale})`, async ({ openRunbook, server }) => {
		const { page, t, field, step, button, title, tick, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await look('count');
		await button('fence', 'step.run').click();
		await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();
		await tick('ask', 'found', 'long', 'move');

		await button('trip', 'step.run').click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
		await expect(step('trip').getByText(t('run.ended.failed', { code: 2 }))).toBeVisible();
		await expect(step('trip').getByRole('alert')).toContainText(locale === 'zh' ? '这里没有路' : 'There is no way here');
		await button('cross', 'step.run').click();
		await expect(step('cross').getByText(t('problem.step.out-of-order', { before: title('trip'), step: title('cross') }))).toBeVisible();

		await button('trip', 'step.override').click();
		await page.getByLabel(t('reason.label')).fill('I know the way');
		await page.getByRole('dialog').getByRole('button', { name: t('reason.override'), exact: true }).click();
		await expect(step('trip').getByText('I know the way')).toBeVisible();
	});

	test(`a cancelled run says by which signal it ended (${locale})`, async ({ openRunbook, server }) => {
		const { t, field, step, button, tick, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await look('count');
		await button('fence', 'step.run').click();
		await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();
		await tick('ask', 'found');

		await button('long', 'step.run').click();
		await button('long', 'step.cancel').click();

		await expect(step('long').getByText(t('run.ended.ctrl-c', { signal: 'SIGINT' }))).toBeVisible();
	});

	test(`what is there already is found, and not done again (${locale})`, async ({ openRunbook, server }) => {
		const { t, field, step, state, button, tick, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await look('count');
		await tick('fence', 'ask');

		await button('found', 'step.run').click();

		await expect(state('found')).toHaveText(t('status.found'));
		await expect(step('found').getByText(t('saw.file-there', { path: server.folder }))).toBeVisible();
	});

	test(`the way back undoes what was done, last first (${locale})`, async ({ openRunbook, server }) => {
		const { page, t, field, step, state, button, title, tick, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await field('herd').fill('cows');
		await look('count');
		await button('fence', 'step.run').click();
		await expect(step('fence').getByText(t('run.ended.success'))).toBeVisible();
		await tick('ask', 'found', 'long');
		await button('move', 'step.run').click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.run'), exact: true }).click();
		await expect(state('move')).toHaveText(t('status.verified'));

		const back = page.getByRole('region', { name: t('back.title') });
		await expect(back.getByRole('heading', { level: 3 })).toHaveText([title('move'), title('fence')]);
		const undo = back.getByRole('button', { name: t('back.undo'), exact: true });
		await expect(undo.nth(1)).toBeDisabled();
		await undo.first().click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.undo'), exact: true }).click();
		await expect(back.getByRole('heading', { level: 3 })).toHaveText([title('fence')]);
		await undo.first().click();
		await page.getByRole('dialog').getByRole('button', { name: t('confirm.undo'), exact: true }).click();
		await expect(back.getByText(t('back.empty'))).toBeVisible();
	});
}
