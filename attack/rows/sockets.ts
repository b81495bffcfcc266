/** What comes over a socket that was let in: frames, floods, too many of them, too slow. */
import type { Attack, Row } from '../attempt.ts';
import { frame, opcode, openRaw, type RawSocket } from '../frames.ts';
import type { Route } from '../routes.ts';
import { findListener, memoryOf } from '../server-process.ts';
import { call, goodMessage, upgradeHeaders, withHeader, type Target } from '../target.ts';
import { open, wireText } from '../wire.ts';
import type { KnownRunbook } from './session.ts';

const text = (message: unknown): Buffer => frame(opcode.text, typeof message === 'string' ? message : JSON.stringify(message));
const longest = 64 * 1024;
const run = 'no-such-run';

const frames: Readonly<Record<string, readonly [bytes: Buffer, codes: readonly number[]]>> = {
	'a binary frame': [frame(opcode.binary, '{}'), [1003]],
	'bad UTF-8': [frame(opcode.text, Buffer.from([0xc3, 0x28])), [1007]],
	'half a surrogate pair': [frame(opcode.text, Buffer.from([0xed, 0xa0, 0x80])), [1007]],
	'64 KiB and one byte': [frame(opcode.text, 'x'.repeat(longest + 1)), [1009]],
	'a claim of 2^62 bytes': [frame(opcode.text, 'x', { length: 2 ** 62 }), [1009]],
	'64 KiB and more in pieces': [Buffer.concat([frame(opcode.text, 'x'.repeat(longest), { fin: false }), frame(opcode.continuation, 'x'.repeat(longest))]), [1009]],
	'cut JSON': [text('{"type":"run.follow","run":"a'), [1008]],
	'no JSON': [text('hello'), [1008]],
	'JSON of another shape': [text([]), [1008]],
	'JSON 10,000 levels deep': [text('['.repeat(10_000) + ']'.repeat(10_000)), [1008]],
	'an unknown type': [text({ type: 'run.start', run }), [1008]],
	'a further key': [text({ type: 'run.follow', run, from: 0, argv: ['id'] }), [1008]],
	'the key "__proto__"': [text('{"type":"run.unfollow","run":"a","__proto__":{"polluted":true}}'), [1008]],
	'another number than the schema has': [text('{"type":"run.follow","run":"a","from":-1}'), [1008]],
	'the token in the first message': [text({ type: 'hello', token: 'x' }), [1008]],
	'input to an unknown run': [text({ type: 'run.input', run, id: '1', text: 'y\n' }), [1008]],
	'a size for an unknown run': [text({ type: 'run.resize', run, columns: 80, rows: 24 }), [1008]],
	'a frame that is not masked': [frame(opcode.text, '{}', { masked: false }), [1002]],
	'a reserved bit': [frame(opcode.text, '{}', { reserved: 4 }), [1002]],
	'an unknown opcode': [frame(5, '{}'), [1002]],
	'a continuation of nothing': [frame(opcode.continuation, '{}'), [1002]],
	'a ping in pieces': [frame(opcode.ping, '', { fin: false }), [1002]],
	'a ping of 126 bytes': [frame(opcode.ping, 'x'.repeat(126)), [1002]],
};

const isWell = async (bystander: RawSocket): Promise<boolean> => {
	bystander.write(text({ type: 'run.follow', run: 'well', from: 0 }));
	return bystander.saw('run.unknown');
};

