/** The package for npm: `npm pack` of a checkout, installed into an empty folder. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { project } from '../cli/run-drover.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-package-'));
const empty = join(folder, 'empty');
const installed = join(empty, 'node_modules/drover');
/** Nothing of the run of npm that these tests are part of. */
const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_cache$|config_registry$)|^INIT_CWD$|^NODE/i.test(name))), PATH: (process.env['PATH'] ?? '').split(':').filter((one) => !one.includes('node_modules')).join(':'), LANG: 'en_US.UTF-8', CI: '1' };
const npm = (cwd: string, ...args: string[]) => execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

beforeAll(() => {
	npm(project, 'pack', '--silent', '--pack-destination', folder);
	const [file = ''] = globSync('drover-*.tgz', { cwd: folder });
	mkdirSync(empty);
	writeFileSync(join(empty, 'package.json'), '{ "private": true }');
	npm(empty, 'install', '--no-fund', '--no-audit', '--prefer-offline', '--loglevel=error', join(folder, file));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('it lists its runbooks from the folder that it was installed into', () => {
	expect(npm(empty, 'exec', '--no', '--', 'drover', 'list')).toContain('rancher-1.6/single-container');
});

test('it serves the pages that it came with', async () => {
	const child = spawn('npm', ['exec', '--no', '--', 'drover', 'start', '--no-open', '--port', '0', '--state-dir', join(folder, 'state')], { cwd: empty, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
	onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
	let origin: string | undefined;
	for await (const line of createInterface({ input: child.stdout })) {
		origin = /^ {4}(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
		if (origin !== undefined) break;
	}

	expect(await (await fetch(`${origin}/zh/rancher-1.6/single-container/`)).text()).toContain('<h1');
	expect(existsSync(join(installed, 'lib/node_modules'))).toBe(false);
});

test('it makes a content folder and serves it, from a place of its own where nothing can be written', async () => {
	const [mine, cache] = [join(folder, 'mine'), join(folder, 'cache')];
	npm(empty, 'exec', '--no', '--', 'drover', 'new', mine);
	const before = globSync('**/*', { cwd: installed }).length;
	const child = spawn('npm', ['exec', '--no', '--', 'drover', 'start', mine, '--no-open', '--port', '0', '--state-dir', join(folder, 'state-mine')], { cwd: empty, env: { ...env, XDG_CACHE_HOME: cache }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
	onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
	const said: string[] = [];
	let origin: string | undefined;
	for await (const line of createInterface({ input: child.stdout })) {
		said.push(line);
		origin = /^ {4}(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
		if (origin !== undefined) break;
	}
	const page = async (path: string) => (await fetch(`${origin}${path}`)).text();

	expect(said[0]).toBe(`What ${mine} holds can run commands with your rights (runbooks: 1, commands: 3). Start only what you trust. List every command: drover list --commands --content ${mine}`);
	expect(await page('/en/containers/stop/')).toContain('The container stays stopped until you start it.');
	const home = await page('/en/');
	expect(home).toContain('Our runbooks');
	// Nothing on it speaks of what is not there, and with one language there is none to choose.
	expect(`${home}${await page('/en/containers/stop/')}`).not.toMatch(/rancher|detect-button|detect-server|locale-switch/i);
	expect(globSync('**/*', { cwd: installed }).length).toBe(before);
	expect(existsSync(join(cache, 'drover/sites'))).toBe(true);
}, 120_000);

test('it has no tests and no tools of developers, and says what it is', () => {
	const files = globSync('**/*', { cwd: installed, exclude: ['node_modules'], withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));

	expect(files.filter((file) => !/^(?:bin|lib)\/|^(?:CHANGELOG|README|README\.zh|SECURITY)\.md$|^(?:LICENSE|NOTICE|package\.json)$/.test(file))).toEqual([]);
	// What builds pages of others is source, and is compiled where it is copied to.
	expect(files.filter((file) => /\.ts$/.test(file) && !file.startsWith('lib/builder/src/'))).toEqual([]);
	expect(files.filter((file) => /^lib\/builder\/(?:src\/content\/runbooks|(?:zh|en)\/(?:guide|runbooks)|tests|server|cli)\//.test(file))).toEqual([]);
	expect(files).toEqual(expect.arrayContaining(['lib/dist/index.html', 'lib/schemas/runbook.json', 'lib/schemas/family.json', 'lib/schemas/drover.json']));
});
