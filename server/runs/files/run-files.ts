/**
 * The files of `runs/<id>/`, one writer each, in this order: `plan.json` (server), `claim` (supervisor, or a later server that
 * finds none), `live.json` (supervisor), `recording*.cast` (supervisor), `exit.json` (leader), `end.json` (supervisor).
 * What a later Drover adds to them is passed over, and stays in the file.
 * Only the server loads this file at run time; the processes that keep a run import its types.
 */
import { RunEnd, RunId, StartError, Stayer, UnknownReason } from '../../../src/runbook/run/run-state.ts';
import { z } from '../../../src/runbook/zod.ts';
import { IdentitySchema } from '../../state/identity-schema.ts';

/** What was asked for, and when. Neither values nor argv: `display` is masked. */
export const Plan = z.object({
	run: RunId,
	session: z.string(),
	step: z.string(),
	display: z.string(),
	definition: z.string(),
	cwd: z.string(),
	columns: z.int(),
	rows: z.int(),
	at: z.string(),
	up: z.number(),
	boot: z.string(),
	/** The other machine that it runs on; `sudo`: as root there. */
	ssh: z.optional(z.string()),
	sudo: z.optional(z.literal(true)),
	/** It makes a container, whose id is read out of its output. */
	makes: z.optional(z.literal(true)),
});
export type Plan = z.output<typeof Plan>;

/** Who took the run up. It can be made once: by a supervisor the program may have started, by a server it never did. */
export const Claim = z.object({ by: z.enum(['supervisor', 'server']), who: IdentitySchema });
export type Claim = z.output<typeof Claim>;

/** Who keeps the run and who is it, as soon as the program has a pid. */
export const Live = z.object({
	protocol: z.int(),
	socket: z.string(),
	supervisor: IdentitySchema,
	holder: IdentitySchema,
	program: IdentitySchema,
	startedAt: z.string(),
});
export type Live = z.output<typeof Live>;

/** How the program ended, from the process that waited for it. `unknown`: on another machine, which cannot tell it any more. */
export const Exit = z.object({
	result: z.union([RunEnd, z.object({ error: StartError }), z.object({ unknown: UnknownReason })]),
	at: z.string(),
	elapsedMs: z.number(),
	/** Output that the disk of the other machine did not take. */
	lostBytes: z.optional(z.int()),
});
export type Exit = z.output<typeof Exit>;

/** What the recording holds, after the last byte. */
export const End = z.object({
	events: z.int(),
	droppedBytes: z.int(),
	/** Set when a sync of the recording failed: nothing after this event is sure to be on the disk. */
	syncedEvents: z.optional(z.int()),
	stayers: z.array(Stayer),
	at: z.string(),
});
export type End = z.output<typeof End>;
