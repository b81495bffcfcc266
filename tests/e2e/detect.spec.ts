import { strings } from '../../src/i18n/strings.ts';
import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';
import { ownSite } from './site-folder.ts';
import { startServer } from './start-server.ts';
import { serveStatic } from './static-server.ts';

/** As `docker inspect` prints a server of the old kind. */
const inspected = JSON.stringify([
	{
		Id: 'a'.repeat(64),
		Name: '/rancher-server',
		Path: '/usr/bin/entry',
		Args: ['/usr/bin/s6-svscan', '/service'],
		State: { Status: 'running', Running: true },
		Config: { Image: 'rancher/server:v1.6.14', Env: ['CATTLE_RANCHER_SERVER_VERSION=v1.6.14', 'NOTE=<img src=x onerror="document.title=1">'] },
		HostConfig: { PortBindings: { '8080/tcp': [{ HostIp: '', HostPort: '9090' }] }, RestartPolicy: { Name: 'always' }, VolumesFrom: null },
		Mounts: [{ Type: 'volume', Name: 'b'.repeat(64), Source: '/var/lib/docker/volumes/b/_data', Destination: '/var/lib/mysql' }],
	},
]);

for (const locale of bothLocales) {
	test(`what docker inspect printed is read in the page alone, and stays text (${locale})`, async ({ page, errors }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/`);
			const { t } = openedRunbook(page, 'walk', locale);
			const box = page.getByLabel(t('detect.paste-label'));
			await box.fill(inspected);
			const asked: string[] = [];
			page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));

			await page.getByRole('button', { name: t('detect.read') }).click();

			const found = page.locator('.found-server');
			await expect(found.getByRole('heading', { level: 3 })).toHaveText(t('detect.found', { container: 'rancher-server', version: 'v1.6.14' }));
			await expect(found).toContainText('9090');
			await expect(found).toContainText('<img src=x');
			expect(await page.title()).not.toBe('1');
			expect(asked.filter((one) => !/GET .*\/_astro\//.test(one))).toEqual([]);

			await box.fill(inspected.slice(0, 200));
			await page.getByRole('button', { name: t('detect.read') }).click();
			await expect(page.locator('.detect-found')).toContainText(/1/);
			await expect(found).toHaveCount(0);
			expect(errors).toEqual([]);
		} finally {
			await host.close();
		}
	});
}

const [server] = JSON.parse(inspected) as [{ Name: string; Config: { Env: string[] } }];
const named = (Name: string, Env: readonly string[] = []) => ({ ...server, Id: Buffer.from(Name).toString('hex').padStart(64, '0'), Name, Config: { ...server.Config, Env: [...server.Config.Env, ...Env] } });

for (const locale of bothLocales) {
	test(`whatever is pasted gets a sentence or an answer, and the page stays alive (${locale})`, async ({ page, errors }) => {
		const host = await serveStatic(ownSite, '/');
		try {
			await page.goto(`${host.origin}/${locale}/`);
			const t = strings(locale);
			const box = page.getByLabel(t('detect.paste-label'));
			const answer = page.locator('.detect-found');
			const read = async (text: string) => {
				await box.evaluate((area, value) => ((area as HTMLTextAreaElement).value = value), text);
				await page.getByRole('button', { name: t('detect.read') }).click();
			};
			const refusals: readonly [string, string][] = [
				['', t('problem.inspect.empty')],
				['Error: No such object: rancher', t('problem.inspect.not-json', { line: 1, column: 1 })],
				[inspected.slice(0, -20), t('problem.inspect.cut-short', { line: 1, column: inspected.length - 19 })],
				['{"a":'.repeat(5000), t('problem.inspect.too-deep', { line: 1, column: 501, max: 100 })],
				['[{"Id": "x"}]', t('problem.inspect.other-document', { number: 1 })],
			];
			for (const [text, said] of refusals) {
				await read(text);
				await expect(answer.locator('.why-not').first()).toContainText(said);
				await expect(answer.locator('.found-server')).toHaveCount(0);
			}

			await read(JSON.stringify([named('/a\u202eb'), named('/lines', ['MOTD=one\ntwo', `BIG=${'x'.repeat(2_000_000)}`])]));
			await expect(answer.locator('.found-server')).toHaveCount(2);
			await expect(answer).not.toContainText('\u202e');
			await expect(answer).toContainText('MOTD');

			await read(JSON.stringify(Array.from({ length: 200 }, (_, index) => named(`/rancher-${index}`))));
			await expect(answer.locator('.found-server')).toHaveCount(200);
			await read(inspected);
			await expect(answer.locator('.found-server')).toHaveCount(1);
			expect(errors).toEqual([]);
		} finally {
			await host.close();
		}
	});

	test(`a machine without a docker command, or whose Docker does not answer, is told with the remedy (${locale})`, async ({ page }) => {
		const t = strings(locale);
		const [path, host] = [process.env['PATH'], process.env['DOCKER_HOST']];
		const drover = await startServer();
		try {
			for (const [env, reason] of [
				[{ PATH: '/nowhere' }, t('problem.docker.missing')],
				[{ PATH: path, DOCKER_HOST: 'unix:///nowhere/docker.sock' }, t('problem.docker.not-running', { host: 'unix:///nowhere/docker.sock' })],
			] as const) {
				Object.assign(process.env, env);
				// The second time it is a new code behind the address of an open page, which begins anew by itself.
				await page.goto(`${drover.origin}/${locale}/#${drover.served.address().split('#')[1] ?? ''}`);

				await expect(page.getByRole('button', { name: t('access.no-docker') })).toBeVisible();
				await expect(page.locator('.detect-why')).toHaveText(reason);
				await expect(page.getByRole('button', { name: t('detect.start') })).toBeDisabled();
				await expect(page.getByRole('button', { name: t('detect.read') })).toBeEnabled();
			}
		} finally {
			Object.assign(process.env, { PATH: path });
			if (host === undefined) delete process.env['DOCKER_HOST'];
			else process.env['DOCKER_HOST'] = host;
			await drover.close();
		}
	});
}

