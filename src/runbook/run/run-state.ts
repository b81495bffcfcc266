import { z } from '../zod.ts';

/** The name of one run: also the name of its folder, so nothing that a path could use. */
export const RunId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));

/** A process that the run started and that has outlived the run's own program. Here and below: what stands in files of a run passes over fields of a later version. */
export const Stayer = z.object({ pid: z.int(), name: z.string() });
export type Stayer = z.output<typeof Stayer>;

/** How a program ended, as the kernel told it: by its own exit code or by a signal, never both. */
export const RunEnd = z.pipe(
	z.unknown().check(z.refine((end) => typeof end !== 'object' || end === null || !('code' in end && 'signal' in end))),
	z.union([z.object({ code: z.int().check(z.minimum(0)) }), z.object({ signal: z.string() })]),
);
export type RunEnd = z.output<typeof RunEnd>;

/** How much of the output of an ended run the recording holds. */
export const RunOutput = z.discriminatedUnion('kind', [
	/** The terminal is still open, so more may come. */
	z.strictObject({ kind: z.literal('pending') }),
	z.strictObject({ kind: z.literal('whole') }),
	/** Dropped on purpose, and counted: the middle of a very long output, or what a full disk refused. */
	z.strictObject({ kind: z.literal('cut'), droppedBytes: z.int() }),
	/** The supervisor died: nothing is known of what was printed after this event. */
	z.strictObject({ kind: z.literal('lost'), afterEvent: z.int() }),
]);
export type RunOutput = z.output<typeof RunOutput>;

/** Why a program never started. `subject` is the command, the folder or the system's own error code. */
export const StartError = z.object({
	name: z.enum([
		'no-command',
		'no-interpreter',
		'not-executable',
		'no-folder',
		'too-long',
		'no-terminal',
		'no-keeper',
		'not-connected',
		'interrupted',
		'refused-by-system',
	]),
	subject: z.string(),
});
export type StartError = z.output<typeof StartError>;

/** Why the end of a run cannot be told. */
export const UnknownReason = z.enum(['keepers-gone', 'rebooted', 'not-comparable', 'damaged', 'later-version', 'far-rebooted', 'far-lost', 'far-ended']);
export type UnknownReason = z.output<typeof UnknownReason>;

/** Everything that may be said of a run; a member carries only what is certain in it. */
export const RunState = z.discriminatedUnion('kind', [
	/** Written down, and nobody has taken it up yet. */
	z.strictObject({ kind: z.literal('asked') }),
	/** Taken up; the program is not known to run yet. */
	z.strictObject({ kind: z.literal('starting') }),
	z.strictObject({
		kind: z.literal('running'),
		startedAt: z.string(),
		/** `signals-only`: the terminal is out of reach; the run can be watched and cancelled, not typed into. */
		reach: z.enum(['full', 'signals-only']),
		/** Whether the program is held by a stop signal. */
		stopped: z.boolean(),
		/** The other machine that it runs on does not answer since then; it goes on there, as far as is known. */
		unseenSince: z.optional(z.string()),
	}),
	z.strictObject({
		kind: z.literal('ended'),
		end: RunEnd,
		at: z.string(),
		/** By the monotonic clock. */
		elapsedMs: z.number(),
		output: RunOutput,
		/** Whether something of the run still holds its terminal. */
		terminal: z.enum(['open', 'closed']),
		stayers: z.array(Stayer),
	}),
	z.strictObject({ kind: z.literal('never-started'), error: StartError }),
	z.strictObject({ kind: z.literal('unknown'), reason: UnknownReason }),
]);
export type RunState = z.output<typeof RunState>;
