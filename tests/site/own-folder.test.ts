/** The pages of a content folder of one's own: its languages, what one lacks, and nothing of Drover's own content. */
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSite } from '../../server/site/build-site.ts';
import { makeReport } from '../../server/report/make-report.ts';
import { createRunbookStore } from '../../server/runbooks.ts';
import { learnInterface } from '../../src/content/content.ts';
import { readContent } from '../../src/content/read-content.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import { runDrover } from '../cli/run-drover.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'drover-own-'));
const [content, site] = [join(folder, 'mine'), join(folder, 'site')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const page = (path: string) => readFileSync(join(site, path), 'utf8');
const write = (path: string, text: string) => {
	mkdirSync(join(content, path, '..'), { recursive: true });
	writeFileSync(join(content, path), text);
};

/** English has all, Chinese the family's page alone, French the runbook's page and the words of the interface. */
beforeAll(async () => {
	await runDrover(['new', content]);
	write('drover.yaml', 'title: { en: Our runbooks, zh: 我们的手册, fr: Nos procédures }\nlead: What we do.\nlocales: [en, zh, fr]\n');
	write('runbooks/containers/family.yaml', `${readFileSync(join(content, 'runbooks/containers/family.yaml'), 'utf8')}downtime: false\n`);
	write('zh/runbooks/containers/family.mdx', '---\ntitle: 容器\ndescription: 单个容器的手册。\nparameters: { container: { label: 容器, help: 名称或 ID。 } }\ngroups: { what: 对象 }\n---\n');
	write('fr/runbooks/containers/stop.mdx', '---\ntitle: Arrêter un conteneur\nshort: Arrêter\ndescription: Un conteneur, arrêté et vérifié.\nsteps: { stop: Arrêter le conteneur }\n---\n\n<Step id="stop">\nLe conteneur reste arrêté.\n</Step>\n');
	write('fr/interface.json', '{\n\t"locale.name": "Français",\n\t"step.run": "Exécuter",\n\t"page.written-in": "Cette page n’existe qu’en {language}.",\n\t"report.title": "Rapport"\n}\n');
	write('en/guide/first.mdx', '---\ntitle: First things\nshort: First\ndescription: Where to begin.\norder: 1\n---\n\n## Begin [#begin]\n\nHere.\n');
	await buildSite({ root, content, out: site });
}, 120_000);

test('the home page has the title and the lead of the folder, and the button that its guide names', () => {
	expect(page('fr/index.html')).toContain('Nos procédures');
	expect(page('zh/index.html')).toMatch(/我们的手册[^]*What we do\./);
	expect(page('en/index.html')).not.toMatch(/home\.choose|Where to start/);
});

test('a page that a language lacks is shown in the first that has it, and a sentence says so', () => {
	const runbook = page('zh/containers/stop/index.html');

	expect(runbook).toContain('本页还没有这个语言的版本，以下为 English 版本。');
	expect(runbook).toMatch(/<h1 lang="en"[^>]*>Stop a container/);
	expect(runbook).toMatch(/<div class="prose" lang="en">\s*<p>The container stays stopped/);
	expect(runbook).toContain('名称或 ID。');
	expect(page('fr/containers/index.html')).toContain('Cette page n’existe qu’en English.');
	expect(page('fr/guide/first/index.html')).toContain('Cette page n’existe qu’en English.');
	expect(page('zh/containers/stop.md')).toContain('The container stays stopped');
	expect(page('en/containers/stop/index.html')).not.toContain('class="note"');
});

test('a third language is a folder and one file of words: what that leaves out is said in English', () => {
	const runbook = page('fr/containers/stop/index.html');

	expect(runbook).toMatch(/<html lang="fr" data-locale="fr" data-own-words/);
	expect(runbook).toContain('Le conteneur reste arrêté.');
	expect(runbook).toContain('Exécuter');
	expect(runbook).toContain('Skip to content');
	expect(JSON.parse(page('fr/words.json'))).toMatchObject({ 'step.run': 'Exécuter' });
	expect(existsSync(join(site, 'en/words.json'))).toBe(false);
});

test('with more than two languages the header has a list of the others, and the first page has all', () => {
	const links = [...page('fr/containers/stop/index.html').matchAll(/<a class="locale-switch" href="([^"]*)" lang="([^"]*)"/g)].map(([, href, lang]) => `${lang} ${href}`);

	expect(links).toEqual(['en ../../../en/containers/stop/', 'zh-CN ../../../zh/containers/stop/']);
	expect(page('fr/containers/stop/index.html')).toContain('popovertarget="locale-list"');
	expect([...page('index.html').matchAll(/data-choice="([^"]*)"/g)].map(([, locale]) => locale)).toEqual(['en', 'zh', 'fr']);
});

test('nothing speaks of another subject, or of downtime where nothing is down', () => {
	for (const path of globSync('**/*.{html,md}', { cwd: site })) {
		expect(page(path)).not.toMatch(/rancher|detect-server|outage-clock|data-fact="outage"/i);
	}
});

test('a report can be had in each language of the folder', async () => {
	const read = readContent(content);
	learnInterface(read);
	const entries: readonly Entry[] = [{ n: 0, at: '2026-01-01T00:00:00.000Z', event: { type: 'session.opened', session: 's'.repeat(16), runbook: 'containers/stop', name: 'Mine', definition: 'x', drover: '1' } }];
	const made = await makeReport({ entries, runs: join(content, 'runs'), runbooks: createRunbookStore(read), drover: '1', madeAt: '2026-01-02T00:00:00Z', format: 'html', locale: 'fr' });

	expect(made?.text).toContain('<html lang="fr">');
	expect(made?.text).toContain('Arrêter un conteneur');
});
