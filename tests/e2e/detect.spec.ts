import { bothLocales, expect, openedRunbook, test } from './fixtures.ts';
import { testSite } from './site-folder.ts';
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
		const host = await serveStatic(testSite, '/');
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
			await expect(page.locator('.look-found')).toContainText(/1/);
			await expect(found).toHaveCount(0);
			expect(errors).toEqual([]);
		} finally {
			await host.close();
		}
	});
}