export const hostileFrames: Row = {
	name: 'Hostile frames',
	run: async (attack) => {
		const bystander = await openRaw(attack.target);
		await attack.note('a good upgrade', '/api/socket', '101, drover.v1', `${bystander.answer.status}, ${header(bystander, 'sec-websocket-protocol')}`, bystander.upgraded && header(bystander, 'sec-websocket-protocol') === 'drover.v1');
		const extensions = header(bystander, 'sec-websocket-extensions');
		await attack.note('compression', '/api/socket', 'none', extensions || 'none', extensions === '');
		for (const [sent, [bytes, codes]] of Object.entries(frames)) {
			const socket = await openRaw(attack.target);
			socket.write(bytes);
			const code = await socket.closed;
			await attack.note(sent, '/api/socket', codes.join(' or '), String(code), codes.includes(code));
			socket.end();
		}
		await flood(attack, '1,000 pings a second', () => frame(opcode.ping, 'x'));
		await flood(attack, '1,000 messages a second', () => text({ type: 'run.unfollow', run }));
		await attack.note('all of this', '/api/socket', 'others unaffected', (await isWell(bystander)) ? 'others unaffected' : 'another socket is gone', await isWell(bystander));
		bystander.end();
	},
};

const header = ({ answer }: RawSocket, name: string): string => answer.headers.find(([one]) => one === name)?.[1] ?? '';

/** Goes on until it is let go, as an attacker would. */
async function flood(attack: Attack, sent: string, make: () => Buffer): Promise<void> {
	const socket = await openRaw(attack.target);
	const thousand = Buffer.concat(Array.from({ length: 1000 }, make));
	for (let round = 0; round < 50 && socket.isOpen; round += 1) {
		socket.write(thousand);
		await new Promise((resolve) => setImmediate(resolve));
	}
	const code = await socket.closed;
	await attack.note(sent, '/api/socket', '1008', String(code), code === 1008);
	socket.end();
}

/** More than the server may take for one page that asks and reads nothing, less than it would take to answer each question. Unit: MiB. */
const mostForOne = 150;

/** Opens a long session, and closes it afterwards. */
export const followFlood = (runbook: KnownRunbook): Row => ({
	name: 'A page that asks and reads nothing',
	run: async (attack) => {
		const { target } = attack;
		const { session } = (await call(target, 'POST', '/api/sessions', { runbook: runbook.id, name: 'npm run attack', values: runbook.values, detected: [] })).body as { session: string };
		for (let round = 0; round < 8; round += 1) await call(target, 'PUT', `/api/sessions/${session}/values`, { values: runbook.values, detected: [`${round}${'x'.repeat(150_000)}`] });
		await call(target, 'PATCH', `/api/sessions/${session}`, { closed: true });
		await attack.settle();
		const pid = findListener(target.port);
		const memory = (): number => (pid === undefined ? 0 : (memoryOf(pid) ?? 0));
		const before = memory();
		const [lazy, other] = [await openRaw(target), await openRaw(target)];
		lazy.stopReading();
		for (let asked = 0; asked < 300; asked += 1) lazy.write(text({ type: 'session.follow', session, from: 0 }));
		other.write(text({ type: 'session.follow', session, from: 0 }));
		await attack.note('300 questions for a long session', '/api/socket', 'others get theirs', (await other.saw('"7xxx')) ? 'others get theirs' : 'they get nothing', await other.saw('"7xxx'));
		const grown = Math.round(memory() - before);
		await attack.note('300 questions for a long session', '/api/socket', `under ${mostForOne} MiB`, grown < mostForOne ? `under ${mostForOne} MiB` : `${grown} MiB`, grown < mostForOne);
		for (const socket of [lazy, other]) socket.end();
	},
});

export const crowd: Row = {
	name: 'Too many sockets',
	run: async (attack) => {
		const sockets: RawSocket[] = [];
		do sockets.push(await openRaw(attack.target));
		while (sockets.at(-1)?.upgraded && sockets.length < 20);
		const refused = sockets.at(-1)?.answer.status;
		await attack.note('17 sockets at once', '/api/socket', 'at most 16, then 503', `${sockets.length - 1}, then ${refused}`, sockets.length <= 17 && refused === 503);
		for (const socket of sockets) socket.end();
		let again = await openRaw(attack.target);
		for (let tries = 0; tries < 100 && !again.upgraded; tries += 1) again = await openRaw(attack.target);
		await attack.note('one more when they are gone', '/api/socket', '101', String(again.answer.status), again.upgraded);
		again.end();
	},
};

