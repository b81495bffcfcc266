import type { Scene } from './select-events.ts';

/** Control sequences, strings and lone controls of a terminal. Source: ECMA-48, 5.4 and 5.6. */
const sequences = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Lines of a text that nothing has drawn. */
const maxLines = 5_000;

/** Returns an output as lines of text, whatever its sequences would have made of it; what was rewritten in a line stands as it was left. */
export function plainLines(scenes: readonly Scene[], note: (scene: Extract<Scene, { bytes: number }>) => string): string[] {
	const lines = linesOf(scenes.map((scene) => (scene.kind === 'output' ? scene.text : scene.kind === 'resize' ? '' : `\n ${note(scene)} \n`)).join(''));
	while (lines.at(-1) === '') lines.pop();
	return lines.slice(-maxLines);
}

/** Returns what a program printed as lines of text, without the sequences in it; of a line that was written over, what stood there last. */
export function linesOf(output: string): string[] {
	return output.replace(sequences, '').split(/\r*\n/).map((line) => line.slice(line.lastIndexOf('\r') + 1));
}
