/** A reload by the reader, of a page that may be loading itself anew at the same moment. */
import type { Page } from 'playwright-core';

/** What the browser answers when the page's own load is in the way: not yet there, or taking the place of ours. */
const isOnItsWay = /Not attached to an active page|net::ERR_ABORTED|interrupted by another navigation/;

/** Reloads; where the page is about to load itself, it waits for that and reloads then, as a reader presses once more. */
export async function reload(page: Page, options: Parameters<Page['reload']>[0] = {}): Promise<void> {
	for (;;) {
		try {
			await page.reload(options);
			return;
		} catch (error) {
			if (!(error instanceof Error) || !isOnItsWay.test(error.message)) throw error;
			await page.waitForLoadState('domcontentloaded');
		}
	}
}
