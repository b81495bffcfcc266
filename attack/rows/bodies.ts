/** What a body may hold: JSON of a strict shape, not long, not deep, no command. */
import { gzipSync } from 'node:zlib';
import type { Attack, Row } from '../attempt.ts';
import type { Route } from '../routes.ts';
import { nobody, sampleOf } from '../samples.ts';
import { goodMessage, withBody, withHeader } from '../target.ts';
import { exchange, wireText, type Message } from '../wire.ts';

const withBodies = (attack: Attack) => attack.routes.filter((route) => route.kind === 'api' && sampleOf(route) !== undefined && !route.pattern.includes('no-such-route'));
/** A route that takes no body does not look at one: what is in it reaches nobody. */
const parsing = (attack: Attack) => withBodies(attack).filter((route) => Object.keys(sampleOf(route) ?? {}).length > 0 || route.pattern === '/api/detect');

async function each(attack: Attack, routes: readonly Route[], sent: string, statuses: readonly number[], spoil: (message: Message, body: object) => Message): Promise<void> {
	for (const route of routes) await attack.expect(sent, route, spoil(goodMessage(attack.target, route), sampleOf(route) ?? {}), statuses);
}

export const commands: Row = {
	name: 'Request carries a command',
	run: async (attack) => {
		for (const key of ['command', 'argv', 'env', 'cwd', 'shell', 'script', 'display', 'secrets']) {
			const value = key === 'argv' ? ['touch', '/tmp/drover-attacked'] : key === 'env' ? { PATH: '/tmp' } : 'touch /tmp/drover-attacked';
			await each(attack, parsing(attack), `body with the key "${key}"`, [400], (message, body) => withBody(message, { ...body, [key]: value }));
		}
		for (const body of ['null', '[]', '"touch /tmp/x"', '7']) await each(attack, parsing(attack).filter(({ pattern }) => pattern !== '/api/detect'), `the body ${JSON.stringify(body)}`, [400], (message) => withBody(message, body));
	},
};

export const forms: Row = {
	name: 'Foreign form',
	run: async (attack) => {
		const types = ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'text/json', 'application/jsonx', 'application/json; charset=utf-16', 'application/json, text/plain'];
		for (const type of types) await each(attack, withBodies(attack), `Content-Type: ${type}`, [415], (message) => withHeader(message, 'Content-Type', type));
		await each(attack, withBodies(attack), 'no Content-Type', [415], (message) => withHeader(message, 'Content-Type'));
		for (const route of withBodies(attack)) {
			const zipped = gzipSync(JSON.stringify(sampleOf(route)));
			const { body: _, ...message } = withHeader(goodMessage(attack.target, route), 'Content-Encoding', 'gzip');
			const head = wireText({ ...message, headers: [...message.headers, ['Content-Length', String(zipped.length)]] });
			await attack.compare('a body in gzip', route, await exchange(attack.target, Buffer.concat([Buffer.from(head), zipped])), [415]);
		}
	},
};

const tooLong = 257 * 1024;