export const elsewhere: Row = {
	name: 'Upgrades elsewhere',
	run: async (attack) => {
		const route = attack.routes.find(({ kind }) => kind === 'upgrade');
		if (!route) throw new TypeError('There is no upgrade path.');
		const good = goodMessage(attack.target, route);
		for (const target of ['/', '/api', '/api/', '/api/socket/', '/api/socket?x', '/API/socket', '/api/sessions', '/en/', '/api/%73ocket', '//api/socket']) await attack.expect(`an upgrade of ${target}`, route, { ...good, target }, [404]);
		for (const protocol of ['h2c', 'TLS/1.3', 'websocket, h2c']) await attack.expect(`an upgrade to ${protocol}`, route, withHeader(good, 'Upgrade', protocol), [401]);
		const page: Route = { method: 'GET', pattern: '/en/', kind: 'page' };
		await attack.expect('a page, with an offer of HTTP/2', page, withHeader(withHeader(withHeader(goodMessage(attack.target, page), 'Connection', 'Upgrade, HTTP2-Settings'), 'Upgrade', 'h2c'), 'HTTP2-Settings', 'AAMAAABkAAQCAAAAAAIAAAAA'), [200]);
		await attack.expect('an upgrade by POST', route, { ...good, method: 'POST' }, [400, 405]);
		await attack.expect('another version of the protocol', route, withHeader(good, 'Sec-WebSocket-Version', '7'), [400, 426]);
		await attack.expect('no key', route, withHeader(good, 'Sec-WebSocket-Key'), [400]);
		await attack.expect('CONNECT', route, { ...good, method: 'CONNECT', target: `127.0.0.1:${attack.target.port}` }, [0, 400, 405, 421]);
	},
};

/** The longest that a request may dawdle. Unit: milliseconds. */
const longestMs = 30_000;

export const slow: Row = {
	name: 'Slow',
	run: async (attack) => {
		const { target } = attack;
		const post = attack.routes.find(({ method, pattern }) => method === 'POST' && pattern === '/api/sessions');
		if (!post) throw new TypeError('There is no route "POST /api/sessions".');
		const good = wireText(goodMessage(target, post));
		const body = good.indexOf('\r\n\r\n') + 4;
		const upgrade = wireText({ method: 'GET', target: '/api/socket', headers: [['Host', `127.0.0.1:${target.port}`], ...upgradeHeaders(target.token)] });
		const dawdlers: Readonly<Record<string, readonly [start: string, rest: string]>> = {
			'nothing at all': ['', ''],
			'headers, a byte a second': ['', good],
			'an upgrade, a byte a second': ['', upgrade],
			'a body, a byte a second': [good.slice(0, body), good.slice(body)],
			'a body that never comes': [good.slice(0, body), ''],
		};
		const waited = await Promise.all(Object.values(dawdlers).map(([start, rest]) => dawdle(target, start, rest)));
		for (const [index, sent] of Object.keys(dawdlers).entries()) {
			const ms = waited[index] ?? Infinity;
			await attack.note(sent, post.pattern, 'closed within 30 s', ms <= longestMs ? 'closed within 30 s' : 'still open after 30 s', ms <= longestMs);
		}
	},
};

/** How long the server put up with it. */
async function dawdle(target: Target, start: string, rest: string): Promise<number> {
	const socket = await open(target);
	const began = performance.now();
	socket.resume();
	socket.write(start);
	let sent = 0;
	const timer = setInterval(() => {
		if (sent < rest.length) socket.write(rest.charAt(sent++));
	}, 1000);
	const { promise, resolve } = Promise.withResolvers<void>();
	const tooLate = setTimeout(resolve, longestMs + 1000);
	socket.once('close', () => resolve());
	await promise;
	clearInterval(timer);
	clearTimeout(tooLate);
	socket.destroy();
	return performance.now() - began;
}
