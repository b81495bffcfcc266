import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Link } from '../../../server/runs/link.ts';
import { makeFolder } from '../make-folder.ts';

test('the last words of a supervisor arrive at a server that was busy, and writes before it reads', async () => {
	const socket = join(makeFolder(), 's.sock');
	const supervisor = spawn(process.execPath, [join(import.meta.dirname, 'ending-supervisor.ts'), socket], { stdio: ['ignore', 'pipe', 'inherit'] });
	await once(supervisor.stdout, 'data');
	const link = new Link(socket, 0);
	await once(link, 'wrote');

	const closed = new Promise<void>((resolve) => link.on('change', () => link.closed && resolve()));
	link.ping(0);
	// The server does something else until the supervisor has spoken, and has gone if it waits for nobody.
	await new Promise<void>((resolve) => setImmediate(resolve));
	execFileSync('sleep', ['0.5']);
	link.input('id', new Uint8Array());
	await closed;

	expect(link.exit?.result).toEqual({ code: 0 });
});