export const big: Row = {
	name: 'Big, deep',
	run: async (attack) => {
		const padded = (body: object) => JSON.stringify({ ...body, padding: 'x'.repeat(tooLong) });
		await each(attack, withBodies(attack), '257 KiB', [413], (message, body) => withBody(message, padded(body)));
		await each(attack, withBodies(attack), '257 KiB in chunks', [413], (message, body) => ({ ...withBody(message, inChunks(padded(body))), headers: [...message.headers, ['Transfer-Encoding', 'chunked']] }));
		const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
		for (const route of parsing(attack)) {
			const bodies = [`{"values":${deep}}`, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`];
			for (const body of bodies) await expectSoon(attack, route, withBody(goodMessage(attack.target, route), body));
		}
	},
};

/** A busy machine may be slow once, or nine times: ten slow answers are the server's own doing. */
async function expectSoon(attack: Attack, route: Route, message: Message): Promise<void> {
	let fastest = Infinity;
	let answer = await exchange(attack.target, wireText(message));
	for (let tries = 1; tries < 10 && (fastest = Math.min(fastest, answer.elapsedMs)) >= 100; tries += 1) answer = await exchange(attack.target, wireText(message));
	await attack.note('JSON 10,000 levels deep', `${route.method} ${route.pattern}`, '400 in 100 ms', `${answer.status}${fastest < 100 ? ' in 100 ms' : ` in ${Math.round(fastest)} ms`}`, answer.status === 400 && fastest < 100);
}

function inChunks(body: string): string {
	const pieces = body.match(/[^]{1,4096}/g) ?? [];
	return [...pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`), '0\r\n\r\n'].join('');
}

export const prototypes: Row = {
	name: '__proto__, constructor',
	run: async (attack) => {
		for (const key of ['__proto__', 'constructor', 'prototype']) {
			const polluting = key === '__proto__' ? '{"polluted":true}' : '{"prototype":{"polluted":true}}';
			await each(attack, parsing(attack), `the key "${key}" in the body`, [400], (message, body) => withBody(message, JSON.stringify(body).replace(/^\{/, `{"${key}":${polluting}${Object.keys(body).length > 0 ? ',' : ''}`)));
			const withValues = parsing(attack).filter((route) => 'values' in (sampleOf(route) ?? {}));
			for (const value of ['"x"', polluting]) {
				// A name that no runbook has is refused where the runbook is known; here there is none of that name either.
				const statuses = key === 'prototype' && value === '"x"' ? [400, 404] : [400];
				await each(attack, withValues, `the key "${key}" in the values: ${value}`, statuses, (message, body) => withBody(message, JSON.stringify({ ...body, values: 0 }).replace('"values":0', `"values":{"${key}":${value}}`)));
			}
		}
		const polluted = ({} as Record<string, unknown>)['polluted'];
		await attack.note('({}).polluted', '', 'undefined', String(polluted), polluted === undefined);
	},
};

const escapes = (depth: number): string[] => ['../', '%2e%2e%2f', '%2e%2e/', '..%5c', '..\\', '%252e%252e%252f', '..;/', '%c0%ae%c0%ae/'].map((up) => `${up.repeat(depth)}etc/passwd`);
const places: readonly string[] = [...escapes(1), ...escapes(12), '%00', '%00../../etc/passwd', '\0', `${'a'.repeat(4096)}`, '%2fetc%2fpasswd', '/etc/passwd', 'C:%5cwindows', '.git/config', '%2egit/config', '\\evil.example/..', '\\\\evil.example/../..', '..', '.', '%2e', `${'%2e%2e/'.repeat(400)}etc/passwd`];

export const paths: Row = {
	name: 'Path traversal',
	run: async (attack) => {
		const withId = attack.routes.filter(({ pattern }) => pattern.includes(':'));
		for (const place of places) {
			const shown = place.length > 40 ? `${JSON.stringify(place.slice(0, 36)).slice(0, -1)}… (${place.length} characters)"` : JSON.stringify(place);
			for (const route of withId) {
				const message = goodMessage(attack.target, route);
				await attack.expect(`id ${shown}`, route, { ...message, target: message.target.replace(nobody, place) }, statusesOf(place));
			}
			for (const below of ['/', '/en/', '/_astro/', '/pagefind/']) {
				const route: Route = { method: 'GET', pattern: below, kind: 'page' };
				const answer = await attack.expect(`page ${shown}`, route, { ...goodMessage(attack.target, route), target: below + place }, statusesOf(place));
				if (/root:.*:0:0:|\[core\]/.test(answer.body)) await attack.note(`page ${shown}`, below, 'no file from outside', answer.body.slice(0, 60), false);
			}
		}
	},
};

/** Names of folders themselves are redirected to, or are the folder's page; what no parser takes is refused by it. */
function statusesOf(place: string): readonly number[] {
	if (['..', '.', '%2e'].includes(place)) return [200, 301, 401, 404];
	return place === '\0' ? [400] : [404];
}
