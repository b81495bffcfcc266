/**
 * The process that owns a run's terminal, one a run, in a session of its own: no server's end is its end.
 *
 * Arguments: the run's folder, its socket. Standard input: one line with the order, then `go`; without `go` nothing starts. Until then it stands ready, with terminal
 * and leader, and the folder need not be there. Descriptor 3 is closed as soon as a server can connect.
 */
import { once } from 'node:events';
import { chmodSync, closeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { claimDurably } from '../../state/durable.ts';
import { identify } from '../../state/identity.ts';
import { RunSupervisor } from './run-supervisor.ts';
import type { Order } from '../files/messages.ts';
import type { Claim } from '../files/run-files.ts';
import { removeSocket } from '../files/socket-path.ts';

async function readOrder(): Promise<Order | undefined> {
	const [order, go] = (await text(process.stdin)).split('\n');
	return go === 'go' && order ? JSON.parse(order) : undefined;
}

async function keep(folder: string, path: string): Promise<void> {
	let ordered = path;
	const leave = (code = 0): void => {
		for (const one of new Set([ordered, path])) removeSocket(one);
		process.exit(code);
	};
	const ordering = readOrder();
	const server = createServer();
	server.listen(path);
	await once(server, 'listening');
	chmodSync(path, 0o600);
	const supervisor = new RunSupervisor(folder, path, leave);
	server.on('connection', (socket) => supervisor.connect(socket));
	closeSync(3);
	const order = await ordering;
	if (!order) return leave(1);
	ordered = order.socket;
	const claim: Claim = { by: 'supervisor', who: identify(process.pid) };
	if (!claimDurably(join(folder, 'claim'), JSON.stringify(claim))) return leave();
	supervisor.begin(order);
}

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => {});

const [, , folder = '', path = ''] = process.argv;
await keep(folder, path);
