/** What concerns access and asks the reader for an answer. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inChinese, mayRun, openedRunbook, test } from './fixtures.ts';

for (const locale of inChinese) {
	test(`a code that comes a second time from another browser is told in the tab that exchanged it, and one press voids all access (${locale})`, async ({ openAt, server, page, browser }) => {
		const address = `${server.origin}/${locale}/field/walk/#code=${server.served.keys.makeCode()}`;
		const { t } = openedRunbook(page, 'walk', locale);
		await page.goto(address);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		const elsewhere = await browser.newContext();
		await (await elsewhere.newPage()).goto(address);

		await expect(page.getByText(t('notice.again'))).toBeVisible();
		await page.getByRole('button', { name: t('notice.void') }).click();

		await expect(page.getByRole('button', { name: t('access.expired') })).toBeVisible();
		await elsewhere.close();
		await openAt(`/${locale}/field/walk/`);
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	});

	test(`a link that names a container changes nothing and asks Docker nothing before a press (${locale})`, async ({ openRunbook, server, page }) => {
		const { t, field } = await openRunbook('walk', locale);
		await field('folder').fill('/mine');
		await expect.poll(() => server.journals()).toContain('/mine');
		let detected = 0;
		await page.route('**/api/detect', async (route) => {
			detected += 1;
			await route.fulfill({ json: { commands: ['docker ps'], documents: '[]' } });
		});
		const before = server.journals();
		const foreign = await page.context().newPage();
		await foreign.setContent(`<a href="${server.origin}/${locale}/field/walk/#look=production" target="_blank" rel="noopener">Kittens</a>`);
		await foreign.context().route('**/api/detect', async (route) => {
			detected += 1;
			await route.fulfill({ json: { commands: ['docker ps'], documents: '[]' } });
		});
		const opening = page.context().waitForEvent('page');
		await foreign.getByText('Kittens').click();
		const linked = await opening;

		await expect(linked.getByText(t('notice.detect', { container: 'production' }))).toBeVisible();
		expect([detected, server.journals()]).toEqual([0, before]);
		await linked.getByRole('button', { name: t('notice.detect-act') }).click();
		await expect(linked.getByText(t('notice.detect-none', { container: 'production' }))).toBeVisible();
		expect(detected).toBe(1);
	});

	test(`a message of a later version is told with a button that loads the page again (${locale})`, async ({ openAt, page, errors }) => {
		await page.routeWebSocket('**/api/socket', (socket) => {
			const server = socket.connectToServer();
			server.onMessage((message) => socket.send(message));
			setTimeout(() => socket.send('{"type":"session.weather","rain":true}'), 0);
		});
		await openAt(`/${locale}/field/walk/`);
		const { t } = openedRunbook(page, 'walk', locale);

		await expect(page.getByText(t('notice.misunderstood'))).toBeVisible();
		expect(errors).toEqual([]);
		await page.getByRole('button', { name: t('notice.reload') }).click();
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	});
}

/** What stands behind the address of a runbook in a link: everything that a page could take for a wish of its reader. */
const wishes = (usedCode: string, session: string): readonly string[] => [
	'#look=production', '#look=../../x', '#found=production', '#drover.found=%7B%22runbook%22:%22field/walk%22,%22values%22:%7B%22folder%22:%22/etc%22%7D%7D',
	'#fence', '#step-fence', '#run=fence', '#press=fence', '#phase=prepare', '#phase=change', '#undo=fence', '#by-hand=fence', '#close',
	'#folder=/etc', '#values=%7B%22folder%22:%22/etc%22%7D', '#password=opensesame', `#session=${session}`,
	`#code=${usedCode}`, `#code=${'x'.repeat(43)}`, '#code=', '#token=x',
	'?folder=/etc&herd=wolves', '?password=opensesame', '?look=production', '?run=fence&confirmed=true', '?phase=change', `?session=${session}&close=1`, `?code=${'x'.repeat(43)}`, '?token=x#look=production',
];

test('no link acts: whatever stands in its fragment or query, nothing is asked of the server but access, and no value, session or step changes', async ({ server, page, context }) => {
	const code = server.served.keys.makeCode();
	const again: unknown[] = [];
	server.served.keys.events.on('again', (one) => again.push(one));
	const { t, field, look, tick } = openedRunbook(page, 'walk', 'en');
	await page.goto(`${server.origin}/en/field/walk/#code=${code}`);
	await field('folder').fill(server.folder);
	mkdirSync(join(server.folder, 'pasture'));
	await look('count');
	await tick('fence');
	const before = server.journals();
	const session = /"session":"([a-z0-9]+)"/.exec(before)?.[1] ?? '';
	const acts: string[] = [];
	context.on('request', (request) => {
		const { pathname } = new URL(request.url());
		// An open page checks what is settled again, from time to time.
		const isRecheck = request.method() === 'POST' && pathname.endsWith('/looks') && (request.postData() ?? '').includes('"prove":true');
		if (!isRecheck && (pathname.startsWith('/api/detect') || (request.method() !== 'GET' && /^\/api\/(?:sessions|runs|phases)/.test(pathname)))) acts.push(`${request.method()} ${pathname}`);
	});
	const foreign = await context.newPage();
	await foreign.setContent('<a target="_blank" rel="noopener">Kittens</a>');

	for (const wish of wishes(code, session)) {
		await foreign.getByText('Kittens').evaluate((link, address) => link.setAttribute('href', address), `${server.origin}/en/field/walk/${wish}`);
		const opening = context.waitForEvent('page');
		await foreign.getByText('Kittens').click();
		const linked = await opening;
		const opened = openedRunbook(linked, 'walk', 'en');
		await expect(linked.getByRole('button', { name: t(mayRun) })).toBeVisible();
		await expect(opened.state('fence')).toHaveText(t('status.by-hand'));
		expect([wish, await opened.field('folder').inputValue(), await opened.field('password').inputValue()]).toEqual([wish, server.folder, '']);
		await linked.close();
	}

	expect([acts, again]).toEqual([[], []]);
	expect(server.journals()).toBe(before);
	await expect(page.getByText(t('notice.again'))).toBeHidden();
});

