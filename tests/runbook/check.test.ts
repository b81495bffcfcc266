import { describe, expect, test } from 'vitest';
import { judge, prepareCheck, type Look, type Observation } from '../../src/runbook/check.ts';
import { noRules, resolve } from '../../src/runbook/resolve.ts';
import { runbookOfSteps } from './fixtures.ts';

const lookOf = (check: string, values = {}) => {
	const runbook = runbookOfSteps(`- { id: s, phase: preflight, done_when: ${check} }`);
	const [done] = runbook.steps[0]?.doneWhen ?? [];
	return done && prepareCheck(done, resolve(runbook, noRules, values), { step: 's' });
};
const verdict = (check: string, found: Observation, values = {}) => {
	const look = lookOf(check, values)?.look as Look;
	const { passed, saw } = judge(look, found);
	return [passed, saw.name];
};
const output = (text: string, exit = 0): Observation => ({ kind: 'output', exit, output: text });
const answer = (status: number, body = '', headers = {}): Observation => ({ kind: 'answer', status, body, headers });
const file = (exists: boolean, entries: string[] = [], tail = ''): Observation => ({ kind: 'file', exists, entries, tail });

describe('a check judges what was found', () => {
	test.each<[string, Observation, boolean, string]>([
		['{ run: docker ps }', output(''), true, 'exit-code'],
		['{ run: docker ps }', output('x'), true, 'output'],
		['{ run: docker ps }', output('no', 1), false, 'wrong-exit-code'],
		['{ run: docker ps, exit: 1 }', output('no', 1), true, 'output'],
		['{ run: docker ps, exit: 1 }', output(''), false, 'wrong-exit-code'],
		['{ run: docker ps, prints: up }', output('is up\n'), true, 'output'],
		['{ run: docker ps, prints: up }', output('down'), false, 'output-lacks'],
		['{ run: docker ps, equals: "false" }', output(' false\n'), true, 'output'],
		['{ run: docker ps, equals: "false" }', output('false true'), false, 'output-lacks'],
		['{ run: docker ps, matches: "^1\\\\.[0-9]+$" }', output('x\n1.13\n'), true, 'output'],
		['{ run: docker ps, matches: "^1\\\\.[0-9]+$" }', output('11.13'), false, 'output-lacks'],
		['{ run: docker ps, lacks: upgrading }', output('active'), true, 'output'],
		['{ run: docker ps, lacks: upgrading }', output('a\nb is upgrading\n'), false, 'output-has'],
		['{ run: docker ps }', { kind: 'nothing', reason: 'ENOENT' }, false, 'nothing'],
		['{ http: "http://x/ping", body: pong }', answer(200, 'pong'), true, 'output'],
		['{ http: "http://x/ping", body: pong }', answer(200, '<html>'), false, 'body-lacks'],
		['{ http: "http://x/ping", body: pong }', answer(503, 'pong'), false, 'wrong-status'],
		['{ http: "http://x/ping" }', answer(404), false, 'wrong-status'],
		['{ http: "http://x/v1", status: 401 }', answer(401), true, 'answer'],
		['{ http: "http://x/v1", headers: { x-rancher-version: v1.6.30 } }', answer(401, '', { 'x-rancher-version': 'v1.6.30' }), true, 'output'],
		['{ http: "http://x/v1", headers: { x-rancher-version: v1.6.30 } }', answer(401, '', { 'x-rancher-version': 'v1.6.3' }), false, 'header-lacks'],
		['{ http: "http://x/v1", json: { state: active } }', answer(200, '{"state":"active"}'), true, 'output'],
		['{ http: "http://x/v1", json: { state: active } }', answer(200, '{"state":"upgraded"}'), false, 'json-differs'],
		['{ http: "http://x/v1", json: { state: active } }', answer(200, 'not json'), false, 'json-differs'],
		['{ http: "http://x/v1", json: { a.b: "1" } }', answer(200, '{"a":{"b":1}}'), true, 'output'],
		['{ file: /x }', file(true), true, 'file-there'],
		['{ file: /x }', file(false), false, 'file-absent'],
		['{ file: /x, exists: false }', file(false), true, 'file-absent'],
		['{ file: /x, exists: false }', file(true), false, 'file-there'],
		['{ file: /x, holds: [ibdata1, mysql] }', file(true, ['ibdata1', 'mysql', 'x']), true, 'file-there'],
		['{ file: /x, holds: [ibdata1, mysql] }', file(true, ['mysql']), false, 'file-lacks'],
		['{ file: /x, ends: "-- Dump completed" }', file(true, [], 'x\n-- Dump completed on 2026\n'), true, 'file-there'],
		['{ file: /x, ends: "-- Dump completed" }', file(true, [], '-- Dump completed\nINSERT'), false, 'file-end'],
	])('%s of %j: %s, %s', (check, found, passed, name) => {
		expect(verdict(check, found)).toEqual([passed, name]);
	});
});

test('a check with a missing value says which, and looks at nothing', () => {
	const prepared = lookOf('{ file: "${folder}/x" }');
	expect(prepared?.look).toBeUndefined();
	expect(prepared?.problems).toMatchObject([{ name: 'value.missing', parameter: 'folder' }]);
});

test('a check that does not apply is no check', () => {
	expect(lookOf('{ file: /x, when: { given: [folder] } }')).toBeUndefined();
	expect(lookOf('{ file: /x, when: { given: [folder] } }', { folder: '/y' })?.look).toMatchObject({ path: '/x' });
});

test('a password of a check stands in its request and not in what it saw', () => {
	const look = lookOf('{ http: "http://x/", user: name, password: password }', { name: 'key', password: 'hunter2hunter2' })?.look as Look;
	expect(look).toMatchObject({ request: { user: 'key', password: 'hunter2hunter2' } });
	expect(JSON.stringify(judge(look, answer(401)))).not.toContain('hunter2');
});
