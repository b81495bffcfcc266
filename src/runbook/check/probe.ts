/** A check with its values in, what was found by doing it, and what that is worth. */
import type { Rendered } from '../command/render.ts';
import type { FarMachine } from '../values/machine.ts';
import type { Grade, Observation } from './observation.ts';

/** What is to be looked at, with every value in. `machine`: the other machine that it is looked at from; that of a command is its own. */
export type Probe =
	| { readonly kind: 'command'; readonly command: Rendered; readonly expect: ExpectedOutput }
	| { readonly kind: 'http'; readonly request: HttpProbe; readonly expect: ExpectedAnswer; readonly machine?: FarMachine }
	| { readonly kind: 'file'; readonly path: string; readonly exists: boolean; readonly holds: readonly string[]; readonly ends?: string; readonly machine?: FarMachine };

/** What a run printed is to be read, for a hint. */
export interface PrintedProbe {
	readonly kind: 'printed';
	readonly matches: string;
}

export interface ExpectedOutput {
	readonly exit: number;
	readonly prints?: string;
	readonly equals?: string;
	readonly lacks?: string;
	readonly matches?: string;
	readonly json?: Readonly<Record<string, string>>;
	readonly warn?: readonly number[];
}

export interface HttpProbe {
	readonly url: string;
	/** Basic authentication; never shown. */
	readonly user?: string;
	readonly password?: string;
}

export type ExpectedHeader = { readonly equals: string } | { readonly matches: string };

export interface ExpectedAnswer {
	readonly status: readonly number[];
	readonly refused: boolean;
	readonly body?: string;
	readonly headers: Readonly<Record<string, ExpectedHeader>>;
	readonly json: Readonly<Record<string, string>>;
}

/** What was found by looking. */
export type RawObservation =
	| { readonly kind: 'output'; readonly exit: number; readonly output: string }
	| { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
	| { readonly kind: 'file'; readonly exists: boolean; readonly entries: readonly string[]; readonly tail: string }
	/** Whoever was asked was reached, and gave no answer: the connection was refused, or closed. */
	| { readonly kind: 'no-answer'; readonly refused: boolean; readonly reason: string }
	/** It did not come to an end within its time. */
	| { readonly kind: 'time-limit'; readonly seconds: number }
	/** The machine that it is asked on could not be reached, or did not answer to the end. */
	| { readonly kind: 'unreached'; readonly machine: string; readonly reason: string }
	/** It could not be looked at all: no such program, no way to the address, no permission. */
	| { readonly kind: 'nothing'; readonly reason: string };

export interface CheckResult {
	readonly grade: Extract<Grade, 'passed' | 'failed' | 'could-not-check'>;
	readonly saw: Observation;
	/** Failed, and worth a warning only, whatever the check is worth. */
	readonly warns?: true;
}
