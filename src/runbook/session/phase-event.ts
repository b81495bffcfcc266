/** What happens in a phase run: several steps that the reader has asked for in one go. What each of them does is told by its own events. */
import { Problem } from '../problem-schema.ts';
import { z } from '../zod.ts';

/** A phase, or what stands alone in one: a point of no return, a step that destroys. */
export const partNames = ['preflight', 'prepare', 'change', 'point-of-no-return', 'verify', 'finish', 'destroy'] as const;
export type PartName = (typeof partNames)[number];

export const PhaseId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const step = z.string().check(z.maxLength(100));
const node = z.optional(z.string());

/**
 * Why it came to its end. `done`: all its steps are settled. `stale`: a result that is needed no longer holds. `open-slot`: a value of the command is missing. `server-ended`: Drover ended
 * meanwhile; nothing was begun after that. `later`: read from what a later version wrote, never written.
 */
export const stopReasons = ['done', 'failed', 'could-not-check', 'unknown', 'stale', 'stopped', 'values-changed', 'open-slot', 'preview-differs', 'by-hand', 'refused', 'server-ended', 'later'] as const;
export type StopReason = (typeof stopReasons)[number];

export const PhaseStarted = z.strictObject({ type: z.literal('phase.started'), phase: PhaseId, part: z.enum(partNames), steps: z.array(z.strictObject({ step, node })) });
/** The turn of a step has come: it is checked or run from here on. */
export const PhaseTurn = z.strictObject({ type: z.literal('phase.turn'), phase: PhaseId, step, node });
/** `step`: where it stopped. */
export const PhaseEnded = z.strictObject({ type: z.literal('phase.ended'), phase: PhaseId, reason: z.enum(stopReasons), step: z.optional(step), node, problems: z.optional(z.array(Problem)) });

export const PhaseEvent = z.discriminatedUnion('type', [PhaseStarted, PhaseTurn, PhaseEnded]);
export type PhaseEvent = z.output<typeof PhaseEvent>;
