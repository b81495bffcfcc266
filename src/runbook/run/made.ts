/**
 * The container that a run made. `docker run -d` and `docker create` print its id on a line of its own, also when the start then fails; an undo acts on that
 * container and on no other.
 */
import type { Made } from './made-schema.ts';
import type { RunEnd } from './run-state.ts';

/** The name that undo commands know the container by. */
export const madeName = 'made';

const runsDetached = /^(?:--detach(?:=true)?|-(?=[it]*d)[dit]+)$/;

/** Whether a command makes one container and prints its id. Source: docker(1), "run --detach" and "create". */
export function makesContainer(argv: readonly string[]): boolean {
	if (argv[0] !== 'docker') return false;
	const [verb, ...words] = argv[1] === 'container' ? argv.slice(2) : argv.slice(1);
	return verb === 'create' || (verb === 'run' && words.some((word) => runsDetached.test(word)));
}

const isId = /^[0-9a-f]{64}$/;
/** An id of which a part was masked, because a secret stands in it. */
const isMaskedId = /^(?=.*•)[0-9a-f•]{8,64}$/;
/** The answer of the engine was lost: it may have made the container all the same. */
const isBroken = /\bEOF\b|connection reset|broken pipe|i\/o timeout|deadline exceeded|context canceled|error during connect/i;
const isAnswer = /Error response from daemon/;
/** Docker's own exit codes for "not made": of `create`, and of `run`. */
const refusals = [1, 125];

/**
 * Reads the container's id out of what a run printed, piece by piece. A terminal ends lines with CR LF, and the progress of a pull may stand before. Two
 * different ids are none: Docker prints one, so something else wrote as well, and an undo must not guess.
 */
export class MadeReader {
	readonly #ids = new Set<string>();
	#line = '';
	#isTooLong = false;
	#isIncomplete = false;

	add(text: string): void {
		const lines = text.split('\n');
		lines.forEach((piece, index) => {
			if (index > 0) this.#endLine();
			this.#isTooLong ||= this.#line.length + piece.length > 4000;
			if (!this.#isTooLong) this.#line += piece;
		});
	}

	/** Output is missing here. */
	skip(): void {
		this.#isIncomplete = true;
	}

	#endLine(): void {
		const line = this.#line.replace(/\r+$/, '');
		if (isId.test(line)) this.#ids.add(line);
		else if (isMaskedId.test(line) || (isBroken.test(line) && !isAnswer.test(line))) this.#isIncomplete = true;
		this.#line = '';
		this.#isTooLong = false;
	}

	result(end: RunEnd): Made {
		this.#endLine();
		const [id, ...others] = this.#ids;
		if (id !== undefined) return others.length > 0 ? { kind: 'unknown' } : { kind: 'container', id };
		const isRefused = 'code' in end && refusals.includes(end.code);
		return { kind: isRefused && !this.#isIncomplete ? 'nothing' : 'unknown' };
	}
}
