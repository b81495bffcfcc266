/**
 * The process that owns a run's terminal, one a run, in a session of its own: no server's end is its end.
 *
 * Argument: the run's folder. Standard input: one line with the order, then `go`; without `go` nothing starts. Descriptor 3 is closed
 * as soon as a server can connect.
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

async function keep(folder: string, order: Order): Promise<void> {
	const leave = (): void => {
		removeSocket(order.socket);
		process.exit(0);
	};
	const server = createServer();
	server.listen(order.socket);
	await once(server, 'listening');
	chmodSync(order.socket, 0o600);
	const claim: Claim = { by: 'supervisor', who: identify(process.pid) };
	if (!claimDurably(join(folder, 'claim'), JSON.stringify(claim))) return leave();
	const supervisor = new RunSupervisor(folder, order, leave);
	server.on('connection', (socket) => supervisor.connect(socket));
	closeSync(3);
}

for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => {});

const [, , folder = ''] = process.argv;
const order = await readOrder();
if (!order) process.exit(1);
await keep(folder, order);
