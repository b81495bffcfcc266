/** Where lines of Chinese end: not inside a word of a heading, and no paragraph ends in a line of one character. */
import { globSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { ownSite } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

/** Lines of what `selector` finds, as they are drawn. A run of Chinese that is wider than its line is marked with `…` where it had to be broken. */
function linesOf(page: Page, selector: string): Promise<string[][]> {
	return page.evaluate((selector) => {
		const shown = [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.checkVisibility() && one.closest('.visually-hidden') === null);
		return shown.map((one) => {
			const lines: string[] = [];
			let bottom = -Infinity;
			const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
			const range = document.createRange();
			while (walker.nextNode()) {
				const text = walker.currentNode as Text;
				for (const [index, character] of [...text.data].entries()) {
					range.setStart(text, index);
					range.setEnd(text, index + 1);
					const place = range.getClientRects()[0];
					if (place === undefined) continue;
					if (place.top >= bottom - 2) lines.push('');
					bottom = Math.max(place.bottom, bottom);
					lines[lines.length - 1] += character;
				}
			}
			const fits = one.clientWidth / Number.parseFloat(getComputedStyle(one).fontSize);
			return lines.map((line, at) => {
				const run = `${/\p{Script=Han}+$/u.exec(line)?.[0] ?? ''}${/^\p{Script=Han}+/u.exec(lines[at + 1] ?? '')?.[0] ?? ''}`;
				return run.length > fits ? `${line}…` : line;
			});
		});
	}, selector);
}

for (const [name, viewport] of Object.entries({ desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } })) {
	test(`a Chinese heading is not broken inside a word, and no paragraph ends in one character (${name})`, async ({ page }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.setViewportSize(viewport);
			const broken: string[] = [];
			const alone: string[] = [];
			let headings = 0;
			for (const path of globSync('zh/**/index.html', { cwd: ownSite }).sort()) {
				await page.goto(`${host.origin}/${path.replace(/index\.html$/, '')}`);
				await page.evaluate(() => document.fonts.ready);
				for (const lines of await linesOf(page, 'main :is(h1, h2, h3, .runbook-list li > a)')) {
					headings += 1;
					if (lines.some((line, at) => /\p{Script=Han}$/u.test(line) && /^\p{Script=Han}/u.test(lines[at + 1] ?? ''))) broken.push(`${path}: ${lines.join(' / ')}`);
				}
				for (const lines of await linesOf(page, 'main p')) {
					if (lines.length > 1 && /^\p{Script=Han}?\p{P}*$/u.test(lines.at(-1)?.trim() ?? '-')) alone.push(`${path}: ${lines.slice(-2).join(' / ')}`);
				}
			}

			expect(headings).toBeGreaterThan(100);
			expect(broken).toEqual([]);
			expect(alone).toEqual([]);
		} finally {
			await host.close();
		}
	});
}
