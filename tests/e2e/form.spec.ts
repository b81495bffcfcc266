import { expect, inChinese, openedRunbook, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';
import { reload } from './reload.ts';

for (const locale of inChinese) {
	test(`commands change as values are typed, and chips lead to their fields (${locale})`, async ({ openRunbook }) => {
		const { t, field, step } = await openRunbook('walk', locale);
		const command = step('move').getByRole('group', { name: t('step.command') });
		await expect(command).toHaveText('touch FOLDER/pasture/HERD');

		await field('folder').fill("/tmp/o'brien's");
		await field('herd').fill('cows');

		await expect(command).toHaveText(String.raw`touch '/tmp/o'\''brien'\''s'/pasture/cows`);
		await command.getByRole('link', { name: 'cows' }).click();
		await expect(field('herd')).toBeFocused();
	});

	test(`what is wrong with a value is said beside its field, in the reader's language (${locale})`, async ({ openRunbook }) => {
		const { t, field, label } = await openRunbook('walk', locale);

		await field('herd').fill('-rf');
		await expect(field('herd')).toHaveAccessibleDescription(new RegExp(escape(t('problem.value.dash', { parameter: label('herd'), value: '-rf' }))));
		await expect(field('herd')).toHaveAttribute('aria-invalid', 'true');
		await field('herd').fill('cows​');
		await expect(field('herd')).toHaveAccessibleDescription(/U\+200B/);
		await field('herd').fill('cows');
		await expect(field('herd')).toHaveAttribute('aria-invalid', 'false');
	});

	test(`a password goes to the server with a run only; what is kept of the form has none, not even of a mistyped one, and the field stays as it was typed (${locale})`, async ({ openRunbook, page, server }) => {
		const { t, field, label, look } = await openRunbook('walk', locale);
		const sent: string[] = [];
		page.on('request', (request) => void (/sessions/.test(request.url()) && sent.push(request.postData() ?? '')));
		const { runtime } = server.served;
		const kept = () => JSON.stringify(runtime.ready && runtime.sessions.list().map(({ entries }) => entries));
		await field('folder').fill(server.folder);
		await field('password').fill('opensesame');
		await field('proxy').evaluate((one) => (one.closest('details')!.open = true));
		await field('proxy').fill('http://u:opensesame@proxy:3128');
		const list = page.getByRole('group', { name: label('env') });
		for (const text of ['API_TOKEN: opensesame', 'CORRAL=red']) {
			await list.getByRole('button', { name: t('form.add-row') }).click();
			await list.getByRole('textbox').last().fill(text);
			await expect.poll(kept).toContain(text.slice(0, 6));
		}

		await expect(list.getByRole('textbox').first()).toHaveValue('API_TOKEN: opensesame');
		await expect(field('proxy')).toHaveValue('http://u:opensesame@proxy:3128');
		await expect(field('password')).toHaveValue('opensesame');
		expect(sent.join('\n')).not.toContain('opensesame');
		await look('count');
		expect(kept()).not.toContain('opensesame');
	});

	test(`the point of no return and the usual time follow the values, at the step, in the checklist and at the head (${locale})`, async ({ openRunbook, page }) => {
		const { t, field, step, title } = await openRunbook('walk', locale);
		const facts = page.locator('runbook-facts');
		const small = page.locator('.checklist [data-step="trip"]');
		const outage = (key: 'time.seconds' | 'time.minutes', count: number) => t('facts.outage-about', { time: t(key, { count }) });
		await expect(step('trip').getByText(t('gate.words'))).toBeHidden();
		await expect(small).not.toHaveAttribute('data-gate');
		await expect(facts.getByRole('link')).toHaveText(title('cross'));
		await expect(facts).toContainText(outage('time.seconds', 5));

		await field('style').selectOption('fast');

		await expect(step('trip').getByText(t('gate.words'))).toBeVisible();
		await expect(small).toHaveAttribute('data-gate');
		await expect(facts.getByRole('link')).toHaveText(title('trip'));
		await expect(facts).toContainText(outage('time.minutes', 3));
		await expect(step('move').locator('.step-usually')).toHaveText(t('step.usually', { time: t('time.minutes', { count: 3 }) }));
	});

	test(`a default can be changed, emptied and taken back (${locale})`, async ({ openRunbook, page }) => {
		const { t, field, step } = await openRunbook('walk', locale);
		await expect(field('grass')).toHaveValue('clover');
		await field('grass').fill('thyme');
		await expect(step('ask').getByRole('group', { name: t('step.command') })).toContainText('grass=thyme');

		await page.getByRole('button', { name: t('form.reset') }).click();

		await expect(field('grass')).toHaveValue('clover');
		await expect(step('ask').getByRole('group', { name: t('step.command') })).toContainText('grass=clover');
	});

	test(`lists take rows, and nodes make a target each (${locale})`, async ({ openRunbook, page, server }) => {
		const { t, field, label, step } = await openRunbook('herd', locale);
		await field('folder').fill(server.folder);
		const nodes = page.getByRole('group', { name: label('nodes') });
		for (const [name, ssh] of [['north', ''], ['south', 'root@south']] as const) {
			await nodes.getByRole('button', { name: t('form.add-row') }).click();
			await nodes.getByLabel(t('nodes.name')).last().fill(name);
			await nodes.getByLabel(t('nodes.ssh')).last().fill(ssh);
			await nodes.getByLabel(t('nodes.address')).last().fill('192.0.2.1');
		}

		await expect(step('call').getByRole('group', { name: t('step.command') })).toHaveText([`ls ${server.folder} north`, `ls ${server.folder} south`]);
		await expect(step('call').getByText(t('step.node-elsewhere', { ssh: 'root@south' }))).toBeVisible();
		await expect(step('call').getByRole('button', { name: t('step.run'), exact: true })).toHaveCount(1);
		await expect(step('wind').getByText(t('status.not-applicable')).first()).toBeVisible();
		const copy = step('wind').getByRole('button', { name: t('step.copy') });
		await expect(copy).toBeHidden();
		await field('proxy').evaluate((one) => (one.closest('details')!.open = true));
		await field('proxy').fill('http://proxy:3128');
		await expect(copy).toBeVisible();
		await field('proxy').fill('');
		await expect(copy).toBeHidden();

		// Its check is made from here: a look is offered where no command can be run.
		const looks = step('call').getByRole('button', { name: t('step.check'), exact: true });
		await expect(looks).toHaveCount(2);
		await looks.last().click();
		await expect(step('call').getByText(t('saw.output', { text: 'south' }))).toBeVisible();
	});

	test(`a secret stands in commands as a variable, and copying says to set it first (${locale})`, async ({ openRunbook, page }) => {
		const { t, field, step } = await openRunbook('walk', locale);
		await field('password').fill('correct horse battery');

		await expect(step('secret').getByRole('group', { name: t('step.command') })).toHaveText('test -n "$password"');
		await step('secret').getByRole('button', { name: t('step.copy') }).first().click();

		await expect(step('secret').getByText('read -rs password && export password')).toBeVisible();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('test -n "$password"');
		const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
		expect(kept).not.toContain('correct horse');
	});

	test(`values and checklist are still there after a reload, and in the other language (${locale})`, async ({ openRunbook, page, server }) => {
		const { t, field, state, look } = await openRunbook('walk', locale);
		await field('folder').fill(server.folder);
		await look('count');

		await reload(page);
		await expect(field('folder')).toHaveValue(server.folder);
		await expect(state('count')).toHaveText(t('status.verified'));

		const other = locale === 'zh' ? 'en' : 'zh';
		const there = openedRunbook(page, 'walk', other);
		await page.getByRole('link', { name: there.t('locale.name'), exact: true }).click();
		await expect(page).toHaveURL(new RegExp(`/${other}/field/walk/`));
		await expect(there.field('folder')).toHaveValue(server.folder);
		await expect(there.state('count')).toHaveText(there.t('status.verified'));
	});

	test(`without a server the page reads, fills in, copies and ticks, below any address (${locale})`, async ({ page, errors }) => {
		const host = await serveStatic(testSite, '/some/where/');
		try {
			await page.goto(`${host.origin}/some/where/${locale}/field/walk/`);
			const { t, field, step, button, state, tick } = openedRunbook(page, 'walk', locale);
			await expect(page.getByRole('button', { name: t('access.reading') })).toBeVisible();
			await expect(button('fence', 'step.run')).toHaveCount(0);

			await field('folder').fill('/srv/field');
			await expect(step('fence').getByRole('group', { name: t('step.command') })).toHaveText('mkdir -p /srv/field/pasture');
			await tick('count');
			await reload(page);
			await expect(field('folder')).toHaveValue('/srv/field');
			await expect(state('count')).toHaveText(t('status.by-hand'));
			expect(errors).toEqual([]);
		} finally {
			await host.close();
		}
	});
}

test('with scripts off the page is still a manual', async ({ browser }) => {
	const host = await serveStatic(testSite, '/');
	const context = await browser.newContext({ javaScriptEnabled: false });
	const page = await context.newPage();
	await page.goto(`${host.origin}/en/field/walk/`);

	for (const place of ['.glance', '#fence']) await expect(page.locator(place).getByText('mkdir -p FOLDER/pasture')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Run', exact: true })).toHaveCount(0);
	await expect(page.getByText('rmdir FOLDER/pasture')).toBeHidden();
	await page.locator('#fence').getByText('How to undo it').click();
	await expect(page.getByText('rmdir FOLDER/pasture')).toBeVisible();
	await context.close();
	await host.close();
});

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
