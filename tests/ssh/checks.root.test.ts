/** Checks of another machine, through a real sshd: the same answers as here, within the same limits, and nothing left behind. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runChecks } from '../../server/checks/run-checks.ts';
import type { Ssh } from '../../server/ssh/ssh.ts';
import { noRules, resolve } from '../../src/runbook/values/resolve.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { runbookOfSteps } from '../runbook/fixtures.ts';
import { until } from '../server/until.ts';
import { sshTo } from './rooms.ts';
import { startSshd, type Sshd } from './sshd.ts';

let sshd: Sshd;
let ssh: Ssh;
let place: string;

beforeAll(async () => {
	sshd = await startSshd({ users: [{ name: 'far' }, { name: 'loud' }] });
	ssh = sshTo(sshd);
	place = sshd.home('far');
	writeFileSync(join(sshd.home('loud'), '.bashrc'), 'echo "Welcome, drover of cattle!"\nprintf "no line end"\n');
});

afterAll(async () => {
	await ssh.disconnect('far@far');
	await sshd.close();
});

async function look(check: string, { machine = 'far@far', signal = new AbortController().signal, values = {} as Values, by = ssh } = {}) {
	const runbook = runbookOfSteps(`- { id: s, phase: preflight, done_when: ${check} }`);
	const resolved = { ...resolve(runbook, noRules, values), machines: { session: machine, nodes: false, sudo: [] } };
	const { result, saw } = await runChecks(runbook.steps[0]?.doneWhen ?? [], resolved, { step: 's' }, { folder: '/nowhere', signal, wait: false, ssh: by });
	return { result, saw };
}

const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const pidIn = (file: string) => Number(readFileSync(join(place, file), 'utf8'));

test('a command is asked over there, in the folder of the login', async () => {
	expect(await look(`{ script: 'echo "$PWD"; exit 3', exit: 3, equals: ${place} }`)).toMatchObject({ result: 'passed' });
	expect(await look(`{ script: 'echo wrong; exit 4' }`)).toEqual({ result: 'failed', saw: [{ name: 'wrong-exit-code', slots: { code: 4, wanted: 0, text: 'wrong' } }] });
});

test.each([1, 124, 125, 126, 127, 128, 137, 255])('exit code %i is the exit code of the command', async (code) => {
	expect(await look(`{ script: 'echo x; exit ${code}', exit: ${code} }`)).toMatchObject({ result: 'passed' });
});

test('what a login shell prints first is no part of an answer', async () => {
	expect(await look(`{ script: 'echo only this', equals: only this }`, { machine: 'loud@far' })).toMatchObject({ result: 'passed' });
	await ssh.disconnect('loud@far');
});

test('a secret of a check goes by standard input, and stands in no argument of a process', async () => {
	const password = 'Xq7-secret-of-this-test';
	const checking = look(`{ script: 'echo "$$" > secret; while [ ! -e go ]; do sleep 0.05; done; [ "$password" = ${password} ]' }`, { values: { password } });
	await until(() => existsSync(join(place, 'secret')), 'its start');
	const seen = execFileSync('ps', ['-eww', '-o', 'args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('drover'));
	writeFileSync(join(place, 'go'), '');

	expect(await checking).toMatchObject({ result: 'passed' });
	expect(seen.length).toBeGreaterThan(0);
	// The text of this script names it itself, as the test has it; its value came as a variable.
	expect(seen.filter((line) => line.includes(`password=${password}`))).toEqual([]);
	rmSync(join(place, 'go'));
});

test('files are those over there: absent, a folder with entries, the end of a file', async () => {
	mkdirSync(join(place, 'data/mysql'), { recursive: true });
	writeFileSync(join(place, 'dump.sql'), `${'x'.repeat(10_000)}\n-- Dump completed on today\n`);

	expect(await look(`{ file: data, holds: [mysql] }`)).toMatchObject({ result: 'passed', saw: [{ name: 'file-there', slots: { path: 'far@far: data' } }] });
	expect(await look(`{ file: data, holds: [other] }`)).toMatchObject({ result: 'failed', saw: [{ name: 'file-lacks' }] });
	expect(await look(`{ file: dump.sql, ends: Dump completed }`)).toMatchObject({ result: 'passed' });
	expect(await look(`{ file: nothing-there, exists: false }`)).toMatchObject({ result: 'passed' });
	expect(await look(`{ file: dump.sql/below, exists: false }`)).toMatchObject({ result: 'passed' });
});

test.each(['curl', 'bash'])('a page is asked for over there, by %s', async (by) => {
	const server = createServer((req, res) => {
		res.setHeader('x-version', 'v1').writeHead(req.url === '/ping' ? 200 : 404);
		res.end(req.headers.authorization ?? 'pong');
	}).listen(0, '127.0.0.1');
	await new Promise((done) => server.once('listening', done));
	const { port } = server.address() as AddressInfo;
	// A program that is not there: a PATH without it.
	const far = by === 'bash' ? await startSshd({ config: ['SetEnv PATH=BIN'] }) : undefined;
	if (far) for (const name of ['bash', 'cat', 'timeout', 'base64']) symlinkSync(`/usr/bin/${name}`, join(far.bin, name));
	const own = far ? sshTo(far) : ssh;
	try {
		expect(await look(`{ http: 'http://127.0.0.1:${port}/ping', body: pong, headers: { x-version: v1 } }`, { by: own })).toMatchObject({ result: 'passed' });
		expect(await look(`{ http: 'http://127.0.0.1:${port}/other', status: 404 }`, { by: own })).toMatchObject({ result: 'passed' });
		expect(await look(`{ http: 'http://127.0.0.1:${port}/ping', user: container, password: password, body: Basic }`, { by: own, values: { container: 'user', password: 'p"w\\x' } })).toMatchObject({ result: 'passed' });
	} finally {
		server.close();
	}
	expect(await look(`{ http: 'http://127.0.0.1:1/ping', refused: true }`, { by: own })).toMatchObject({ result: 'passed' });
	expect(await look(`{ http: 'http://127.0.0.1:1/ping', body: pong }`, { by: own })).toMatchObject({ result: 'failed', saw: [{ name: 'no-answer' }] });
	if (far) {
		await own.disconnect('far@far');
		await far.close();
	}
});

test('a check that hangs could not be done when its time is over, and leaves nothing behind there', async () => {
	const began = performance.now();
	const hung = await look(`{ script: 'echo "$$" > leader; sleep 3000 & echo "$!" > child; wait', timeout: 2s }`);

	expect(hung).toMatchObject({ result: 'could-not-check', saw: [{ name: 'time-limit' }] });
	expect(performance.now() - began).toBeLessThan(8_000);
	for (const file of ['leader', 'child']) await until(() => !isAlive(pidIn(file)), `the end of "${file}"`);
});

test('a check that is aborted ends over there', async () => {
	const abort = new AbortController();
	const looking = look(`{ script: 'echo "$$" > aborted; exec sleep 3000' }`, { signal: abort.signal });
	await until(() => existsSync(join(place, 'aborted')) && pidIn('aborted') > 0, 'its start');
	abort.abort();

	await expect(looking).rejects.toThrow();
	await until(() => !isAlive(pidIn('aborted')), 'its end');
});

test('many checks at once share one connection, also where the machine allows few sessions', async () => {
	const few = await startSshd({ config: ['MaxSessions 1'] });
	const own = sshTo(few);

	const seen = await Promise.all(Array.from({ length: 12 }, (_, n) => look(`{ script: 'sleep 0.1; echo n${n}', equals: n${n} }`, { by: own })));

	expect(seen.filter(({ result }) => result !== 'passed')).toEqual([]);
	await own.disconnect('far@far');
	await few.close();
});

test('a machine that is gone could not be checked, and is asked again when it is back', async () => {
	const gone = await startSshd();
	const own = sshTo(gone);
	expect(await look(`{ script: 'true' }`, { by: own })).toMatchObject({ result: 'passed' });
	await gone.kill();
	expect(await look(`{ script: 'true' }`, { by: own })).toMatchObject({ result: 'could-not-check', saw: [{ name: 'unreached', slots: { machine: 'far@far' } }] });
	await gone.start();
	expect(await look(`{ script: 'true' }`, { by: own })).toMatchObject({ result: 'passed' });
	await own.disconnect('far@far');
	await gone.close();
});
