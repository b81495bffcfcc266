import fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { parseFrames } from '../../../src/runbook/run/event-frames.ts';
import type { RecordingEvent } from '../../../src/runbook/run/recording.ts';
import { readRecording } from '../../../server/runs/follow.ts';
import type { Run } from '../../../server/runs/run.ts';
import { join } from 'node:path';
import { begun, collect, reachOver, readLive, setStage } from './harness.ts';

const forever = new AbortController().signal;
const decode = (utf8: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8);

/** Follows as a page does: by bytes. Rests after some pieces, and comes back after others. */
async function followWithRests(run: Run, rests: readonly number[]): Promise<RecordingEvent[]> {
	const all: RecordingEvent[] = [];
	for (let turn = 0; ; turn += 1) {
		let isCut = false;
		for await (const batch of run.followBatches((all.at(-1)?.n ?? 0) + 1, forever)) {
			all.push(...parseFrames(batch.frames, decode));
			const rest = rests[all.length % rests.length] ?? 0;
			if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
			isCut = rest === 3 && turn < 20;
			if (isCut) break;
		}
		if (!isCut) return all;
	}
}

test('who follows live, lags or comes back gets what the recording holds, byte for byte', async () => {
	const { state, start } = setStage();
	const program = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('牧道', '\x1b[31m', '\xff', 'a secret word', 'a sec', 'x'.repeat(40_000))), { minLength: 1, maxLength: 12 });
	const rests = fc.array(fc.constantFrom(0, 0, 0, 1, 3), { minLength: 1, maxLength: 7 });

	await fc.assert(
		fc.asyncProperty(program, rests, fc.boolean(), async (pieces, some, isSecret) => {
			const script = pieces.map((piece, index) => `printf %s ${quote(piece)}; ${index % 3 === 1 ? 'sleep 0.01;' : ''}`).join('\n');
			const run = start({ argv: ['sh', '-c', script], secrets: isSecret ? ['a secret word'] : [] });
			const [prompt, late] = await Promise.all([followWithRests(run, [0]), followWithRests(run, some)]);
			await reachOver(run);

			const replay = await collect(readRecording(join(state.runs, run.id), 1));
			expect(prompt).toEqual(replay);
			expect(late).toEqual(replay);
			expect(replay.length).toBe(run.written);
		}),
		{ numRuns: 12 },
	);
}, 60_000);

const quote = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;

test('a reader who lags far behind a flood reads on where he was, and what comes live joins it', async () => {
	const { shell } = setStage();
	const run = shell('seq 1 400000; read _; echo last');
	let text = '';
	let typed = false;

	for await (const batch of run.followBatches(1, forever)) {
		if (text === '') await new Promise((resolve) => setTimeout(resolve, 300));
		for (const event of batch.events) if (event.kind === 'output') text += event.text;
		if (text.endsWith('400000\r\n') && !typed) {
			typed = true;
			void run.input('go on', Buffer.from('\n'));
		}
	}

	expect(text).toBe(`${Array.from({ length: 400_000 }, (_, index) => `${index + 1}\r\n`).join('')}\r\nlast\r\n`);
});

test('a server that knows no frames is told lines', async () => {
	const { shell, state } = setStage();
	const run = shell('echo begun; sleep 600');
	await begun(run);

	const socket = connect(readLive(state, run.id).socket);
	socket.write('{"type":"server","protocol":1}\n');
	const lines = createInterface({ input: socket });
	const said: unknown[] = [];
	for await (const line of lines) if (said.push(JSON.parse(line)) === 3) break;
	socket.destroy();
	await once(socket, 'close');

	expect(said).toEqual([{ type: 'hello', protocol: 1, run: run.id }, { type: 'wrote', n: run.written }, { type: 'live' }]);
});
