import { describe, expect, test } from 'vitest';
import { evaluate, prepareCheck, type Probe, type RawObservation } from '../../../src/runbook/check/check.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { runbookOfSteps } from '../fixtures.ts';

const probeOf = (check: string, values = {}) => {
	const runbook = runbookOfSteps(`- { id: s, phase: preflight, done_when: ${check} }`);
	const [done] = runbook.steps[0]?.doneWhen ?? [];
	return done && prepareCheck(done, resolve(runbook, noRules, values), { step: 's' });
};
const verdict = (check: string, found: RawObservation, values = {}) => {
	const probe = probeOf(check, values)?.probe as Probe;
	const { grade, saw } = evaluate(probe, found);
	return [grade, saw.name];
};
const output = (text: string, exit = 0): RawObservation => ({ kind: 'output', exit, output: text });
const answer = (status: number, body = '', headers = {}): RawObservation => ({ kind: 'answer', status, body, headers });
const file = (exists: boolean, entries: string[] = [], tail = ''): RawObservation => ({ kind: 'file', exists, entries, tail });

const noEngine = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
const notAllowed = 'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock';

describe('a check judges what was found', () => {
	test.each<[string, RawObservation, string, string]>([
		['{ run: docker ps }', output(''), 'passed', 'exit-code'],
		['{ run: docker ps }', output('x'), 'passed', 'output'],
		['{ run: docker ps }', output('no', 1), 'failed', 'wrong-exit-code'],
		['{ run: docker ps, exit: 1 }', output('no', 1), 'passed', 'output'],
		['{ run: docker ps, exit: 1 }', output(''), 'failed', 'wrong-exit-code'],
		['{ run: docker ps, prints: up }', output('is up\n'), 'passed', 'output'],
		['{ run: docker ps, prints: up }', output('down'), 'failed', 'output-lacks'],
		['{ run: docker ps, equals: "" }', output('\n'), 'passed', 'none'],
		['{ run: docker ps, equals: "" }', output('x'), 'failed', 'output-differs'],
		['{ run: docker ps, equals: "false" }', output(' false\n'), 'passed', 'output'],
		['{ run: docker ps, equals: "false" }', output('false true'), 'failed', 'output-differs'],
		['{ run: docker ps, matches: "^1\\\\.[0-9]+$" }', output('x\n1.13\n'), 'passed', 'output'],
		['{ run: docker ps, matches: "^1\\\\.[0-9]+$" }', output('11.13'), 'failed', 'output-unmatched'],
		['{ run: docker ps, lacks: upgrading }', output('active'), 'passed', 'lacks'],
		['{ run: docker ps, lacks: upgrading, prints: act }', output('active'), 'passed', 'output'],
		['{ run: docker inspect x, exit: 1, prints: No such }', output('Error: No such object: x', 1), 'passed', 'absent'],
		['{ run: docker inspect x, exit: 1 }', output('Error: no such volume: x', 1), 'passed', 'absent'],
		['{ run: docker ps, lacks: upgrading }', output('a\nb is upgrading\n'), 'failed', 'output-has'],
		['{ run: docker ps }', { kind: 'nothing', reason: 'ENOENT' }, 'could-not-check', 'nothing'],
		['{ http: "http://x/ping", body: pong }', answer(200, 'pong'), 'passed', 'output'],
		['{ http: "http://x/ping", body: pong }', answer(200, '<html>'), 'failed', 'body-lacks'],
		['{ http: "http://x/ping", body: pong }', answer(503, 'pong'), 'failed', 'wrong-status'],
		['{ http: "http://x/ping" }', answer(404), 'failed', 'wrong-status'],
		['{ http: "http://x/v1", status: 401 }', answer(401), 'passed', 'answer'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: { equals: v1.6.30 } } }', answer(401, '', { 'x-rancher-version': 'v1.6.30' }), 'passed', 'output'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: { equals: v1.6.1 } } }', answer(200, '', { 'x-rancher-version': 'v1.6.14' }), 'failed', 'header-differs'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: v1.6.1 } }', answer(200, '', { 'x-rancher-version': 'v1.6.14' }), 'failed', 'header-differs'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: { equals: v1.6.1 } } }', answer(200), 'failed', 'header-absent'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: { matches: ^v1 } } }', answer(200, '', { 'x-rancher-version': 'v1.6.14' }), 'passed', 'output'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: { matches: ^v2 } } }', answer(200, '', { 'x-rancher-version': 'v1.6.14' }), 'failed', 'header-unmatched'],
		['{ http: "http://x/v1", status: [200, 401], headers: { x-rancher-version: { equals: v1.6.1 } } }', answer(500, '', { 'x-rancher-version': 'v1.6.1' }), 'failed', 'wrong-status'],
		['{ http: "http://x/v1", headers: { x-rancher-version: { equals: v1.6.1 } } }', answer(401, '', { 'x-rancher-version': 'v1.6.1' }), 'failed', 'wrong-status'],
		['{ http: "http://x/ping", body: pong }', answer(302, 'pong'), 'failed', 'wrong-status'],
		['{ http: "http://x/ping" }', answer(204), 'passed', 'answer'],
		['{ http: "http://x/ping" }', answer(302), 'passed', 'answer'],
		['{ http: "http://x/ping", refused: true }', { kind: 'no-answer', refused: true, reason: 'ECONNREFUSED' }, 'passed', 'refused'],
		['{ http: "http://x/ping", refused: true }', { kind: 'no-answer', refused: false, reason: 'ECONNRESET' }, 'could-not-check', 'nothing'],
		['{ http: "http://x/ping", refused: true }', { kind: 'nothing', reason: 'EHOSTUNREACH' }, 'could-not-check', 'nothing'],
		['{ http: "http://x/ping", refused: true }', answer(503), 'failed', 'not-refused'],
		['{ http: "http://x/ping" }', { kind: 'no-answer', refused: true, reason: 'ECONNREFUSED' }, 'failed', 'no-answer'],
		['{ http: "http://x/ping" }', { kind: 'nothing', reason: 'ENOTFOUND' }, 'could-not-check', 'nothing'],
		['{ http: "http://x/ping" }', { kind: 'time-limit', seconds: 30 }, 'could-not-check', 'time-limit'],
		['{ run: docker ps }', output('sh: docker: not found', 127), 'could-not-check', 'cannot-run'],
		['{ run: docker ps }', output('Permission denied', 126), 'could-not-check', 'cannot-run'],
		['{ run: docker ps, exit: 127 }', output('', 127), 'passed', 'exit-code'],
		['{ run: docker inspect x, exit: 1, prints: No such }', output('Error: No such object: x', 1), 'passed', 'absent'],
		['{ script: "docker logs x || true", lacks: Importing }', output(noEngine, 0), 'could-not-check', 'cannot-run'],
		['{ script: "docker logs x || true", lacks: Importing }', output(`2026-01-01 INFO ${noEngine}`, 0), 'passed', 'lacks'],
		['{ script: "docker logs x | grep y" }', output('environment: line 3: docker: command not found', 1), 'could-not-check', 'cannot-run'],
		['{ script: "docker logs x | grep y" }', output('docker: error while loading shared libraries: libx.so.1: cannot open shared object file', 1), 'could-not-check', 'cannot-run'],
		['{ script: "docker logs x | grep y" }', output('bash: line 3: /usr/bin/docker: Permission denied', 1), 'could-not-check', 'cannot-run'],
		['{ run: docker inspect x, exit: 1 }', output(noEngine, 1), 'could-not-check', 'engine-silent'],
		['{ run: docker inspect x, exit: 1, prints: No such }', output(noEngine, 1), 'could-not-check', 'engine-silent'],
		['{ run: docker inspect x, exit: 1 }', output(notAllowed, 1), 'could-not-check', 'engine-silent'],
		['{ run: docker inspect x }', output(noEngine, 1), 'could-not-check', 'engine-silent'],
		['{ run: docker ps, lacks: x }', output(noEngine, 1), 'could-not-check', 'engine-silent'],
		['{ run: docker version, exit: 1, prints: permission denied }', output(notAllowed, 1), 'passed', 'output'],
		['{ run: docker version, exit: 1, matches: Cannot connect }', output(noEngine, 1), 'passed', 'output'],
		['{ http: "http://x/v1", json: { state: active } }', answer(200, '{"state":"active"}'), 'passed', 'output'],
		['{ http: "http://x/v1", json: { state: active } }', answer(200, '{"state":"upgraded"}'), 'failed', 'json-differs'],
		['{ http: "http://x/v1", json: { state: active } }', answer(200, 'not json'), 'failed', 'json-differs'],
		['{ http: "http://x/v1", json: { a.b: "1" } }', answer(200, '{"a":{"b":1}}'), 'passed', 'output'],
		['{ file: /x }', file(true), 'passed', 'file-there'],
		['{ file: /x }', file(false), 'failed', 'file-absent'],
		['{ file: /x, exists: false }', file(false), 'passed', 'file-absent'],
		['{ file: /x, exists: false }', file(true), 'failed', 'file-there'],
		['{ file: /x, holds: [ibdata1, mysql] }', file(true, ['ibdata1', 'mysql', 'x']), 'passed', 'file-there'],
		['{ file: /x, holds: [ibdata1, mysql] }', file(true, ['mysql']), 'failed', 'file-lacks'],
		['{ file: /x, ends: "-- Dump completed" }', file(true, [], 'x\n-- Dump completed on 2026\n'), 'passed', 'file-there'],
		['{ file: /x, ends: "-- Dump completed" }', file(true, [], '-- Dump completed\nINSERT'), 'failed', 'file-end'],
	])('%s of %j: %s, %s', (check, found, passed, name) => {
		expect(verdict(check, found)).toEqual([passed, name]);
	});
});

