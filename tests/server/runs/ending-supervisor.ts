/** A supervisor reduced to its last words: when it is asked, it says how the program ended, and leaves. `node ending-supervisor.ts SOCKET` */
import { createServer } from 'node:net';
import { Clients } from '../../../server/runs/supervisor/clients.ts';
import { onLines, protocol, send, type ToSupervisor } from '../../../server/runs/files/messages.ts';

const clients = new Clients();
const server = createServer((socket) => {
	socket.on('error', () => socket.destroy());
	onLines(socket, (line) => {
		const message = JSON.parse(line) as ToSupervisor;
		if (message.type === 'server') {
			send(socket, { type: 'hello', protocol, run: 'run' });
			clients.add(socket);
		}
		if (message.type !== 'ping') return;
		clients.send({ type: 'exit', exit: { result: { code: 0 }, at: '2026-01-01T00:00:00.000Z', elapsedMs: 1 } });
		void clients.end().then(() => process.exit(0));
	});
});
server.listen(process.argv[2], () => process.stdout.write('ready\n'));
