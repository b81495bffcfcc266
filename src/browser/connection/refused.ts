/** How a request can end without an answer. Apart from the requests, so that a page that only reads loads none of them. */
import type { SentProblem } from '../../i18n/format.ts';

/** The server said no, and why. */
export class Refused extends Error {
	override readonly name = 'Refused';
	readonly status: number;
	readonly problems: readonly SentProblem[];
	/** Both texts, when the preview was out of date. */
	readonly preview: { shown: string; rendered: string } | undefined;

	constructor(status: number, problems: readonly SentProblem[], preview?: { shown: string; rendered: string }) {
		super(`HTTP ${status} ${problems.map((one) => one.name).join(', ')}`);
		this.status = status;
		this.problems = problems;
		this.preview = preview;
	}
}

/** Nobody answered. */
export class Unreachable extends Error {
	override readonly name: string = 'Unreachable';
}

/** A program that is not the Drover of this page answers at its address. It is told nothing. */
export class OtherProgram extends Unreachable {
	override readonly name: string = 'OtherProgram';
}

/** The server said something that this page does not understand: it is of another version. */
export class Misunderstood extends Unreachable {
	override readonly name: string = 'Misunderstood';
}
