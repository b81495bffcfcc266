import { bothLocales, expect, inEnglish, openedRunbook, test } from './fixtures.ts';
import { ownSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

const words = { zh: ['数据卷', '牧草指南', '围栏'], en: ['volume', 'Guide to grass', 'fence'] } as const;

for (const locale of bothLocales) {
	test(`search finds pages and steps by keyboard alone, in the page's language (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/field/herd/`);
		const { t, title } = openedRunbook(page, 'walk', locale);
		const [inGuide, guide, step] = words[locale];

		await page.keyboard.press('/');
		const box = page.getByRole('searchbox', { name: t('search.label') });
		await expect(box).toBeFocused();
		await box.fill(inGuide);
		await expect(page.getByRole('dialog').getByRole('link').filter({ hasText: guide })).toBeVisible();
		await box.fill(step);
		const found = page.getByRole('dialog').locator('a[href*="/walk/"][href$="#step-fence"]');
		await expect(found).toContainText(title('fence'));
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog')).toHaveCount(0);

		await page.keyboard.press('Control+k');
		await box.fill(inGuide);
		await expect(page.getByRole('dialog').getByRole('link').first()).toBeVisible();
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(new RegExp(`/${locale}/guide/grass/`));
	});

	test(`a word that is nowhere is said to be nowhere (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/`);
		const { t } = openedRunbook(page, 'walk', locale);

		await page.getByRole('button', { name: t('search.open') }).click();
		await page.getByRole('searchbox').fill('xyzzyqq');

		await expect(page.getByRole('dialog').getByRole('status')).toHaveText(t('search.none', { query: 'xyzzyqq' }));
	});
}

/** What the first result and one of its steps are called. */
const sought = {
	zh: [
		['回退', '回退到旧版本', '先回滚尚未完成升级的基础设施应用'],
		['高可用', '升级高可用环境', '所有节点都在成员列表中'],
		['日志锁', '释放失效的日志锁', '释放锁'],
		['备份', '备份 Rancher Server', '备份数据库'],
		['外部数据库', '升级使用外部数据库的 Rancher Server', '数据库在容器之外'],
		['--db-host', '旧选项如何带入新容器', '参数和对应的变量'],
	],
	en: [
		['roll back', 'Roll back to an older version', 'Roll back infrastructure stacks that are not finished'],
		['High Availability', 'Upgrade a high-availability setup', 'All nodes are listed as members'],
		['log lock', 'Release a stale change-log lock', 'Release the lock'],
		['back up', 'Back up a server', 'Back up the database'],
		['external database', 'Upgrade a server with an external database', 'The database is outside the container'],
		['agent', 'Agents on the hosts', 'How a host gets the new agent'],
	],
} as const;