test('a check with a missing value says which, and looks at nothing', () => {
	const prepared = probeOf('{ file: "${folder}/x" }');
	expect(prepared?.probe).toBeUndefined();
	expect(prepared?.problems).toMatchObject([{ name: 'value.missing', parameter: 'folder' }]);
});

test('a check that does not apply is no check', () => {
	expect(probeOf('{ file: /x, when: { given: [folder] } }')).toBeUndefined();
	expect(probeOf('{ file: /x, when: { given: [folder] } }', { folder: '/y' })?.probe).toMatchObject({ path: '/x' });
});

test('a password of a check stands in its request and not in what it saw', () => {
	const probe = probeOf('{ http: "http://x/", user: name, password: password }', { name: 'key', password: 'hunter2hunter2' })?.probe as Probe;
	expect(probe).toMatchObject({ request: { user: 'key', password: 'hunter2hunter2' } });
	expect(JSON.stringify(evaluate(probe, answer(401)))).not.toContain('hunter2');
});

test.each([
	['{ run: docker ps, equals: "1" }', output('11'), { wanted: '1', text: '11' }],
	['{ run: docker ps, prints: "up" }', output('down'), { wanted: 'up', text: 'down' }],
	['{ run: docker ps, matches: "^1$" }', output('11'), { pattern: '^1$', text: '11' }],
	['{ run: docker ps, lacks: "1" }', output('11'), { unwanted: '1', text: '11' }],
	['{ run: docker ps, exit: 2 }', output('x', 1), { wanted: 2, code: 1, text: 'x' }],
	['{ http: "http://x/" }', answer(404), { status: 404, wanted: '200–399' }],
	['{ http: "http://x/", status: [200, 401] }', answer(404), { status: 404, wanted: '200 / 401' }],
	['{ http: "http://x/", body: pong }', answer(404), { status: 404, wanted: '200' }],
	['{ http: "http://x/", headers: { a: "1" } }', answer(200, '', { a: '11' }), { header: 'a', wanted: '1', text: '11' }],
	['{ http: "http://x/", headers: { a: { matches: "^1$" } } }', answer(200, '', { a: '11' }), { header: 'a', pattern: '^1$', text: '11' }],
	['{ http: "http://x/", json: { a: "1" } }', answer(200, '{"a":11}'), { field: 'a', wanted: '1', text: '11' }],
])('%s says of %j what it wanted and what it got', (check, found, slots) => {
	expect(evaluate(probeOf(check)?.probe as Probe, found).saw.slots).toMatchObject(slots);
});

test('a check takes its limits from the definition, and has them unless said', () => {
	const [plain, own] = ['{ file: /x }', '{ file: /x, timeout: 5m, for: 60s, severity: warn }'].map((check) => runbookOfSteps(`- { id: s, phase: preflight, done_when: ${check} }`).steps[0]?.doneWhen[0]);

	expect(plain).toMatchObject({ timeoutSeconds: 30, forSeconds: 0, severity: 'fail' });
	expect(own).toMatchObject({ timeoutSeconds: 300, forSeconds: 60, severity: 'warn' });
});
