/**
 * A Drover in a process of its own, which can be killed, measured and searched. Prints one JSON line with its port, then an address with a fresh
 * code for each line that it reads.
 */
import { createInterface } from 'node:readline';
import { readContent } from '../../src/content/read-content.ts';
import { serve } from '../../server/serve.ts';

const [content = '', site = '', folder = '', stateDir = '', port = '0'] = process.argv.slice(2);
const served = await serve({ content: readContent(content), site, folder, version: 'test', stateDir, port: Number(port), exactPort: false });
process.stdout.write(`${JSON.stringify({ port: served.port, ready: served.runtime.ready })}\n`);
createInterface({ input: process.stdin }).on('line', () => process.stdout.write(`${JSON.stringify({ address: served.address() })}\n`));