for (const locale of bothLocales) {
	test(`in the manual, what is called what is sought comes first (${locale})`, async ({ page }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/`);
			await page.keyboard.press('/');
			for (const [query, first, step] of sought[locale]) {
				await page.getByRole('searchbox').fill(query);
				const results = page.getByRole('dialog').getByRole('listitem');
				await expect(results.first().locator('strong')).toHaveText(first);
				const after = results.filter({ has: page.locator('strong', { hasText: step }) }).first();
				await expect(after).toBeVisible();
				await expect(after).toHaveClass('sub');
			}
		} finally {
			await host.close();
		}
	});

	test(`what is found is told in prose, not in the text of a script (${locale})`, async ({ page }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/`);
			await page.keyboard.press('/');
			await page.getByRole('searchbox').fill(locale === 'zh' ? '数据容器' : 'data container');
			await expect(page.getByRole('dialog').getByRole('link').first()).toBeVisible();

			const excerpts = await page.getByRole('dialog').getByRole('link').locator('span').allTextContents();
			expect(excerpts.filter((text) => /\$\{|\$\(|\{\{|\|\|/.test(text))).toEqual([]);
			// A full stop of its own language, and no beginning in the title above it or in the end of another sentence.
			expect(excerpts.filter((text) => /\p{Script=Han}[”）]?\.( |$)/u.test(text) || /^[\p{P}\s]/u.test(text.replace(/^[-“「《（(/]/, '')))).toEqual([]);
			for (const link of await page.getByRole('dialog').getByRole('link').all()) {
				const [title = '', excerpt = ''] = [await link.locator('strong').textContent(), await link.locator('span').textContent()];
				expect(excerpt?.startsWith(title ?? '-')).toBe(false);
			}
		} finally {
			await host.close();
		}
	});
}

/** Titles that end in a bracket: the index puts no full stop after these. */
const bracketed = {
	zh: [['数据丢失', '手册会逐项检查）'], ['network-policy-manager', '（如果已安装）']],
	en: [['cold backup', 'files (cold backup)']],
} as const;

for (const locale of bothLocales) {
	test(`a title that ends in a bracket is not repeated in the text below it (${locale})`, async ({ page }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/`);
			await page.keyboard.press('/');
			for (const [query, end] of bracketed[locale]) {
				await page.getByRole('searchbox').fill(query);
				const link = page.getByRole('dialog').getByRole('link').filter({ has: page.locator('strong', { hasText: end }) }).first();

				await expect(link.locator('span')).not.toBeEmpty();
				await expect(link.locator('span')).not.toContainText(end);
			}
		} finally {
			await host.close();
		}
	});
}

test('while Chinese is composed nothing is sought, and keys belong to the input method', async ({ page, server }) => {
	await page.goto(`${server.origin}/zh/field/herd/`);
	await page.keyboard.press('/');
	const box = page.getByRole('searchbox');
	const status = page.getByRole('dialog').getByRole('status');
	await box.fill('围栏');
	await expect(page.getByRole('dialog').getByRole('link').first()).toBeVisible();
	const before = await status.innerText();
	const ime = await page.context().newCDPSession(page);

	await ime.send('Input.imeSetComposition', { text: 'xyzzy', selectionStart: 5, selectionEnd: 5 });
	await expect(box).toHaveValue('围栏xyzzy');
	const taken = await box.evaluate((input) => ['Enter', 'ArrowDown', 'Escape'].filter((key) => !input.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }))));
	expect(taken).toEqual([]);
	// Twice as long as it takes to find that a word is nowhere.
	await page.waitForTimeout(3_000);
	expect(await status.innerText()).toBe(before);
	await expect(box).toBeFocused();

	await ime.send('Input.insertText', { text: '' });
	await box.fill('');
	await ime.send('Input.imeSetComposition', { text: 'shu', selectionStart: 3, selectionEnd: 3 });
	await ime.send('Input.insertText', { text: '数据卷' });
	await expect(page.getByRole('dialog').getByRole('link').filter({ hasText: '牧草指南' })).toBeVisible();
});

/** Each piece of the index, and the script that reads it. */
const pieces = ['pagefind.js', 'pagefind-entry.json', 'wasm.', '.pf_meta', '.pf_index', '.pf_fragment'];

for (const locale of inEnglish) {
	test(`a piece of the search that is lost on the way once costs nothing but a moment (${locale})`, async ({ page, server }) => {
		const [inGuide, guide] = words[locale];
		for (const piece of pieces) {
			let lost = 0;
			const isPiece = ({ pathname }: URL) => pathname.includes('/pagefind/') && pathname.includes(piece);
			await page.route(isPiece, (route) => (lost++ === 0 ? route.abort('internetdisconnected') : route.continue()));
			await page.goto(`${server.origin}/${locale}/field/herd/`);
			await page.keyboard.press('/');
			await page.getByRole('searchbox').fill(inGuide);

			await expect(page.getByRole('dialog').getByRole('link').filter({ hasText: guide })).toBeVisible();
			expect(lost, piece).toBeGreaterThan(1);
			await page.unroute(isPiece);
		}
	});

	test(`a search that stays lost says so, and a press asks again (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/field/herd/`);
		const { t } = openedRunbook(page, 'walk', locale);
		const [inGuide, guide] = words[locale];
		const seen = Promise.withResolvers<undefined>();
		await page.route('**/pagefind/**', (route) => seen.promise.then(() => route.abort('internetdisconnected')));
		await page.keyboard.press('/');
		await page.getByRole('searchbox').fill(inGuide);
		const dialog = page.getByRole('dialog');

		await expect(dialog.getByRole('status')).toHaveText(t('search.searching'));
		seen.resolve(undefined);
		await expect(dialog.getByRole('status')).toContainText(t('search.failed'));
		await page.unroute('**/pagefind/**');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');

		await expect(dialog.getByRole('link').filter({ hasText: guide })).toBeVisible();
		await expect(page.getByRole('searchbox')).toBeFocused();
	});

	test(`Enter that comes before the answer opens the first of the answer, not what stood there (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/field/herd/`);
		const [inGuide, , step] = words[locale];
		await page.keyboard.press('/');
		await page.getByRole('searchbox').fill(step);
		await expect(page.getByRole('dialog').getByRole('link').first()).toBeVisible();

		await page.getByRole('searchbox').fill(inGuide);
		await page.keyboard.press('Enter');

		await expect(page).toHaveURL(new RegExp(`/${locale}/guide/grass/`));
	});

	test(`Enter belongs to its question: who asks another in the meantime is taken nowhere, not even when he comes back to it (${locale})`, async ({ page, server }) => {
		await page.goto(`${server.origin}/${locale}/field/herd/`);
		const [inGuide, guide, step] = words[locale];
		const held = Promise.withResolvers<undefined>();
		await page.route('**/pagefind/**', (route) => held.promise.then(() => route.continue()));
		await page.keyboard.press('/');
		const box = page.getByRole('searchbox');
		await box.fill(inGuide);
		await page.keyboard.press('Enter');
		await box.fill(step);
		await box.fill(inGuide);
		held.resolve(undefined);

		await expect(page.getByRole('dialog').getByRole('link').filter({ hasText: guide })).toBeVisible();
		await expect(page).toHaveURL(new RegExp(`/${locale}/field/herd/$`));
	});
}
