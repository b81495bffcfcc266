/** What happens in a session, in the shape that it is kept in: by the server in a journal file, on a static site in the browser. */
import { PhaseEnded, PhaseStarted, PhaseTurn } from './phase-event.ts';
import { RunAsked, RunFact } from '../run/run-event.ts';
import { Grade, Observation } from '../check/observation.ts';
import { Value } from '../values/value-schema.ts';
import { z } from '../zod.ts';

export const SessionId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/));
const step = z.string().check(z.maxLength(100));
/** The node a step ran for, by name; absent for a step that runs once. */
const node = z.optional(z.string());
const values = z.record(z.string(), Value);
const shortText = z.string().check(z.maxLength(2000));

/**
 * How a reader settles a step himself. `overridden`: he accepts that it failed, or could not be checked, and goes on. `cleared` takes a mark away. `undone`: he has taken back by hand what cannot be
 * undone from here, because the container that was made is not known.
 */
export const Mark = z.enum(['by-hand', 'skipped', 'overridden', 'cleared', 'undone']);
export type Mark = z.output<typeof Mark>;

export const RunKind = z.enum(['run', 'undo']);
export type RunKind = z.output<typeof RunKind>;

/** What a look was for: the step's own check, its skip condition, the proof of its undo, or one of its hints. */
export const CheckPurpose = z.union([z.enum(['done', 'skip', 'undone']), z.strictObject({ hint: z.string() })]);
export type CheckPurpose = z.output<typeof CheckPurpose>;

/** Who opened a session, and where. `login`: who called `sudo`. */
export const Opener = z.strictObject({ user: shortText, host: shortText, login: z.optional(shortText) });
export type Opener = z.output<typeof Opener>;

const CapturedOutput = z.union([z.strictObject({ value: z.string() }), z.strictObject({ refused: z.enum(['nothing', 'type']), shown: z.string() })]);

const KnownEvent = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('session.opened'),
		session: SessionId,
		runbook: z.string(),
		name: shortText,
		/** Hash of the runbook's definition: a session of another definition says so. */
		definition: z.string(),
		drover: z.string(),
		/** Absent in a browser, and in journals of earlier versions. */
		by: z.optional(Opener),
	}),
	z.strictObject({ type: z.literal('session.renamed'), name: shortText }),
	z.strictObject({ type: z.literal('session.closed') }),
	z.strictObject({ type: z.literal('session.reopened') }),
	z.strictObject({
		type: z.literal('values.set'),
		/** All values that were given, without secrets. */
		values,
		/** Names of those that detection found. */
		detected: z.array(z.string()),
	}),
	/** Where its commands run: see `Machines`. Without it on this machine, and nodes elsewhere by hand. */
	z.strictObject({ type: z.literal('machine.set'), ssh: shortText, nodes: z.boolean(), sudo: z.array(shortText) }),
	z.strictObject({ type: z.literal('step.marked'), step, node, mark: Mark, reason: shortText }),
	z.strictObject({ type: z.literal('step.looked'), step, node, for: CheckPurpose, result: Grade, saw: z.array(Observation) }),
	z.strictObject({
		...RunAsked.shape,
		node,
		kind: RunKind,
		/** The values it was made of, without secrets: the way back uses these, not what the form says later. */
		values,
		/** What earlier steps had given it, by name. */
		outputs: z.optional(z.record(z.string(), z.string())),
		/** Names that were set in its environment and that its programs read. */
		depends: z.optional(z.array(shortText)),
	}),
	/** What a run gave to later steps, by name: a text, or why there is none. Never a secret: what is printed is kept. */
	z.strictObject({ type: z.literal('step.output'), step, run: z.string(), outputs: z.record(z.string(), CapturedOutput) }),
	RunFact,
	PhaseStarted,
	PhaseTurn,
	PhaseEnded,
	/** What a later version wrote, as it stood: passed over. */
	z.strictObject({ type: z.literal('later'), event: z.unknown() }),
]);

/** Earlier versions knew of a check only whether it had passed. */
function readEarlier(event: unknown): unknown {
	if (typeof event !== 'object' || event === null || !('type' in event) || event.type !== 'step.looked' || !('passed' in event) || 'result' in event) return event;
	const { passed, ...rest } = event;
	return typeof passed === 'boolean' ? { ...rest, result: passed ? 'passed' : 'failed' } : event;
}

/** An event in the shape of this version, read from that of this or an earlier one. */
export const SessionEvent = z.pipe(z.transform(readEarlier), KnownEvent);
export type SessionEvent = z.output<typeof SessionEvent>;

/**
 * Reads an event that was kept, perhaps by a later version: a field that is not known is left out, an event that cannot be understood becomes `later`. Whoever keeps events
 * keeps them as they were written. `onLater` is told of each. @throws ZodError for what is no event, and for a beginning that cannot be understood.
 */
export function readKeptEvent(value: unknown, onLater: () => void = () => undefined): SessionEvent {
	const first = SessionEvent.safeParse(value);
	if (first.success) return first.data;
	const known = SessionEvent.safeParse(withoutUnknown(value, first.error.issues));
	const isBeginning = typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string' || value.type === 'session.opened';
	if (!known.success && isBeginning) throw first.error;
	onLater();
	return known.success ? known.data : (readLaterEnd(value) ?? { type: 'later', event: value });
}

/** A phase run is over whatever the reason is, or it would be taken for one that was cut off. What cannot be understood of where and why is left out. */
function readLaterEnd(value: unknown): SessionEvent | undefined {
	const end = z.object({ type: z.literal('phase.ended'), phase: PhaseEnded.shape.phase, step: z.optional(z.unknown()), node: z.optional(z.unknown()) }).safeParse(value);
	if (!end.success) return undefined;
	const place = z.object({ step: PhaseEnded.shape.step, node: PhaseEnded.shape.node }).safeParse(value);
	return { type: 'phase.ended', phase: end.data.phase, reason: 'later', ...(place.success && place.data) };
}

function withoutUnknown(value: unknown, issues: readonly { readonly code?: string; readonly path: readonly PropertyKey[]; readonly keys?: readonly string[] }[]): unknown {
	const copy: unknown = JSON.parse(JSON.stringify(value ?? null));
	for (const { path, keys } of issues) {
		let place: unknown = copy;
		for (const key of path) place = typeof place === 'object' && place !== null ? Reflect.get(place, key) : undefined;
		if (typeof place === 'object' && place !== null) for (const key of keys ?? []) Reflect.deleteProperty(place, key);
	}
	return copy;
}

const KeptEvent = z.pipe(
	z.transform((value: unknown, context) => {
		try {
			return readKeptEvent(value);
		} catch {
			context.issues.push({ code: 'custom', message: 'no event', input: value });
			return z.NEVER;
		}
	}),
	z.custom<SessionEvent>(() => true),
);

/** An event with its place and time. `at` is an RFC 3339 time in UTC. */
export const Entry = z.strictObject({ n: z.int(), at: z.string(), event: KeptEvent });
export type Entry = Readonly<z.output<typeof Entry>>;
export const Entries = z.array(Entry);
