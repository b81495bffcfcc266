/**
 * Who may speak to Drover at all. One decision for HTTP requests and for upgrades, made before routing, from nothing but the request's own
 * bytes: a web page that the reader visits can send requests to loopback too, and a name of its own can be made to point there.
 */

/** A request as far as admission looks at it. `rawHeaders` as Node gives them: name, value, name, value. */
export interface RequestHead {
	readonly method: string;
	readonly target: string;
	readonly rawHeaders: readonly string[];
	readonly upgrade: boolean;
}

export interface AccessPolicy {
	readonly port: number;
	/** Whether a token or ticket lets its bearer in. Compares in constant time. */
	readonly knows: (token: string) => boolean;
}

/** What a request gets: `guest` for pages and assets and the exchange of a code, which need no token. */
export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly status: 400 | 401 | 403 | 404 | 421; readonly reason: string };

const admitted: Admission = { admitted: true };
const refuse = (status: 400 | 401 | 403 | 404 | 421, reason: string): Admission => ({ admitted: false, status, reason });

/** The exchange of a one-time code for a token, and the proof that a page wants before it says its token: the calls of the API that bring none. */
export const openPaths: readonly string[] = ['/api/access', '/api/access/proof'];
/** Where every call of the API and every upgrade lives. */
export const apiPrefix = '/api';
export const bearerProtocol = 'drover.token.';

/** Decides by Host, Origin, Sec-Fetch-Site and token, in this order. Never throws. */
export function admit(head: RequestHead, accessPolicy: AccessPolicy): Admission {
	if (!head.target.startsWith('/')) return refuse(421, 'The request target is not a path.');
	const host = only(valuesOf(head, 'host'));
	if (host === undefined || !hostsOf(accessPolicy.port).includes(host)) return refuse(421, 'The Host header does not name this server.');
	return admitOrigin(head, host) ?? admitToken(head, accessPolicy);
}

/** The names by which this machine reaches itself. Exact: `127.1`, other ports and other names are not this server. */
function hostsOf(port: number): readonly string[] {
	return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

function admitOrigin(head: RequestHead, host: string): Admission | undefined {
	const origins = valuesOf(head, 'origin');
	const reading = (head.method === 'GET' || head.method === 'HEAD') && !head.upgrade;
	if (origins.length === 0 && !reading) return refuse(403, 'The request has no Origin.');
	if (origins.length > 0 && only(origins) !== `http://${host}`) return refuse(403, 'The request comes from another origin.');
	if (head.method === 'OPTIONS') return refuse(403, 'No other origin may call this server.');
	const sites = valuesOf(head, 'sec-fetch-site');
	if (isApi(head.target) && sites.some((site) => site !== 'same-origin')) return refuse(403, 'The request comes from another site.');
	return undefined;
}

function admitToken(head: RequestHead, accessPolicy: AccessPolicy): Admission {
	const path = pathOf(head.target);
	if (!isApi(head.target) && !head.upgrade) return admitted;
	if (openPaths.includes(path) && head.method === 'POST') return admitted;
	const token = head.upgrade ? protocolToken(head) : bearerToken(head.rawHeaders);
	return token !== undefined && accessPolicy.knows(token) ? admitted : refuse(401, 'The request has no valid token.');
}

/** The token or ticket of an HTTP request. */
export function bearerToken(rawHeaders: readonly string[]): string | undefined {
	return /^Bearer ([A-Za-z0-9_-]{1,200})$/.exec(only(valuesOf({ rawHeaders }, 'authorization')) ?? '')?.[1];
}

/** A browser cannot add headers to a WebSocket, but it can ask for subprotocols. */
export function protocolToken(head: Pick<RequestHead, 'rawHeaders'>): string | undefined {
	const protocols = valuesOf(head, 'sec-websocket-protocol').flatMap((value) => value.split(',').map((one) => one.trim()));
	const tokens = protocols.filter((one) => one.startsWith(bearerProtocol));
	return only(tokens)?.slice(bearerProtocol.length);
}

/** Whether a target is the API's, however its letters are escaped. What cannot be read is treated as the API's. */
export function isApi(target: string): boolean {
	const path = pathOf(target);
	return path === apiPrefix || path.startsWith(`${apiPrefix}/`);
}

/** The path of a target, unescaped as far as it can be, in lower case, with slashes folded: as lax as any router that follows. */
function pathOf(target: string): string {
	const raw = target.split(/[?#]/, 1)[0] ?? '';
	let path = raw;
	try {
		path = decodeURIComponent(raw);
	} catch {
		// A broken escape: the raw path says enough.
	}
	return path.replace(/[\\/]+/g, '/').replace(/(.)\/$/, '$1').toLowerCase();
}

function valuesOf({ rawHeaders }: Pick<RequestHead, 'rawHeaders'>, name: string): string[] {
	return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

function only<T>(values: readonly T[]): T | undefined {
	return values.length === 1 ? values[0] : undefined;
}
