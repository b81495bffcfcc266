/** The line between page and server, cut at random bytes: the page's own code on one side, a real server on the other, a real run behind it. */
import { connect, createServer, type Socket as TcpSocket } from 'node:net';
import type { ClientRequestArgs } from 'node:http';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../src/runbook/protocol/protocol.ts';
import { drawNumbers } from '../../seed.ts';
import { startDrover, type Drover } from '../drover.ts';

const lines = 8;
const cutsOfOne = 25;
const longestMs = 400;
/** On the way to the page, as over a long line: so that a cut often comes between what was typed and its answer. */
const delayMs = 40;
const questions = 10;

const draw = drawNumbers();

/** From within the greeting to more than the largest batch: short ones mostly. */
const chooseBytes = (): number => Math.ceil(2 ** (8 + draw() * 9));

let drover: Drover;
let port: number;
const relay = createServer(carry);

/** Carries bytes to the server and back, and cuts both after a number of bytes that changes from line to line, or when nothing passes any more. */
function carry(page: TcpSocket): void {
	const server = connect({ host: '127.0.0.1', port: drover.port });
	let left = chooseBytes();
	const cut = () => [page, server].forEach((side) => side.resetAndDestroy());
	const timer = setTimeout(cut, draw() * longestMs);
	const carryOver = (bytes: Buffer, to: TcpSocket) => {
		const piece = bytes.subarray(0, left);
		left -= piece.length;
		to.write(piece);
		if (left === 0) cut();
	};
	page.on('data', (bytes) => carryOver(bytes, server));
	server.on('data', (bytes) => setTimeout(carryOver, delayMs, bytes, page));
	for (const side of [page, server]) side.on('error', () => undefined).on('close', () => [page, server].forEach((one) => one.destroy())).on('close', () => clearTimeout(timer));
}

beforeAll(async () => {
	drover = await startDrover();
	await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', () => resolve()));
	const address = relay.address();
	port = typeof address === 'object' && address ? address.port : 0;
	vi.stubGlobal('document', { documentElement: { dataset: { locale: 'en', root: '../' } } });
	vi.stubGlobal('location', new URL(`http://127.0.0.1:${drover.port}/en/`));
	// What a browser says of itself and of the address, over the relay.
	vi.stubGlobal('WebSocket', class extends WebSocket {
		constructor(url: URL, protocols: string[]) {
			super(url, protocols, { origin: `http://127.0.0.1:${drover.port}`, createConnection: (_: ClientRequestArgs) => connect({ host: '127.0.0.1', port }) });
			this.on('error', () => undefined);
		}
	});
});

afterAll(async () => {
	vi.unstubAllGlobals();
	relay.close();
	await drover.close();
});

/** A run that counts, asks and says what it was told, several times. */
const script = `for round in $(seq 1 ${questions}); do
	for i in $(seq 1 40); do echo "line $round.$i"; sleep 0.005; done
	printf "go on, $round? "; read -r answer; echo "told <$answer>"
done`;

const rounds = Array.from({ length: questions }, (_, index) => index + 1);
const counted = (round: number) => Array.from({ length: 40 }, (_, index) => `line ${round}.${index + 1}\r\n`).join('');
const whole = rounds.map((round) => `${counted(round)}go on, ${round}? y\r\ntold <y>\r\n`).join('');

test('two hundred cuts lose no event, double none, and type what was typed once', async () => {
	const [{ Socket }, { onMessage }] = await Promise.all([import('../../../src/browser/connection/socket.ts'), import('../../../src/browser/connection/messages.ts')]);
	const { runtime } = drover.served;
	if (!runtime.ready) throw new Error('Nothing runs here.');
	let cuts = 0;

	const play = async (name: string): Promise<{ text: string; numbers: number[] }> => {
		runtime.runs.start({ id: name, session: 'nobody', step: 'print', display: 'x', definition: '', cwd: '/', argv: ['bash', '-c', script] });
		const socket = new Socket({ get: () => Promise.resolve(drover.token), drop: () => undefined });
		const events: RunEvent[] = [];
		let answered = 0;
		let lost = 0;
		const { promise, resolve } = Promise.withResolvers<void>();
		socket.addEventListener('lost', () => {
			lost += 1;
			cuts += 1;
		});
		onMessage(socket, 'run.events', ({ run, events: more, end }) => {
			if (run !== name) return;
			events.push(...more);
			if (textOf(events).includes(`go on, ${answered + 1}?`)) {
				answered += 1;
				socket.type(name, 'y');
				socket.type(name, '\r');
			}
			if (end) resolve();
		});
		socket.open();
		socket.followRun(name, 0);
		await promise;
		// Whoever has everything stays for the cuts that are left.
		while (lost < cutsOfOne) await new Promise((next) => setTimeout(next, 50));
		socket.close();
		return { text: textOf(events), numbers: events.map(({ n }) => n) };
	};
	const all = await Promise.all(Array.from({ length: lines }, (_, index) => play(`cut-${index}`)));

	expect(cuts).toBeGreaterThanOrEqual(200);
	for (const { text, numbers } of all) {
		expect(numbers).toEqual(numbers.map((_, index) => index + 1));
		expect(text).toBe(whole);
	}
}, 300_000);

function textOf(events: readonly RunEvent[]): string {
	return events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
}
