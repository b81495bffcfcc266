import type { Page } from '@playwright/test';
import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

let host: Awaited<ReturnType<typeof serveStatic>>;
test.beforeAll(async () => {
	host = await serveStatic(testSite, '/');
});
test.afterAll(() => host.close());

/** As a browser that blocks cookies does. */
async function switchStorageOff(page: Page): Promise<void> {
	await page.addInitScript(() => {
		for (const name of ['localStorage', 'sessionStorage']) {
			Object.defineProperty(window, name, {
				get() {
					throw new DOMException('Access is denied for this document.', 'SecurityError');
				},
			});
		}
	});
}

for (const locale of bothLocales) {
	test(`without storage the page still fills in, ticks, changes its theme and finds, and says that nothing is kept (${locale})`, async ({ page, errors }) => {
		await switchStorageOff(page);
		await page.goto(`${host.origin}/${locale}/field/walk/`);
		const { t, field, step, button } = openedRunbook(page, 'walk', locale);

		await field('folder').fill('/srv');
		await expect(step('fence')).toContainText('mkdir -p /srv/pasture');
		await button('count', 'step.by-hand').click();
		await expect(step('count')).toHaveAttribute('data-state', 'by-hand');
		await expect(page.getByText(t('session.unkept-words'))).toBeVisible();
		await expect(page.getByText(t('session.unkept'), { exact: true })).toBeVisible();

		for (const theme of ['light', 'dark'] as const) {
			await page.locator('theme-switch button').click();
			await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
		}
		await page.keyboard.press('/');
		await expect(page.getByRole('searchbox')).toBeFocused();
		await expect(page.locator('html')).toHaveAttribute('data-alive');
		expect(errors).toEqual([]);
	});

	test(`a page that nobody can run anything from says so from the first paint on, and never another thing (${locale})`, async ({ page }) => {
		await page.addInitScript(() => {
			const said = new Set<string>();
			Object.assign(window, { said });
			new MutationObserver(() => {
				const text = document.querySelector('.access-short')?.textContent;
				if (text) said.add(text);
			}).observe(document, { subtree: true, childList: true, characterData: true });
		});
		await page.goto(`${host.origin}/${locale}/field/walk/`);
		const { t } = openedRunbook(page, 'walk', locale);
		await page.locator('html[data-access="reading"]').waitFor();

		expect(await page.evaluate(() => [...(window as unknown as { said: Set<string> }).said])).toEqual([t('access.reading')]);
	});
}

test('on a host without any header nothing that was put into a page acts: its policy travels with it', async ({ page }) => {
	// The same host by another name is another origin, and it answers.
	const elsewhere = host.origin.replace('127.0.0.1', 'localhost');
	const planted = '<script>window.ran = "inline"</script><script src="ELSEWHERE/first-paint.js?planted"></script><img src="missing" onerror="window.ran = \'handler\'" /><form id="planted" action="/planted"><button>Send</button></form><a id="link" href="javascript:window.ran=\'link\'">Link</a><iframe src="/en/?planted"></iframe><base href="ELSEWHERE/" />'.replaceAll('ELSEWHERE', elsewhere);
	await page.route('**/en/field/walk/', async (route) => {
		const answer = await route.fetch();
		await route.fulfill({ response: answer, body: (await answer.text()).replace('<article', `${planted}<article`) });
	});
	await page.addInitScript(() => {
		const refused: string[] = [];
		Object.assign(window, { refused });
		document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
	});
	const answered: string[] = [];
	page.on('response', (response) => answered.push(response.url()));

	await page.goto(`${host.origin}/en/field/walk/`);
	await page.locator('html[data-alive]').waitFor();
	// By the page itself: Playwright's own press would wait for the navigation that is refused.
	await page.evaluate(() => ['#planted button', '#link'].forEach((one) => document.querySelector<HTMLElement>(one)?.click()));
	await expect.poll(() => page.evaluate(() => [...new Set((window as unknown as { refused: string[] }).refused)].sort())).toEqual(['base-uri', 'form-action', 'frame-src', 'script-src-attr', 'script-src-elem']);

	expect(await page.evaluate(() => (window as unknown as { ran?: string }).ran)).toBeUndefined();
	expect(answered.filter((url) => url.startsWith(elsewhere) || url.includes('planted'))).toEqual([]);
});
