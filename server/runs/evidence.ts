import { closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stayer } from '../../src/runbook/run/run-state.ts';
import { openToRead } from '../state/durable.ts';
import { findAlive, isAlive, type Liveness } from '../state/identity.ts';
import { errorCode } from '../state/state-error.ts';
import { z } from '../../src/runbook/zod.ts';
import { protocol } from './files/messages.ts';
import { readMarks } from './files/processes.ts';
import { Claim, End, Exit, Live } from './files/run-files.ts';

/** What can be seen of a run at one moment. */
export interface Evidence {
	readonly claim: Claim | undefined;
	readonly live: Live | undefined;
	readonly exit: Exit | undefined;
	readonly end: End | undefined;
	/** A file of the run is there and is not what we write. */
	readonly damaged: boolean;
	/** A file that is not what we write is of a later Drover: `live.json` names a protocol that we do not know. */
	readonly later?: boolean;
	/** The supervisor as `live.json` or else the claim names it. */
	readonly supervisor: Liveness;
	readonly holder: Liveness;
	readonly program: Liveness;
	/** Whether the program is held by a stop signal. */
	readonly stopped: boolean;
	/** Whether any process carries the run's mark; looked for only when `live.json` cannot tell. */
	readonly marked: boolean;
	/** Whether the supervisor answers. */
	readonly linked: boolean;
	/** Since when the other machine does not answer, as the supervisor says. */
	readonly unseenSince?: string | undefined;
	readonly stayers: readonly Stayer[];
	/** Number of the last event that is known to be in the recording. */
	readonly lastEvent: number;
}

class Damaged extends Error {}

/** Returns a file of a run, or undefined when it is not there. @throws Damaged for anything else. */
function readFile<T>(folder: string, name: string, schema: { parse(value: unknown): T }): T | undefined {
	try {
		const fd = openToRead(join(folder, name));
		try {
			return schema.parse(JSON.parse(readFileSync(fd, 'utf8')));
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return undefined;
		throw new Damaged(`Cannot read "${name}" of a run.`, { cause: error });
	}
}

const nothing = {
	claim: undefined,
	live: undefined,
	exit: undefined,
	end: undefined,
	damaged: false,
	supervisor: 'gone',
	holder: 'gone',
	program: 'gone',
	stopped: false,
	marked: false,
} as const;

type Seen = Omit<Evidence, 'linked' | 'unseenSince' | 'stayers' | 'lastEvent'>;

/** What an earlier look has found: a file that is gone since then is not unknown by that. */
export type Known = Pick<Evidence, 'claim' | 'live'>;

/** Returns who is alive, as far as the files name anybody. */
function readLive(folder: string, known: Known | undefined, isThere: () => boolean): Seen {
	const claim = readFile(folder, 'claim', Claim) ?? known?.claim;
	const live = readFile(folder, 'live.json', Live) ?? known?.live;
	if (!live) {
		const supervisor = claim?.by === 'supervisor' ? isAlive(claim.who) : 'gone';
		const isTaken = claim?.by === 'supervisor' && supervisor === 'gone';
		const marked = isTaken && isThere();
		return { ...nothing, claim, supervisor, marked };
	}
	const state = findAlive(live.program)?.state;
	return {
		...nothing,
		claim,
		live,
		supervisor: isAlive(live.supervisor),
		holder: isAlive(live.holder),
		program: isAlive(live.program),
		stopped: state === 'T' || state === 't',
	};
}

/** Whether a later Drover keeps the run, by the only thing that no version may change: the number in `live.json`. */
function isOfLater(folder: string): boolean {
	try {
		const live = readFile(folder, 'live.json', z.object({ protocol: z.int() }));
		return live !== undefined && live.protocol > protocol;
	} catch {
		return false;
	}
}

/**
 * Looks at a run's folder and at the processes that it names. First who is alive, *then* the evidence of the end: a leader that dies
 * between the two has written it before. `isThere`: whether a process carries the run's mark.
 */
export function readEvidence(folder: string, run: string, known?: Known, isThere = () => readMarks().has(run)): Seen {
	try {
		const seen = readLive(folder, known, isThere);
		const ends = { exit: readFile(folder, 'exit.json', Exit), end: readFile(folder, 'end.json', End) };
		const isEarly = !seen.live && ends.exit && 'code' in ends.exit.result;
		if (!isEarly) return { ...seen, ...ends };
		// The end of a program is told after its beginning, which its supervisor is still writing down; or has, since the first look.
		return seen.supervisor === 'alive' ? seen : { ...readLive(folder, known, isThere), ...ends };
	} catch (error) {
		if (!(error instanceof Damaged)) throw error;
		return { ...nothing, damaged: true, later: isOfLater(folder) };
	}
}