test('a page that says what the server does not know is told so, with a button that loads the page again', async ({ openAt, page, errors }) => {
	await page.routeWebSocket('**/api/socket', (socket) => {
		const server = socket.connectToServer();
		setTimeout(() => server.send('{"type":"session.shepherd"}'), 0);
	});
	await openAt('/en/field/walk/');
	const { t } = openedRunbook(page, 'walk', 'en');

	await expect(page.getByText(t('notice.misunderstood'))).toBeVisible();
	expect(errors).toEqual([]);
});

test('the address pressed twice in one browser raises no alarm: at once, later, and after a reload', async ({ server, page, context }) => {
	const told: unknown[] = [];
	server.served.keys.events.on('again', (one) => told.push(one));
	const address = `${server.origin}/en/field/walk/#code=${server.served.keys.makeCode()}`;
	const { t } = openedRunbook(page, 'walk', 'en');
	const beside = await context.newPage();

	await Promise.all([page.goto(address), beside.goto(address)]);
	for (const one of [page, beside]) await expect(one.getByRole('button', { name: t(mayRun) })).toBeVisible();
	await page.goto('about:blank');
	await page.goto(address);
	await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	await page.reload();
	await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();

	expect(told).toEqual([]);
	await expect(page.getByText(t('notice.again'))).toBeHidden();
});

test('a second tab is given the token by the first one, though that one does not listen yet', async ({ server, page, context }) => {
	const address = `${server.origin}/en/field/walk/#code=${server.served.keys.makeCode()}`;
	const { t } = openedRunbook(page, 'walk', 'en');
	await page.addInitScript(() => {
		const listen = BroadcastChannel.prototype.addEventListener;
		BroadcastChannel.prototype.addEventListener = function (this: BroadcastChannel, ...given: Parameters<typeof listen>) {
			setTimeout(() => listen.apply(this, given), 2_000);
		} as typeof listen;
	});
	const beside = await context.newPage();
	await page.goto(address);
	await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();

	await beside.goto(address);

	await expect(beside.getByRole('button', { name: t(mayRun) })).toBeVisible();
});

test('a page that is left before its scripts are here loses nothing of its code', async ({ server, page }) => {
	await page.route('**/_astro/*.js', () => undefined);
	await page.goto(`${server.origin}/en/#code=${server.served.keys.makeCode()}`, { waitUntil: 'commit' });
	await page.getByRole('link').first().waitFor();
	await page.unroute('**/_astro/*.js');

	await page.goto(`${server.origin}/en/field/walk/`);

	const { t } = openedRunbook(page, 'walk', 'en');
	await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	expect(new URL(page.url()).hash).toBe('');
});

for (const [when, hears] of [['before the server has heard of it', false], ['before the answer is here', true]] as const) {
	test(`a page that is left ${when} loses nothing of its code`, async ({ server, page }) => {
		const told: unknown[] = [];
		server.served.keys.events.on('again', (one) => told.push(one));
		const asked = Promise.withResolvers<void>();
		await page.route('**/api/access', async (route) => {
			if (hears) await route.fetch();
			asked.resolve();
		});
		await page.goto(`${server.origin}/en/#code=${server.served.keys.makeCode()}`);
		await asked.promise;
		await page.unroute('**/api/access');

		await page.goto(`${server.origin}/en/field/walk/`);

		const { t } = openedRunbook(page, 'walk', 'en');
		await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
		expect(told).toEqual([]);
	});
}

test('no button is the first one before the page knows whether it may run', async ({ server, page }) => {
	const known = Promise.withResolvers<void>();
	await page.route('**/api/status', async (route) => {
		await known.promise;
		await route.continue();
	});
	await page.addInitScript(() => {
		const seen = new Set<string>();
		Object.assign(globalThis, { seen });
		new MutationObserver(() => {
			for (const one of document.querySelectorAll('[data-do="by-hand"].primary')) seen.add(one.closest('[data-key]')?.getAttribute('data-key') ?? '');
		}).observe(document, { subtree: true, attributes: true, childList: true });
	});
	const asked = page.waitForRequest('**/api/status');
	await page.goto(`${server.origin}/en/field/walk/#code=${server.served.keys.makeCode()}`);
	await asked;
	known.resolve();
	const { t } = openedRunbook(page, 'walk', 'en');
	await expect(page.getByRole('button', { name: t(mayRun) })).toBeVisible();
	await expect(page.locator('.button.primary:visible').first()).toBeVisible();

	expect(await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen])).toEqual([]);
});
