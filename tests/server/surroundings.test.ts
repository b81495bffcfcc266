/** What a step's command depends on beside its own words: found where the server runs, told before it runs, and kept with the run. Names only. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { surroundings } from '../../server/environment.ts';
import { settingsFiles } from '../../src/runbook/command/dependencies.ts';
import { openPass, startDrover } from './drover.ts';
import { makeFolder } from './make-folder.ts';
import { previewOf } from './preview-of.ts';

afterEach(() => {
	vi.unstubAllEnvs();
});

test('names that are set are found, of those that a command can depend on, and files of the home folder', () => {
	const home = makeFolder();
	mkdirSync(join(home, '.docker'));
	writeFileSync(join(home, '.docker/config.json'), '{"proxies": {"default": {"httpProxy": "http://user:secret@x"}}, "currentContext": "far"}');
	writeFileSync(join(home, '.curlrc'), '');

	const found = surroundings({ HOME: home, http_proxy: 'http://user:secret@x', TAR_OPTIONS: '', GREP_OPTIONS: '-v', AWS_SECRET: 'x', npm_config_proxy: 'x', BASH_ENV: '/x' });

	expect(found).toEqual(['GREP_OPTIONS', 'http_proxy', settingsFiles.curl, settingsFiles.context, settingsFiles.proxies].sort());
	expect(surroundings({ HOME: makeFolder() })).toEqual([]);
});

test.each(['', '{', '[]', '{"proxies": {}, "currentContext": "default"}', '{"proxies": 1, "currentContext": 1}'])('settings of Docker that say nothing set nothing: %j', (text) => {
	const config = makeFolder();
	writeFileSync(join(config, 'config.json'), text);

	expect(surroundings({ HOME: makeFolder(), DOCKER_CONFIG: config })).toEqual(['DOCKER_CONFIG']);
});

test('the server tells the names, never a value, and keeps with a run those that its programs read', async () => {
	vi.stubEnv('TAR_OPTIONS', '--exclude=opensesame');
	vi.stubEnv('DOCKER_HOST', 'tcp://user:opensesame@10.0.0.9:2375');
	vi.stubEnv('LD_LIBRARY_PATH', '/opensesame');
	const drover = await startDrover();
	onTestFinished(() => drover.close());
	const values = { folder: drover.folder, name: 'bella' };
	const pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
	onTestFinished(() => pass.close());
	for (const step of ['folder-there', 'tools']) await pass.mark(step, 'skipped', 'test');

	const { body } = await drover.call('GET', '/api/status');
	expect((await pass.run('print')).status).toBe(201);

	expect(body).toMatchObject({ surroundings: expect.arrayContaining(['DOCKER_HOST', 'LD_LIBRARY_PATH', 'TAR_OPTIONS']) as unknown });
	expect(JSON.stringify((body as { surroundings: unknown }).surroundings)).not.toContain('opensesame');
	const session = await pass.until(({ runs }) => [...runs.values()].some(({ state }) => state.kind === 'ended'));
	// `printf` reads neither of the others.
	expect([...session.runs.values()].map(({ depends }) => depends)).toEqual([['LD_LIBRARY_PATH']]);
});
