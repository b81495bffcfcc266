import { STATUS_CODES } from 'node:http';
import { securityHeaders } from './headers.ts';

/** An answer as bytes, for where there is no response to write to: an upgrade that is refused, a request that cannot be read. It has the headers of every other. */
export function plainAnswer(status: number): string {
	const headers = Object.entries({ ...securityHeaders, 'Cache-Control': 'no-store', Connection: 'close', 'Content-Length': '0' });
	return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
