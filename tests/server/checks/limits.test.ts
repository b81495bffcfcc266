import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChecks } from '../../../server/checks/run-checks.ts';
import { checkEnvironment } from '../../../server/environment.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { runbookOfSteps } from '../../runbook/fixtures.ts';
import { until } from '../until.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-limits-'));

async function probe(checks: string, options: { wait?: boolean; signal?: AbortSignal } = {}) {
	const runbook = runbookOfSteps(`- { id: s, phase: preflight, done_when: ${checks} }`);
	const began = performance.now();
	const { result, saw } = await runChecks(runbook.steps[0]?.doneWhen ?? [], resolve(runbook, noRules, {}), { step: 's' }, { folder, signal: options.signal ?? new AbortController().signal, wait: options.wait ?? false });
	return { result, saw: saw.map(({ name }) => name), seconds: (performance.now() - began) / 1000 };
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const pidIn = (file: string) => Number(readFileSync(join(folder, file), 'utf8'));

test('a check that hangs could not be done when its time is over, and leaves nothing behind', async () => {
	const hung = await probe(`{ script: 'echo "$$" > leader; sleep 3000 & echo "$!" > child; setsid sleep 3000 & echo "$!" > apart; wait', timeout: 1s }`);

	expect(hung).toMatchObject({ result: 'could-not-check', saw: ['time-limit'] });
	expect(hung.seconds).toBeLessThan(10);
	for (const file of ['leader', 'child', 'apart']) await until(() => !isAlive(pidIn(file)), `the end of "${file}"`);
});

test('a check that ends is judged by its end, though what it started holds its output', async () => {
	const seen = await probe(`{ script: 'echo up; setsid sleep 3000 & echo "$!" > keeps; echo done', prints: up, timeout: 20s }`);

	expect(seen).toMatchObject({ result: 'passed' });
	expect(seen.seconds).toBeLessThan(10);
	await until(() => !isAlive(pidIn('keeps')), 'its end');
});

test('a check is given up at once when it is aborted', async () => {
	const abort = new AbortController();
	const looking = probe(`{ script: 'echo "$$" > aborted; exec sleep 3000' }`, { signal: abort.signal });
	await until(() => existsSync(join(folder, 'aborted')) && pidIn('aborted') > 0, 'its start');
	abort.abort();

	await expect(looking).rejects.toThrow();
	await until(() => !isAlive(pidIn('aborted')), 'its end');
});

test('the time to wait bounds a try as well', async () => {
	const hung = await probe('{ run: sleep 3000, every: 1s, within: 1s }', { wait: true });

	expect(hung).toMatchObject({ result: 'could-not-check', saw: ['time-limit'] });
	expect(hung.seconds).toBeLessThan(10);
});

test('an address that takes the call and never answers could not be checked', async () => {
	const silent = createServer().listen(0, '127.0.0.1');
	await new Promise((listening) => silent.once('listening', listening));
	const { port } = silent.address() as { port: number };

	expect(await probe(`{ http: "http://127.0.0.1:${port}/", timeout: 1s }`)).toMatchObject({ result: 'could-not-check', saw: ['time-limit'] });
	silent.close();
	expect(await probe(`{ http: "http://127.0.0.1:${port}/" }`)).toMatchObject({ result: 'failed', saw: ['no-answer'] });
	expect(await probe(`{ http: "http://127.0.0.1:${port}/", refused: true }`)).toMatchObject({ result: 'passed', saw: ['refused'] });
	expect(await probe('{ http: "http://no-such-host.invalid/", timeout: 5s }')).toMatchObject({ result: 'could-not-check' });
});

test.each([
	['{ run: no-such-program-of-drover }', 'nothing'],
	['{ script: no_such_program_of_drover }', 'cannot-run'],
])('a command that is not there could not be checked: %s', async (check, saw) => {
	expect(await probe(check)).toMatchObject({ result: 'could-not-check', saw: [saw] });
});

test.each([
	['36 letters', `printf "a%.0s" {1..36}; printf "!"`],
	['1 MB', `head -c 1000000 /dev/zero | tr "\\\\0" a; printf "!"`],
])('a regular expression that never ends on %s could not be checked, and holds nobody up', async (_, script) => {
	const ticks: number[] = [];
	const ticking = setInterval(() => ticks.push(performance.now()), 20);
	const seen = await probe(`{ script: '${script}', matches: '^(a+)+$', timeout: 2s }`);
	clearInterval(ticking);

	expect(seen).toMatchObject({ result: 'could-not-check', saw: ['time-limit'] });
	expect(ticks.length).toBeGreaterThan(20);
});

test('the worst of several results is that of all, and a warning ends nothing', async () => {
	const [passes, warns, fails, cannot] = ['{ run: echo 1 }', '{ run: echo 1, equals: "2", severity: warn }', '{ run: echo 1, equals: "2" }', '{ run: no-such-program-of-drover }'];
	const absent = '{ run: echo 1, when: { given: [folder] } }';

	expect(await probe(`[${passes}, ${absent}]`)).toMatchObject({ result: 'passed', saw: ['output'] });
	expect(await probe(`[${warns}, ${passes}]`)).toMatchObject({ result: 'warned', saw: ['output-differs', 'output'] });
	expect(await probe(`[${warns}, ${fails}, ${passes}]`)).toMatchObject({ result: 'failed', saw: ['output-differs', 'output-differs'] });
	expect(await probe(`[${warns}, ${cannot}, ${fails}]`)).toMatchObject({ result: 'could-not-check', saw: ['output-differs', 'nothing'] });
	expect(await probe(`[${absent}]`)).toMatchObject({ result: 'not-applicable', saw: [] });
});

test('what must hold for some time has not passed while it does not', async () => {
	writeFileSync(join(folder, 'tries'), '');
	const flickers = `{ script: 'echo x >> tries; [ "$(wc -l < tries)" -ne 2 ]', every: 1s, for: 2s, within: 20s }`;

	const seen = await probe(flickers, { wait: true });

	expect(seen).toMatchObject({ result: 'passed' });
	expect(readFileSync(join(folder, 'tries'), 'utf8').split('\n').length - 1).toBeGreaterThanOrEqual(4);
	expect(await probe(`{ run: "false", for: 2s, every: 1s }`, { wait: true })).toMatchObject({ result: 'failed' });
});

test('what a check sees does not depend on the reader\'s shell', () => {
	const shell = { http_proxy: 'http://127.0.0.1:9', HTTPS_PROXY: 'x', no_proxy: 'x', ALL_PROXY: 'x', GREP_OPTIONS: '-v', GREP_COLORS: 'x', TAR_OPTIONS: '--totals', POSIXLY_CORRECT: '1', CDPATH: '/', BASH_ENV: 'x', ENV: 'x', LS_COLORS: 'x', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8', LC_NUMERIC: 'de', TZ: 'Asia/Shanghai', CURL_HOME: '/root', LD_PRELOAD: 'x' };
	const needed = { PATH: '/usr/bin', HOME: '/root', DOCKER_HOST: 'tcp://x', DOCKER_CONFIG: '/d', DOCKER_CERT_PATH: '/c', DOCKER_TLS_VERIFY: '1', SSH_AUTH_SOCK: '/s', XDG_RUNTIME_DIR: '/r', TMPDIR: '/t', USER: 'root' };

	const { CURL_HOME: settings = '', ...kept } = checkEnvironment({ ...shell, ...needed });

	expect(kept).toEqual({ ...needed, LC_ALL: 'C.UTF-8' });
	expect(readFileSync(join(settings, '.curlrc'), 'utf8')).toMatch(/^#[^\n]*\n$/);
});

test.each([
	['exit 0', 'passed'],
	['exit 2', 'warned'],
	['exit 3', 'warned'],
	['exit 1', 'failed'],
])('%s of a check whose exit codes 2 and 3 are worth a warning is %s', async (script, result) => {
	expect((await probe(`{ script: '${script}', warn: [2, 3] }`)).result).toBe(result);
	// What follows a warning is checked as well.
	expect((await probe(`[{ script: '${script}', warn: [2, 3] }, { run: echo 1, equals: "2", severity: warn }]`)).result).toBe(result === 'passed' ? 'warned' : result);
});

test.each([
	['{ "state": { "up": true } }', 'passed', 'output'],
	['{ "state": { "up": false } }', 'failed', 'json-differs'],
	['not json', 'failed', 'json-differs'],
])('a field of the JSON that a command prints: %s is %s', async (text, result, name) => {
	expect(await probe(`{ script: ${JSON.stringify(`echo '${text}'`)}, json: { state.up: "true" } }`)).toMatchObject({ result, saw: [name] });
});
