/** A content folder of one's own in a browser: words of a further language, a declared rule, declared detection, the list of languages. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSite } from '../../server/site/build-site.ts';
import { expect, test } from './fixtures.ts';
import { root } from './site-folder.ts';
import { serveStatic } from './static-server.ts';

const files: Readonly<Record<string, string>> = {
	'drover.yaml': 'title: Nos procédures\nlead: Ce que nous faisons.\nlocales: [fr, en, zh]\n',
	'fr/interface.json': '{\n\t"locale.name": "Français",\n\t"locale.choose": "Langue",\n\t"form.complete": "Tout est là.",\n\t"detect.title": "Détecter",\n\t"detect.open": "Détecter",\n\t"detect.read": "Lire",\n\t"detect.use": "Ouvrir « {runbook} »"\n}\n',
	'runbooks/containers/family.yaml': `family: containers
runbooks: [stop]
downtime: false
parameters:
  container: { type: container, group: what }
  tag: { type: tag, group: what }
rules:
  moving: { when: { is: { tag: latest } }, refuse: tag }
detect:
  postgres: { where: { Config.Image: '^postgres:' }, runbook: stop, version: { from: Config.Image, matches: ':(.+)$' }, values: { container: Name, tag: { from: Config.Image, matches: ':(.+)$' } } }
`,
	'runbooks/containers/stop.yaml': `id: containers/stop\nparameters: [container, tag]\nsteps:\n  - { id: stop, phase: change, run: "docker stop \${container}", undo: "docker start \${container}" }\n`,
	'fr/runbooks/containers/family.mdx': '---\ntitle: Conteneurs\ndescription: Procédures pour un conteneur.\nparameters:\n  container: { label: Conteneur, help: Son nom. }\n  tag: { label: Version, help: Son étiquette. }\ngroups: { what: Quoi }\nrules: { moving: "L’étiquette latest change : écrivez la version." }\ndetect: { postgres: Une base PostgreSQL. }\n---\n',
	'fr/runbooks/containers/stop.mdx': '---\ntitle: Arrêter un conteneur\nshort: Arrêter\ndescription: Un conteneur, arrêté.\nsteps: { stop: Arrêter }\n---\n\n<Step id="stop">\nIl reste arrêté.\n</Step>\n',
	'en/runbooks/containers/stop.mdx': '---\ntitle: Stop a container\nshort: Stop\ndescription: One container, stopped.\nsteps: { stop: Stop }\n---\n\n<Step id="stop">\nIt stays stopped.\n</Step>\n',
	'zh/runbooks/containers/stop.mdx': '---\ntitle: 停止容器\nshort: 停止\ndescription: 停止一个容器。\nsteps: { stop: 停止 }\n---\n\n<Step id="stop">\n保持停止。\n</Step>\n',
};

test('a folder in three languages, without code: its words, its rule and what it detects', async ({ page, errors }) => {
	test.slow();
	const folder = mkdtempSync(join(tmpdir(), 'drover-own-'));
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, 'content', path)), { recursive: true });
		writeFileSync(join(folder, 'content', path), text);
	}
	await buildSite({ root, content: join(folder, 'content'), out: join(folder, 'site') });
	const host = await serveStatic(join(folder, 'site'), '/');
	try {
		await page.goto(`${host.origin}/fr/containers/stop/`);
		await page.locator('html[data-alive]').waitFor();

		await page.getByLabel('Version', { exact: true }).fill('latest');
		await expect(page.getByText('L’étiquette latest change : écrivez la version.')).toBeVisible();
		await page.getByLabel('Version', { exact: true }).fill('15.4');
		await page.getByLabel('Conteneur', { exact: true }).fill('db');
		await expect(page.getByText('Tout est là.')).toBeVisible();
		await expect(page.locator('#stop .command').first()).toContainText('docker stop db');

		await page.getByRole('button', { name: 'Détecter' }).click();
		await page.getByRole('dialog').locator('#paste-inspect').fill(JSON.stringify([{ Id: 'a', Name: '/pg', HostConfig: {}, Config: { Image: 'postgres:13.2' } }]));
		await page.getByRole('button', { name: 'Lire' }).click();
		await expect(page.getByRole('dialog')).toContainText('Une base PostgreSQL.');
		await page.getByRole('button', { name: 'Ouvrir « Arrêter un conteneur »' }).click();
		await expect(page.getByLabel('Version', { exact: true })).toHaveValue('13.2');
		await expect(page.locator('#stop .command').first()).toContainText('docker stop pg');

		await page.getByRole('button', { name: 'Langue' }).click();
		await page.getByRole('link', { name: '中文' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('停止容器');
		await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
		expect(errors).toEqual([]);
	} finally {
		await host.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
