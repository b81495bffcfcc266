/** What is decided before routing: Host, Origin, Sec-Fetch-Site, token. Each attempt goes to every route there is. */
import { openPaths } from '../../server/access/admit.ts';
import type { Attack, Row } from '../attempt.ts';
import type { Route } from '../routes.ts';
import { goodMessage, originOf, withHeader, type Target } from '../target.ts';
import type { Header, Message } from '../wire.ts';

/** The good request to a route, spoiled; undefined where the attempt means nothing. */
type Spoil = (message: Message, route: Route, target: Target) => Message | undefined;
type Attempts = Readonly<Record<string, Spoil>>;

function everyRoute(name: string, statuses: readonly number[], attempts: (target: Target) => Attempts): Row {
	return {
		name,
		run: async (attack: Attack) => {
			for (const [sent, spoil] of Object.entries(attempts(attack.target))) {
				for (const route of attack.routes) {
					const message = spoil(goodMessage(attack.target, route), route, attack.target);
					if (message) await attack.expect(sent, route, message, statuses);
				}
			}
		},
	};
}

const host = (value: string): Attempts => ({ [`Host: ${value}`]: (message) => withHeader(message, 'Host', value) });

export const rebinding = everyRoute('DNS rebinding', [421, 400], ({ port }) => ({
	...host(`evil.example:${port}`),
	...host(`127.0.0.1.evil.example:${port}`),
	...host(`127.0.0.1:${port + 1}`),
	...host('127.0.0.1'),
	...host(`0.0.0.0:${port}`),
	...host(`127.1:${port}`),
	...host(`127.0.0.2:${port}`),
	...host(`127.0.0.1.:${port}`),
	...host(`localhost.:${port}`),
	...host(`:${port}`),
	...host(`user@127.0.0.1:${port}`),
	'no Host': (message) => withHeader(message, 'Host'),
	'no Host, HTTP/1.0': (message) => ({ ...withHeader(message, 'Host'), version: '1.0' }),
	'two Hosts, ours first': (message) => withHeader(message, 'Host', `127.0.0.1:${port}`, `evil.example:${port}`),
	'two Hosts, ours last': (message) => withHeader(message, 'Host', `evil.example:${port}`, `127.0.0.1:${port}`),
	'two Hosts, both ours': (message) => withHeader(message, 'Host', `127.0.0.1:${port}`, `127.0.0.1:${port}`),
	'GET http://evil.example/ HTTP/1.1': (message) => ({ ...message, target: `http://evil.example${message.target}` }),
	'target without a slash': (message) => ({ ...message, target: '*' }),
	'X-Forwarded-Host: ours': (message) => withHeader(withHeader(message, 'Host', `evil.example:${port}`), 'X-Forwarded-Host', `127.0.0.1:${port}`),
	'Forwarded: host=ours': (message) => withHeader(withHeader(message, 'Host', `evil.example:${port}`), 'Forwarded', `host=127.0.0.1:${port}`),
}));

const filler = (count: number): Header[] => Array.from({ length: count }, () => ['a', '']);

export const malformed = everyRoute('Malformed headers', [400, 403, 421, 431], (target) => ({
	'Host: [': (message) => withHeader(message, 'Host', '['),
	'Origin: http://[': (message) => withHeader(message, 'Origin', 'http://['),
	'foreign Origin behind 2,100 headers': (message) => ({ ...withHeader(message, 'Origin'), headers: [...withHeader(message, 'Origin').headers, ...filler(2100), ['Origin', 'http://evil.example']] }),
	'a header of 1 MB': (message) => withHeader(message, 'X-Big', 'x'.repeat(1024 * 1024)),
	'a broken escape in the target, foreign Origin': (message) => ({ ...withHeader(message, 'Origin', 'http://evil.example'), target: `${message.target}?%E0%A4%A` }),
	'a header without a colon': (message) => ({ ...message, headers: [...message.headers, ['broken\r\nX', '']] }),
	'Content-Length and chunks': (message) => (message.body === undefined ? undefined : { ...message, headers: [...message.headers, ['Content-Length', '5'], ['Transfer-Encoding', 'chunked']] }),
	'two Content-Lengths': (message) => ({ ...message, headers: [...message.headers, ['Content-Length', '0'], ['Content-Length', '5']] }),
	'a bare LF that hides a header': (message) => ({ ...message, headers: [...message.headers, ['X', `1\nOrigin: ${originOf(target)}`]] }),
}));

const origin = (value: string): Attempts => ({ [`Origin: ${value}`]: (message) => withHeader(message, 'Origin', value) });
const site = (value: string): Attempts => ({
	[`Sec-Fetch-Site: ${value}`]: (message, { kind }) => (kind === 'page' ? undefined : withHeader(message, 'Sec-Fetch-Site', value)),
});