test('a press that comes before the page knows what it can do is not lost', async ({ page, server }) => {
	const t = strings('en');
	const state = { ready: true, folder: '/' };
	const known = Promise.withResolvers<void>();
	const loaded = Promise.withResolvers<void>();
	await page.route('**/_astro/detect-server.*', async (route) => {
		await loaded.promise;
		await route.continue();
	});
	await page.route('**/api/status', async (route) => {
		await known.promise;
		await route.fulfill({ json: { drover: '0', folder: '/', docker: { ready: true, version: '27' }, state } });
	});
	await page.route('**/api/detect', (route) => route.fulfill({ json: { commands: ['docker ps'], documents: inspected } }));
	await page.goto(`${server.origin}/en/#${server.served.address().split('#')[1] ?? ''}`, { waitUntil: 'domcontentloaded' });

	await page.getByRole('button', { name: t('detect.start') }).click();
	loaded.resolve();
	await expect(page.getByRole('button', { name: t('detect.start') })).toBeDisabled();
	known.resolve();

	await expect(page.getByRole('heading', { name: t('detect.found', { container: 'rancher-server', version: 'v1.6.14' }) })).toBeVisible();
});

test('nor is one that comes while the page asks what it can do', async ({ page, server }) => {
	const t = strings('en');
	const known = Promise.withResolvers<undefined>();
	await page.route('**/api/status', async (route) => {
		await known.promise;
		await route.fulfill({ json: { drover: '0', folder: '/', docker: { ready: true, version: '27' }, state: { ready: true, folder: '/' } } });
	});
	await page.route('**/api/detect', (route) => route.fulfill({ json: { commands: ['docker ps'], documents: inspected } }));
	const asked = page.waitForRequest('**/api/status');
	await page.goto(`${server.origin}/en/#${server.served.address().split('#')[1] ?? ''}`);
	await asked;
	await page.evaluate(() => customElements.whenDefined('detect-server'));

	await page.getByRole('button', { name: t('detect.start') }).click();
	await expect(page.getByRole('button', { name: t('detect.start') })).toBeDisabled();
	known.resolve(undefined);

	await expect(page.getByRole('heading', { name: t('detect.found', { container: 'rancher-server', version: 'v1.6.14' }) })).toBeVisible();
});

for (const locale of bothLocales) {
	test(`on a phone what a look has found comes into sight (${locale})`, async ({ page, server }) => {
		const t = strings(locale);
		const status = { drover: '0', folder: '/', docker: { ready: true, version: '27' }, state: { ready: true, folder: '/' } };
		await page.route('**/api/status', (route) => route.fulfill({ json: status }));
		await page.route('**/api/detect', (route) => route.fulfill({ json: { commands: ['docker ps'], documents: inspected } }));
		await page.setViewportSize({ width: 390, height: 600 });
		await page.goto(`${server.origin}/${locale}/#${server.served.address().split('#')[1] ?? ''}`);

		await page.getByRole('button', { name: t('detect.start') }).click();

		await expect(page.getByRole('heading', { name: t('detect.found', { container: 'rancher-server', version: 'v1.6.14' }) })).toBeInViewport();
		await expect(page.locator('.found-server').getByRole('listitem').first()).toBeInViewport();
	});
}
