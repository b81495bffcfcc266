import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admit, isApi, type RequestHead } from '../../../server/access/admit.ts';
import { hostileText } from '../../runbook/hostile.ts';

const token = 'A'.repeat(43);
const accessPolicy = { port: 4600, knows: (one: string) => one === token };

const piece = fc.oneof(hostileText, fc.constantFrom('/api', '/api/', '/API', '%61pi', '/', '//', '\\', '127.0.0.1:4600', 'http://127.0.0.1:4600', 'localhost:4600', '[::1]:4600', token, `Bearer ${token}`, `drover.token.${token}`));
const text = fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(''));
const header = fc.tuple(fc.oneof(fc.constantFrom('host', 'Host', 'ORIGIN', 'origin', 'authorization', 'sec-fetch-site', 'sec-websocket-protocol', 'cookie'), text), text);
const head: fc.Arbitrary<RequestHead> = fc.record({
	method: fc.oneof(fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'get'), text),
	target: text,
	rawHeaders: fc.array(header, { maxLength: 8 }).map((headers) => headers.flat()),
	upgrade: fc.boolean(),
});

test('whatever comes, the answer is a decision; who comes to the API without the token does not come in', () => {
	fc.assert(
		fc.property(head, (one) => {
			const admission = admit(one, accessPolicy);

			if (!admission.admitted) expect([400, 401, 403, 404, 421]).toContain(admission.status);
			const bears = one.rawHeaders.some((value, index) => index % 2 === 1 && value.includes(token));
			const isExchange = one.method === 'POST' && /access/i.test(decode(one.target));
			if (admission.admitted && (one.upgrade || isApi(one.target))) expect(bears || isExchange).toBe(true);
		}),
		{ numRuns: 5_000 },
	);
});

test('who names this server by a name of its own, from its own page, with its token, comes in', () => {
	for (const host of ['127.0.0.1:4600', 'localhost:4600', '[::1]:4600']) {
		const rawHeaders = ['Host', host, 'Origin', `http://${host}`, 'Authorization', `Bearer ${token}`, 'Sec-Fetch-Site', 'same-origin'];

		expect(admit({ method: 'POST', target: '/api/runs', rawHeaders, upgrade: false }, accessPolicy)).toEqual({ admitted: true });
	}
});

test.each(['/api', '/api/', '/API/runs', '/%61pi/runs', '//api/runs', '/\\api/runs', '/api?x', '/api/runs/%2e%2e', '/Api%2fruns'])('%s is the API’s', (target) => {
	expect(isApi(target)).toBe(true);
});

function decode(target: string): string {
	try {
		return decodeURIComponent(target);
	} catch {
		return target;
	}
}
