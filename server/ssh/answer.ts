/** The answers of the scripts: what is before the greeting is the login shell's, what is behind the last NUL is the exit code. */
import { greeting } from '../../src/runbook/command/far-wrapper.ts';

/** Takes what comes from a machine, and gives on what belongs to the command. */
export class AnswerReader {
	readonly #give: (bytes: Buffer) => void;
	#before = Buffer.alloc(0);
	#greeted = false;

	constructor(give: (bytes: Buffer) => void) {
		this.#give = give;
	}

	/** Our shell has begun over there. */
	get greeted(): boolean {
		return this.#greeted;
	}

	/** What was printed before our shell began. */
	get before(): string {
		return this.#before.toString('utf8');
	}

	take(chunk: Buffer): void {
		if (this.#greeted) return this.#give(chunk);
		const all = Buffer.concat([this.#before, chunk]);
		const at = findGreeting(all);
		if (at === undefined) {
			this.#before = all.subarray(-64 * 1024);
			return;
		}
		this.#greeted = true;
		this.#before = all.subarray(0, at.begin);
		if (all.length > at.end) this.#give(all.subarray(at.end));
	}
}

/** A whole line that begins with the greeting: at the beginning, or behind a line's end or whatever a profile printed without one. */
function findGreeting(bytes: Buffer): { begin: number; end: number } | undefined {
	const begin = bytes.indexOf(`${greeting} `);
	const end = begin < 0 ? -1 : bytes.indexOf(0x0a, begin);
	return end < 0 ? undefined : { begin, end: end + 1 };
}

/** The output of a script and the exit code behind it; undefined while the answer is not whole. */
export function splitAnswer(bytes: Buffer): { readonly output: Buffer; readonly exit: number } | undefined {
	if (bytes.at(-1) !== 0x0a) return undefined;
	const nul = bytes.lastIndexOf(0);
	const code = nul < 0 ? '' : bytes.subarray(nul + 1, -1).toString('latin1');
	return /^\d{1,3}$/.test(code) ? { output: bytes.subarray(0, nul), exit: Number(code) } : undefined;
}
