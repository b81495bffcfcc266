/** What the page says of a step whose check could not be done. */
import { expect, inChinese, openedRunbook, test } from './fixtures.ts';
import { everyState, openKept } from './every-state.ts';
import { testSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

for (const locale of inChinese) {
	test(`a step that ran and could not be checked is what comes next, and is not running (${locale})`, async ({ page }) => {
		const host = await serveStatic(testSite, '/');
		try {
			const kept = everyState.find(({ events }) => events.some((event) => event.type === 'step.looked' && event.result === 'could-not-check'));
			if (!kept) throw new Error('No session has such a step.');
			await openKept(page, host.origin, locale, kept);
			const { t, state, title } = openedRunbook(page, 'walk', locale);

			await expect(state('fence')).toHaveText(t('status.could-not-check'));
			await expect(page.locator('.progress-bar-words')).toContainText(t('progress.next', { step: title('fence') }));
		} finally {
			await host.close();
		}
	});
}
