import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parseAddress } from '../../attack/address.ts';
import { knownRunbook, main } from '../../attack/main.ts';
import { allRoutes, emptyApp, readRoutes } from '../../attack/routes.ts';
import { goodMessage, type Target } from '../../attack/target.ts';
import { admissionOfGood, attackAll, rows } from '../../attack/suite.ts';
import { frame, opcode, openRaw } from '../../attack/frames.ts';
import { programArguments } from '../../attack/rows/access.ts';
import { rebinding } from '../../attack/rows/admission.ts';
import { drawTable } from '../../attack/table.ts';
import { startTargetServer, testContent, type TargetServer } from './target-server.ts';
import { openRunner } from './script-runner.ts';

const runbook = knownRunbook(testContent);

describe('against a running server', () => {
	let targetServer: TargetServer;
	let target: Target;

	beforeAll(async () => {
		targetServer = await startTargetServer();
		target = await targetServer.target();
	});
	afterAll(() => targetServer.close());

	test.each([admissionOfGood, ...rows(runbook)])('$name: each attempt on each route is refused as promised, starts nothing and leaves nothing', async (row) => {
		const attempts = await attackAll(target, { runbook, only: [row] });

		expect(attempts.filter(({ passed }) => !passed)).toEqual([]);
	}, 120_000);

	test('the code that was printed works once', async () => {
		const address = await targetServer.address();
		const { code, ...place } = parseAddress(address);
		const said: string[] = [];
		const only = [admissionOfGood];

		const first = await main([address], testContent, { out: () => undefined, err: () => undefined, only });
		const second = await main([`http://127.0.0.1:${place.port}/#code=${code}`], testContent, { out: () => undefined, err: (text) => said.push(text), only });

		expect([first, second]).toEqual([0, 2]);
		expect(said.join('')).toContain('the code was refused');
	});

	test('a program that is started with the address is found', async () => {
		const other = spawn('sleep', ['600'], { argv0: `http://127.0.0.1:${target.port}/#code=x` });
		onTestFinished(() => void other.kill('SIGKILL'));
		await once(other, 'spawn');

		const attempts = await attackAll(target, { runbook, only: [programArguments] });

		expect(attempts.map(({ passed }) => passed)).toEqual([false]);
	});

	test('input to a run that has ended closes the socket that sent it, with 1008', async () => {
		const runner = await openRunner(target, targetServer.folder);
		onTestFinished(() => runner.close());
		const run = await runner.runScript('echo done');
		await runner.over();
		const socket = await openRaw(target);

		socket.write(frame(opcode.text, JSON.stringify({ type: 'run.input', run, id: '1', text: 'y\n' })));

		expect(await socket.closed).toBe(1008);
	});

	test('neither the token nor a code is told by the log, the list of processes or a file', async () => {
		const { code } = parseAddress(await targetServer.address());
		const files = readTree(targetServer.stateDir);
		const places = [
			targetServer.output().replaceAll(/"address":".*"/g, ''),
			...['cmdline', 'environ'].map((name) => readFileSync(`/proc/${targetServer.pid}/${name}`, 'latin1')),
			...files.map(({ path, text }) => `${path} ${text}`),
		];

		expect(files.map(({ path }) => path)).toContain('tokens.json');
		for (const secret of [target.token, code]) expect(places.filter((text) => text.includes(secret))).toEqual([]);
	});
});

/** Every file below a folder. The keepers of a run that is over still write theirs, by a temporary name first: a listing that was overtaken is made anew. */
function readTree(folder: string): { path: string; text: string }[] {
	try {
		const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		return entries.map(({ parentPath, name }) => ({ path: relative(folder, join(parentPath, name)), text: readFileSync(join(parentPath, name), 'latin1') }));
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return readTree(folder);
		throw error;
	}
}

describe('what is attacked', () => {
	test('is every route of the app, each with a body of its own', () => {
		const routes = allRoutes();
		const target = { host: '', port: 1, token: 'token' };

		expect(routes.length).toBeGreaterThan(20);
		for (const route of routes) expect(goodMessage(target, route).target).toMatch(/^\//);
	});

	test('is a new route as well, as soon as it is registered, and one without a sample is told by name', () => {
		const app = express();
		const inner = express.Router();
		inner.get('/:id/new', () => undefined).post('/', () => undefined);
		app.use('/api/things', inner);

		const { routes } = readRoutes(app);

		expect(routes.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual(['GET /api/things/:id/new', 'HEAD /api/things/:id/new', 'POST /api/things']);
		expect(() => goodMessage({ host: '', port: 1, token: '' }, routes[2]!)).toThrow('"POST /api/things" cannot be attacked: give it a sample');
	});

	test('passes nothing on its way but what is named here', () => {
		expect(readRoutes(emptyApp()).passages).toEqual([
			{ path: '/', name: 'setHeaders' },
			{ path: '/', name: '<anonymous>' },
			{ path: '/api', name: 'noStore' },
			{ path: '/api', name: 'requireJson' },
			{ path: '/api', name: 'jsonParser' },
			{ path: '/api', name: '<anonymous>' },
			{ path: '/', name: 'servePages' },
			{ path: '/', name: '<anonymous>' },
			{ path: '/', name: 'answerErrors' },
		]);
	});
});

describe('the command line', () => {
	test.each(['', 'http://192.0.2.1:4600/#code=x', 'http://127.0.0.1.evil.example:4600/#code=x', 'http://10.0.0.1:4600/#code=x', 'https://127.0.0.1:4600/#code=x', 'http://127.0.0.1:4600/', 'http://evil@127.0.0.1:4600/#code=x', 'http://[::2]:4600/#code=x', '127.0.0.1:4600'])('does not attack %j', async (address) => {
		const said: string[] = [];

		const code = await main([address], testContent, { out: () => undefined, err: (text) => said.push(text) });

		expect(code).toBe(2);
		expect(said.join('')).toContain('on this machine');
	});

	test('says what was missed, and exits with 1', async () => {
		const server = createServer((req, res) => {
			res.setHeader('Content-Type', 'application/json');
			if (req.url === '/api/access') res.writeHead(204);
			res.end(req.url === '/api/access' ? undefined : '[]');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
		onTestFinished(() => void server.close());
		const { port } = server.address() as { port: number };
		const said: string[] = [];

		const code = await main([`http://127.0.0.1:${port}/#code=x`], testContent, { out: (text) => said.push(text), err: () => undefined, only: [rebinding] });

		expect(code).toBe(1);
		expect(said.join('')).toMatch(/MISS +DNS rebinding +Host: evil\.example:\d+ → .* +421 or 400 +200, no content-security-policy/);
		expect(said.join('')).toMatch(/Code a second time +the code once more/);
	});

	test('draws one line for attempts that differ in their route alone, and escapes what came back', () => {
		const one = { row: 'row', sent: 'a', route: 'GET /', expected: '404', got: '404', passed: true };
		const table = drawTable([one, { ...one, route: 'GET /api' }, { ...one, got: '200 \u001b[31m', passed: false }]);

		expect(table.split('\n').slice(1)).toEqual([expect.stringMatching(/^ok +row +a → 2 routes +404 +404$/), expect.stringMatching(/^MISS +row +a → GET \/ +404 +200 \\u001b\[31m$/)]);
	});
});
