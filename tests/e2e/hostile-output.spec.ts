/** Output of a program that attacks the one who reads it: by the terminal's own answers, by the clipboard, by links, as markup. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { createMarkdownProcessor } from '@astrojs/markdown-remark';
import type { Locator, Page } from '@playwright/test';
import { expect, inEnglish, test, type OpenedRunbook } from './fixtures.ts';
import { reload } from './reload.ts';

test.describe.configure({ timeout: 180_000 });
/** A second page on a busy machine. */
const patient = { timeout: 60_000 };

/** Runs the first step of `field/wolf` with this script. */
async function howl(book: OpenedRunbook, folder: string, script: string): Promise<void> {
	writeFileSync(join(folder, 'howl.sh'), `${script}\n`);
	await book.field('folder').fill(folder);
	await book.button('howl', 'step.run').click();
}

/** The text of a terminal, also when the terminals have gone with the end of their run. */
const log = (page: Page, text: string | RegExp) => page.getByRole('log', { includeHidden: true }).filter({ hasText: text });

/** What a terminal would answer to: device attributes, status, modes, settings, colours, sizes, titles, its name. */
const questions = [
	String.raw`\033[c`, String.raw`\033[>c`, String.raw`\033[=c`, String.raw`\033[5n`, String.raw`\033[6n`, String.raw`\033[?6n`, String.raw`\033[?996n`, String.raw`\033[?2026$p`, String.raw`\033[4$p`,
	String.raw`\033P$qm\033\\`, String.raw`\033P$q"p\033\\`, String.raw`\033P+q544e\033\\`, String.raw`\033]4;1;?\007`, String.raw`\033]10;?\007`, String.raw`\033]11;?\007`, String.raw`\033]12;?\007`,
	String.raw`\033[>q`, String.raw`\033[x`, String.raw`\033[?u`, String.raw`\005`, String.raw`\033Z`,
];
/** Window reports, the title among them: never answered, live or not. */
const windowReports = [11, 13, 14, 15, 16, 18, 19, 20, 21].map((number) => `\\033[${number}t`);

/** Collects what is typed while it waits for a file, and prints it. */
const listen = `
	stty -echo
	echo listening
	got=""
	while [ ! -e "$folder/go" ]; do IFS= read -rs -n 1 -t 0.2 byte && got="$got$byte"; done
	while IFS= read -rs -n 1 -t 1 byte; do got="$got$byte"; done
	printf "got:%q:end\\n" "$got"`;

test('a terminal that is drawn again answers nothing, whatever the page believes of the time: no byte comes to the program', async ({ openRunbook, server, page }) => {
	await page.context().addInitScript(() => {
		const now = Date.now;
		Date.now = () => now() - 3_600_000;
	});
	const book = await openRunbook('wolf', 'en');
	const asked = [...questions, ...windowReports].join('');
	await howl(book, server.folder, `set +eu\nstty -echo\nprintf '${asked.replaceAll("'", String.raw`'\''`)}'\nwhile IFS= read -rs -n 1 -t 2 byte; do :; done\n${listen}`);
	await expect(log(page, 'listening')).toHaveCount(1, patient);

	await reload(page);
	await expect(log(page, 'listening')).toHaveCount(1, patient);
	const second = await page.context().newPage();
	await second.goto(`${server.origin}/zh/field/wolf/`);
	await expect(log(second, 'listening')).toHaveCount(1, patient);
	writeFileSync(join(server.folder, 'go'), '');

	await expect(log(page, "got:'':end")).toHaveCount(1, patient);
});

