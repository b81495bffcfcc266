import { Made } from './made-schema.ts';
import { RunEnd, RunId, RunOutput, StartError, Stayer, UnknownReason } from './run-state.ts';
import { z } from '../zod.ts';

const signalled = z.strictObject({ pid: z.int(), name: z.string() });

/** A run was asked for: the line that must be written before anything starts. */
export const RunAsked = z.strictObject({
	type: z.literal('run.asked'),
	run: RunId,
	step: z.string(),
	/** The command as it was shown, secrets masked. */
	display: z.string(),
	/** Hash of the definition that the command was rendered from. */
	definition: z.string(),
	/** It makes a container: a `run.made` follows its end. */
	makes: z.optional(z.literal(true)),
});

/** What became of a run. */
export const RunFact = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('run.started'), run: RunId, startedAt: z.string() }),
	z.strictObject({ type: z.literal('run.never-started'), run: RunId, error: StartError }),
	z.strictObject({
		type: z.literal('run.ended'),
		run: RunId,
		end: RunEnd,
		endedAt: z.string(),
		elapsedMs: z.number(),
	}),
	/** The terminal is closed: what the recording holds, and who stayed. */
	z.strictObject({
		type: z.literal('run.closed'),
		run: RunId,
		output: RunOutput,
		stayers: z.array(Stayer),
	}),
	/** The container that it made, by the id that Docker printed. */
	z.strictObject({ type: z.literal('run.made'), run: RunId, made: Made }),
	z.strictObject({ type: z.literal('run.unknown'), run: RunId, reason: UnknownReason }),
	/** One rung of a cancel: what went to whom, who refused it, and how many more there were than are listed. */
	z.strictObject({
		type: z.literal('run.signalled'),
		run: RunId,
		signal: z.enum(['SIGINT', 'SIGTERM', 'SIGKILL']),
		sent: z.array(signalled),
		refused: z.array(signalled),
		unlisted: z.int(),
	}),
	/** The cancel is over: who is still there. */
	z.strictObject({
		type: z.literal('run.cancelled'),
		run: RunId,
		remaining: z.array(signalled),
		unlisted: z.int(),
	}),
]);
export type RunFact = z.output<typeof RunFact>;

/** What the journal says of runs. The server writes these lines; nobody else does. */
export const RunEvent = z.discriminatedUnion('type', [RunAsked, RunFact]);
export type RunEvent = z.output<typeof RunEvent>;

/**
 * Whether an event tells something that the known ones do not. A server that starts again reports what it finds of every run, so
 * the journal is offered some facts twice.
 */
export function isNewRunEvent(known: readonly RunEvent[], event: RunEvent): boolean {
	if (event.type === 'run.started' && known.some((one) => one.type === 'run.ended' && one.run === event.run)) return false;
	const text = JSON.stringify(RunEvent.parse(event));
	return !known.some((one) => JSON.stringify(RunEvent.parse(one)) === text);
}