export const otherPage = everyRoute('Another page or port', [403], (target) => ({
	'no Origin': (message, { kind, method }) => (kind !== 'upgrade' && (method === 'GET' || method === 'HEAD') ? undefined : withHeader(message, 'Origin')),
	...origin('null'),
	...origin(''),
	...origin('http://localhost:9999'),
	...origin(`https://127.0.0.1:${target.port}`),
	...origin(`http://127.0.0.1:${target.port}.evil.example`),
	...origin(`http://localhost:${target.port}`),
	...origin(`http://127.0.0.1:${target.port}/`),
	...origin('http://192.0.2.1'),
	...origin('chrome-extension://abcdefghijklmnop'),
	'two Origins, ours first': (message) => withHeader(message, 'Origin', originOf(target), 'http://evil.example'),
	'two Origins, ours twice': (message) => withHeader(message, 'Origin', originOf(target), originOf(target)),
	...site('cross-site'),
	...site('same-site'),
	...site('none'),
	'OPTIONS from here': (message, { kind }) => (kind === 'upgrade' ? undefined : { ...withoutBody(message), method: 'OPTIONS' }),
	'OPTIONS that asks to be allowed': (message, { kind }) => (kind === 'upgrade' ? undefined : { ...withHeader(withHeader(withoutBody(message), 'Origin', 'http://evil.example'), 'Access-Control-Request-Method', 'POST'), method: 'OPTIONS' }),
}));

function withoutBody({ body: _, ...message }: Message): Message {
	return withHeader(message, 'Content-Type');
}

/** Pages need no token; nor do the exchange of a code, which has an attempt of its own, and the proof of the server. */
const needsToken = ({ kind, method, pattern }: Route): boolean => kind !== 'page' && !(method === 'POST' && openPaths.includes(pattern));
const withoutToken = (message: Message): Message => withHeader(withHeader(message, 'Authorization'), 'Sec-WebSocket-Protocol', 'drover.v1');

export const cookies = everyRoute('Cookies cross ports', [401], ({ token }) => ({
	'the token as a cookie': (message, route) => (needsToken(route) ? withHeader(withoutToken(message), 'Cookie', `token=${token}; drover.token=${token}`) : undefined),
	'?token=': (message, route) => (needsToken(route) ? { ...withoutToken(message), target: `${message.target}?token=${token}&access_token=${token}` } : undefined),
}));

/** The last of 43 characters holds four bits only: it must be another one in those as well. */
export function offByOne(token: string): string {
	const last = token.at(-1) === 'A' ? 'Q' : 'A';
	return token.slice(0, -1) + last;
}

const bearer = (sent: string, ...values: readonly string[]): Attempts => ({
	[sent]: (message, route) => (needsToken(route) && route.kind === 'api' ? withHeader(message, 'Authorization', ...values) : undefined),
});

export const token = everyRoute('Token', [401], (target) => ({
	...bearer('no token'),
	...bearer('the last byte wrong', `Bearer ${offByOne(target.token)}`),
	...bearer('the last byte missing', `Bearer ${target.token.slice(0, -1)}`),
	...bearer('an empty token', 'Bearer '),
	...bearer('the token as a password', `Basic ${Buffer.from(`drover:${target.token}`).toString('base64')}`),
	...bearer('the token without its scheme', target.token),
	...bearer('two tokens, ours first', `Bearer ${target.token}`, 'Bearer other'),
	...bearer('the token and more', `Bearer ${target.token},x`),
	'the path in other letters, no token': (message, route) => (needsToken(route) && route.kind === 'api' ? { ...withoutToken(message), target: message.target.replace('/api', '/API') } : undefined),
	'the path escaped, no token': (message, route) => (needsToken(route) && route.kind === 'api' ? { ...withoutToken(message), target: message.target.replace('/api', '/%61pi') } : undefined),
	'the path doubled, no token': (message, route) => (needsToken(route) && route.kind === 'api' ? { ...withoutToken(message), target: `/${message.target}` } : undefined),
}));

export const socketToken = everyRoute('Socket without credentials', [401], (target) => {
	const protocols = (sent: string, ...values: readonly string[]): Attempts => ({ [sent]: (message, { kind }) => (kind === 'upgrade' ? withHeader(message, 'Sec-WebSocket-Protocol', ...values) : undefined) });
	return {
		...protocols('no protocols'),
		...protocols('no token among the protocols', 'drover.v1'),
		...protocols('the last byte wrong', `drover.v1, drover.token.${offByOne(target.token)}`),
		...protocols('two tokens', `drover.v1, drover.token.${target.token}, drover.token.x`),
		'the token in Authorization only': (message, { kind }) => (kind === 'upgrade' ? withHeader(withHeader(message, 'Sec-WebSocket-Protocol', 'drover.v1'), 'Authorization', `Bearer ${target.token}`) : undefined),
		'an upgrade of any other route': (message, route) => (route.kind === 'upgrade' ? undefined : { ...withHeader(withHeader(withoutToken(withoutBody(message)), 'Connection', 'Upgrade'), 'Upgrade', 'websocket'), method: 'GET' }),
	};
});