test('each question is answered once, however many tabs look on; reports on the window never are', async ({ openRunbook, server, page }) => {
	const book = await openRunbook('wolf', 'en');
	const ask = (question: string) => `until [ -e "$folder/ask" ]; do sleep 0.1; done; printf '${question}'`;
	await howl(book, server.folder, `set +eu\necho waiting\n${ask(String.raw`\033[c\033[4$p\033P$qm\033\\`)}; printf '${windowReports.join('')}'\n${listen}`);
	await expect(log(page, 'waiting')).toHaveCount(1, patient);
	const second = await page.context().newPage();
	await second.goto(`${server.origin}/zh/field/wolf/`);
	await expect(log(second, 'waiting')).toHaveCount(1, patient);

	writeFileSync(join(server.folder, 'ask'), '');
	await expect(log(page, 'listening')).toHaveCount(1, patient);
	await expect(log(second, 'listening')).toHaveCount(1, patient);
	writeFileSync(join(server.folder, 'go'), '');

	// What kind of terminal it is (DA), whether it inserts (DECRQM), how it draws (DECRQSS).
	await expect(log(page, String.raw`got:$'\E[?1;2c\E[4;2$y\EP1$r0m\E\\':end`)).toHaveCount(1, patient);
});

for (const locale of inEnglish) {
	test(`clipboard, title and links are out of a program's reach, and after a megabyte of an open sequence it still draws (${locale})`, async ({ openRunbook, server, page }) => {
		const book = await openRunbook('wolf', locale);
		await page.evaluate(() => navigator.clipboard.writeText('mine'));
		const title = await page.title();
		const links = ['javascript:window.pwned=1', 'data:text/html,<script>1</script>', 'file:///etc/passwd', 'https://evil.example/'].map((address, index) => `printf '\\033]8;;${address}\\033\\\\link-${index}\\033]8;;\\033\\\\\\n'`);
		await howl(book, server.folder, `
			set +eu
			printf '\\033]52;c;ZXZpbA==\\007\\033]52;p;ZXZpbA==\\007\\033]0;owned\\007\\033]1;owned\\007\\033]2;owned\\007'
			${links.join('\n')}
			printf '\\033]0;'; head -c 1048576 /dev/zero | tr '\\0' x; printf '\\007'
			printf '\\033]1337;File=inline=1:AAAA\\007\\033]9;owned\\007\\033]777;notify;owned;owned\\007'
			echo still-here
			read -r end`);
		await expect(log(page, 'still-here')).toHaveCount(1, patient);

		const terminal = page.locator('.terminal-screen:not([hidden]) .xterm');
		/** Links are drawn by the terminal, which sits above its rows: found by their row, pointed at by place. */
		const point = async (index: number) => {
			const place = await terminal.locator('.xterm-rows > div').filter({ hasText: `link-${index}` }).boundingBox();
			await page.mouse.move((place?.x ?? 0) + 30, (place?.y ?? 0) + 8);
			await page.mouse.move((place?.x ?? 0) + 12, (place?.y ?? 0) + 8);
		};
		for (const index of [0, 1, 2]) {
			await point(index);
			await page.mouse.down();
			await page.mouse.up();
			await expect(page.getByRole('dialog')).toHaveCount(0);
		}
		await point(3);
		await expect(terminal.locator('.xterm-cursor-pointer')).toHaveCount(1);
		await page.mouse.down();
		await page.mouse.up();
		await expect(page.getByRole('dialog')).toContainText('https://evil.example/');
		await page.keyboard.press('Escape');

		expect(page.context().pages()).toHaveLength(1);
		expect(await page.title()).toBe(title);
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
		expect(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned)).toBeUndefined();
	});

	test(`markup in values, output and what a check saw stays text: in the page, the whole output, print and every report (${locale})`, async ({ openRunbook, server, page, errors }) => {
		const markup = '<img src="x-evil" onerror="window.pwned=1"><script>window.pwned=2</script>';
		const fences = '```\n````\n</pre></code>\n[x](javascript:window.pwned=3)\n<!-- ';
		const book = await openRunbook('wolf', locale);
		const { t, field, button, state, look } = book;
		writeFileSync(join(server.folder, 'scent'), `tracks ${markup} \u202egnp.exe ${fences}`);
		writeFileSync(join(server.folder, 'bait'), `${markup}\n${fences}\n\r\u001b[31mred\u0085\u2028`);
		await field('grass').fill(markup);
		await howl(book, server.folder, 'cat "$folder/bait"');
		await expect(state('howl')).toHaveText(t('status.ran'));
		await look('scent');
		await button('lure', 'step.run').click();
		await expect(state('lure')).toHaveText(t('status.verified'));
		await button('lure', 'step.output').click();
		await page.getByRole('button', { name: t('terminal.text') }).click();
		await expect(page.getByRole('dialog')).toContainText('x-evil');
		await page.emulateMedia({ media: 'print' });

		const inert = (one: Page) => one.evaluate(() => [(window as unknown as { pwned?: number }).pwned ?? 'nothing', document.querySelectorAll('[src="x-evil"], a[href^="javascript:"]').length]);
		expect(await inert(page)).toEqual(['nothing', 0]);
		expect(errors).toEqual([]);

		const token = await page.evaluate(() => sessionStorage.getItem('drover.token'));
		const { runtime } = server.served;
		const id = runtime.ready ? runtime.sessions.list()[0]?.id : '';
		const report = async (format: string) => (await fetch(`${server.origin}/api/sessions/${id}/report?format=${format}&locale=${locale}`, { headers: { Authorization: `Bearer ${token}` } })).text();
		const reader = await page.context().newPage();
		const html = await report('html');
		await reader.setContent(html);
		expect(await inert(reader)).toEqual(['nothing', 0]);
		expect(html).toContain('x-evil');
		const markdown = await report('md');
		const { code } = await (await createMarkdownProcessor()).render(markdown);
		await reader.setContent(code);
		expect(await inert(reader)).toEqual(['nothing', 0]);
		expect(markdown).not.toContain('\u202e');
		for (const line of (await report('jsonl')).trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
	});
}

/** How long the page takes to answer, by its own clock. */
const answerMs = (page: Page) => page.evaluate(() => new Promise<number>((resolve) => {
	const startedMs = performance.now();
	// A task of its own, after all that waits before it.
	setTimeout(() => requestAnimationFrame(() => resolve(performance.now() - startedMs)), 0);
}));

/** Half a second on a quiet machine; processors that are shared give everything that much less. */
const aliveMs = () => 500 * Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());

/** The slowest of some answers while it draws. */
async function slowestMs(page: Page, until: Locator): Promise<number> {
	let slowest = 0;
	do slowest = Math.max(slowest, await answerMs(page));
	while ((await until.count()) === 0);
	return slowest;
}

test('that something was left out is told again when a program wipes it away and goes on', async ({ openRunbook, server, page }) => {
	const book = await openRunbook('wolf', 'en');
	const dear = `yes "$(printf '\\033[1000S')" | tr -d '\\n' | head -c 65536; printf '\\033[m\\n'`;
	await howl(book, server.folder, `set +eu\n${dear}\necho one\nuntil [ -e go ]; do sleep 0.05; done\nprintf '\\033[3J\\033c'\n${dear}\necho two\nread -r end`);
	await expect(log(page, 'one').filter({ hasText: book.t('terminal.left-out') })).toHaveCount(1, patient);
	writeFileSync(join(server.folder, 'go'), '');

	await expect(log(page, 'two').filter({ hasText: book.t('terminal.left-out') })).toHaveCount(1, patient);

	await book.button('howl', 'step.cancel').click();
	await expect(book.state('howl')).toHaveText(book.t('status.failed'), patient);
});

for (const locale of inEnglish) {
	test(`a few bytes that ask for endless work leave the page alive, drawn again and in a second browser too (${locale})`, async ({ openRunbook, server, page, browser }) => {
		const book = await openRunbook('wolf', locale);
		const repeats = [...'STLM@PXbIZ'].map((final) => `\\033[2147483647${final}x`).join('');
		await howl(book, server.folder, `
			set +eu
			printf '${repeats}\\033[2;5r${repeats}\\033[r'
			yes "$(printf '\\033[1000S')" | tr -d '\\n' | head -c 65536
			yes "$(printf '\\033c')" | tr -d '\\n' | head -c 65536
			yes "$(printf '\\033[?1049h\\033[?1049l')" | tr -d '\\n' | head -c 65536
			yes "$(printf '\\033]4;1;#%06x\\007' 1)" | tr -d '\\n' | head -c 65536
			printf '\\033]4;'; yes ';' | tr -d '\\n' | head -c 262144; printf '\\007'
			printf e; yes "$(printf '\\314\\201')" | tr -d '\\n' | head -c 262144
			printf '\\033[0m\\033[?1049l\\033[r\\n'
			echo still-here
			read -r end`);
		const alive = log(page, 'still-here');
		expect(await slowestMs(page, alive)).toBeLessThan(aliveMs());
		await expect(log(page, book.t('terminal.left-out'))).toHaveCount(1);

		await page.reload();
		expect(await slowestMs(page, alive)).toBeLessThan(aliveMs());
		const other = await (await browser.newContext()).newPage();
		await other.goto(server.served.address().replace('/#', `/${locale}/field/wolf/#`));
		expect(await slowestMs(other, log(other, 'still-here'))).toBeLessThan(aliveMs());

		await book.button('howl', 'step.cancel').click();
		await expect(book.state('howl')).toHaveText(book.t('status.failed'), patient);
		await other.context().close();
	});
}
