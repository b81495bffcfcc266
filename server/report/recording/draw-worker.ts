/** Draws recordings in a thread of its own, one after the other: what it costs to draw what somebody else's program has printed is taken from no reader. */
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readRecording } from '../../runs/follow.ts';
import { errorCode } from '../../state/state-error.ts';
import type { Answer, Request } from './draw-apart.ts';
import { drawRecording } from './draw-recording.ts';
import { plainLines } from './plain-lines.ts';
import { selectEvents, type Scene } from './select-events.ts';

const say = (answer: Answer): void => parentPort?.postMessage(answer);

async function answer({ folder, size, maxBytes, moving, textOnly, notes, locale }: Request): Promise<void> {
	const note = (scene: Extract<Scene, { bytes: number }>) => notes[scene.kind].replace('{bytes}', scene.bytes.toLocaleString(locale));
	try {
		const { scenes, cutBytes } = await selectEvents(readRecording(folder, 1), maxBytes);
		// First what is cheap: it stands when the rest takes too long.
		say({ kind: 'text', text: plainLines(scenes, note), cutBytes });
		if (!textOnly) say({ kind: 'drawing', drawing: await drawRecording(scenes, { ...size, maxLength: moving ? 2 * maxBytes : 0, note }) });
	} catch (error) {
		const reason = errorCode(error) || (error instanceof Error ? error.message : String(error));
		say({ kind: 'failure', reason: reason.replaceAll(join(folder, '/'), '') });
	}
	say({ kind: 'done' });
}

parentPort?.on('message', (request: Request) => void answer(request));
