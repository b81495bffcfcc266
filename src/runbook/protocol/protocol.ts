/**
 * What page and server say to each other. Requests name a runbook, a step and values; none carries a command, and every unknown key is refused.
 *
 * HTTP (JSON; `Authorization: Bearer <token or ticket>` on all but the first two; problems come as `{ problems: Problem[] }` with a 4xx status):
 *
 *     POST   /api/access                  AccessRequest → 204
 *     POST   /api/access/proof            ProofRequest → { proof }, the HMAC of `proofText`: before a page says its token, the server proves that it knows it
 *     POST   /api/access/ticket           {} → { ticket }, for the token: good for this server process alone, in place of the token
 *     POST   /api/access/void             VoidRequest → 204; every token, ticket and code is void, every socket closed
 *     GET    /api/status                  → Status
 *     POST   /api/detect                  → DetectAnswer
 *     GET    /api/sessions                → SessionSummary[]
 *     POST   /api/sessions                OpenRequest → SessionAnswer
 *     GET    /api/sessions/:id            → SessionAnswer
 *     PATCH  /api/sessions/:id            SessionChange → SessionAnswer
 *     PUT    /api/sessions/:id/values     ValuesRequest → SessionAnswer
 *     POST   /api/sessions/:id/marks      MarkRequest → SessionAnswer
 *     POST   /api/sessions/:id/looks      LookRequest → LookAnswer
 *     GET    /api/sessions/:id/report     ?format=md|html|jsonl&locale=zh|en → the file
 *     POST   /api/runs                    RunRequest → RunAnswer; 409 with PreviewAnswer when the preview is out of date
 *     DELETE /api/runs/:id                cancels → 202
 *     POST   /api/runs/:id/release        closes the terminal of an ended run whose children stay → 202
 *     GET    /api/runs/:id/output         → the whole output as text
 *     POST   /api/phases                  PhaseRequest → PhaseAnswer; 409 with PreviewAnswer when a preview is out of date
 *     DELETE /api/phases/:id              stops: nothing more begins → 202
 *
 * WebSocket `/api/socket`, subprotocols `drover.v1` and `drover.token.<token or ticket>`: ClientMessage and ServerMessage, one JSON text each.
 * Who offers `drover.frames` as well gets `run.events` as bytes: see `run-frames.ts`.
 */
import { PhaseId } from '../session/phase-event.ts';
import { Problem } from '../problem-schema.ts';
import { RunId, RunState } from '../run/run-state.ts';
import { Entry, LookedFor, Mark, RunKind, SessionId } from '../session/session-event.ts';
import { Grade, Sight } from '../check/sight.ts';
import { Value } from '../values/value-schema.ts';
import { z } from '../zod.ts';

export const subprotocol = 'drover.v1';
/** Why the server closes a socket (with 1008) on which it got what is no message that it knows: the page is of another version. */
export const notUnderstood = 'not-understood';
/** Offered by a page that takes output as bytes; never chosen, so that who does not know it passes over it. */
export const framesProtocol = 'drover.frames';
/** Goes before the token among the subprotocols that a page asks for. */
export const tokenProtocol = 'drover.token.';

/** Names of parameters. `constructor` looks like one, and is something of every object. */
const Values = z.record(z.string().check(z.regex(/^(?!constructor$)[a-z][a-z0-9_]{0,63}$/)), Value);
const Name = z.string().check(z.maxLength(200));
const Reason = z.string().check(z.maxLength(2000));
const StepId = z.string().check(z.maxLength(100));
const NodeName = z.optional(z.string().check(z.maxLength(64)));
const Locale = z.enum(['zh', 'en']);

const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** `token`: SHA-256 of the token, 32 random bytes in Base64url that the page has made. */
export const AccessRequest = z.strictObject({ code: z.string().check(z.maxLength(200)), token: Sha256 });
/** `id`: SHA-256 of the SHA-256 of the token. `nonce`: 32 random bytes, Base64url. */
export const ProofRequest = z.strictObject({ id: Sha256, nonce: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)) });
export const Nothing = z.strictObject({});
export const VoidRequest = z.strictObject({ void: z.literal('all') });

/** What the server signs with the SHA-256 of the token: a proof that was asked for at another port is none here. */
export const proofText = (port: number | string, nonce: string): string => `drover.proof.v1\n${port}\n${nonce}`;

export const OpenRequest = z.strictObject({ runbook: z.string().check(z.maxLength(200)), name: Name, values: Values, detected: z.array(z.string()) });
export type OpenRequest = z.output<typeof OpenRequest>;

export const SessionChange = z.strictObject({ name: z.optional(Name), closed: z.optional(z.boolean()) });
export const ValuesRequest = z.strictObject({ values: Values, detected: z.array(z.string()) });
export const MarkRequest = z.strictObject({ step: StepId, node: NodeName, mark: Mark, reason: Reason });
export type MarkRequest = z.output<typeof MarkRequest>;

/** Asks for a look: at the step's own check, its skip condition, or — with `prove` — at everything that should still hold. */
export const LookRequest = z.union([
	z.strictObject({ step: StepId, node: NodeName, for: z.enum(['done', 'skip']), values: Values }),
	z.strictObject({ prove: z.literal(true), values: Values }),
]);
export type LookRequest = z.output<typeof LookRequest>;

export const RunRequest = z.strictObject({
	session: SessionId,
	runbook: z.string().check(z.maxLength(200)),
	step: StepId,
	node: NodeName,
	kind: RunKind,
	/** All values of the form, secrets among them: the server forgets those when the run has ended. */
	values: Values,
	/** The command as it was shown. Compared, never executed. */
	preview: z.string(),
	/** The reader was asked and said yes: needed where the effect is `change` or `destroy`. */
	confirmed: z.boolean(),
	/** What the reader typed where the effect is `destroy`. */
	object: z.optional(z.string().check(z.maxLength(300))),
	size: z.strictObject({ columns: z.int().check(z.minimum(2), z.maximum(500)), rows: z.int().check(z.minimum(1), z.maximum(200)) }),
});
export type RunRequest = z.output<typeof RunRequest>;

/** Several steps in one go, in order: see `phase-run.ts`. The values are forgotten when it has ended. */
export const PhaseRequest = z.strictObject({
	session: SessionId,
	runbook: z.string().check(z.maxLength(200)),
	/** `preview`: as of a single run; empty for a step that has no command. */
	steps: z.array(z.strictObject({ step: StepId, node: NodeName, preview: z.string() })).check(z.minLength(1), z.maxLength(500)),
	values: Values,
	confirmed: z.boolean(),
	object: z.optional(z.string().check(z.maxLength(300))),
	size: z.strictObject({ columns: z.int().check(z.minimum(2), z.maximum(500)), rows: z.int().check(z.minimum(1), z.maximum(200)) }),
});
export type PhaseRequest = z.output<typeof PhaseRequest>;
export const PhaseAnswer = z.strictObject({ phase: PhaseId });

export { Problem };
export const ProblemsAnswer = z.strictObject({ problems: z.array(Problem) });

/** The runbook's definition is another one than when the session began: set when it is so. */
const changed = z.optional(z.literal(true));

/** What the reader should know of its journal: a torn last line was dropped. */
const notices = z.optional(z.array(Problem));

export const SessionAnswer = z.strictObject({ session: SessionId, entries: z.array(Entry), changed, notices });
export type SessionAnswer = z.output<typeof SessionAnswer>;
export const SessionSummary = z.strictObject({
	session: SessionId,
	runbook: z.string(),
	name: z.string(),
	openedAt: z.string(),
	changedAt: z.string(),
	closed: z.boolean(),
	/** A run or a phase run of it is under way. */
	running: z.boolean(),
	settled: z.int(),
	steps: z.int(),
	changed,
	notices,
	/** The journal cannot be read: file, line and why. Such a session stays as it is. */
	damaged: z.optional(Problem),
});
export type SessionSummary = z.output<typeof SessionSummary>;

/** The run that was started, or what was found instead: the step's skip condition holds. */
export const RunAnswer = z.union([z.strictObject({ run: RunId }), z.strictObject({ found: z.array(Sight) })]);
/** Both texts, so that the reader sees what has changed. */
export const PreviewAnswer = z.strictObject({ problems: z.array(Problem), shown: z.string(), rendered: z.string() });
/** `passed`: what pages of earlier versions read. */
export const LookAnswer = z.strictObject({ looks: z.array(z.strictObject({ step: StepId, node: NodeName, result: Grade, passed: z.boolean(), saw: z.array(Sight) })) });

export const Status = z.strictObject({
	drover: z.string(),
	/** The folder that relative paths start from. */
	folder: z.string(),
	/** Names that are set where commands run, of those that a command can depend on: see `dependencies.ts`. */
	surroundings: z.optional(z.array(z.string())),
	docker: z.union([z.strictObject({ ready: z.literal(true), version: z.string() }), z.strictObject({ ready: z.literal(false), problem: Problem })]),
	/** Whether sessions can be kept and steps run. */
	state: z.union([z.strictObject({ ready: z.literal(true), folder: z.string() }), z.strictObject({ ready: z.literal(false), problem: Problem })]),
});
export type Status = z.output<typeof Status>;

/** What was looked at, as it ran, and what `docker inspect` printed: the page reads it with the same function as a pasted text. */
export const DetectAnswer = z.strictObject({ commands: z.array(z.string()), documents: z.string() });

export const ClientMessage = z.discriminatedUnion('type', [
	/** Entries after number `from` now, further ones as they come. */
	z.strictObject({ type: z.literal('session.follow'), session: SessionId, from: z.int().check(z.minimum(0)) }),
	z.strictObject({ type: z.literal('session.unfollow'), session: SessionId }),
	/** Output events after number `from` now, further ones as they come. */
	z.strictObject({ type: z.literal('run.follow'), run: RunId, from: z.int().check(z.minimum(0)) }),
	z.strictObject({ type: z.literal('run.unfollow'), run: RunId }),
	/** `id` names the keystrokes, so that a resent message is never typed twice. */
	z.strictObject({ type: z.literal('run.input'), run: RunId, id: z.string().check(z.maxLength(64)), text: z.string() }),
	z.strictObject({ type: z.literal('run.resize'), run: RunId, columns: z.int(), rows: z.int() }),
]);
export type ClientMessage = z.output<typeof ClientMessage>;

/** A piece of a run's recording. `gap`: events `from` to `n` are no longer there. */
export const RunEvent = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('output'), n: z.int(), time: z.number(), text: z.string() }),
	z.strictObject({ kind: z.literal('resize'), n: z.int(), time: z.number(), columns: z.int(), rows: z.int() }),
	z.strictObject({ kind: z.literal('dropped'), n: z.int(), time: z.number(), bytes: z.int() }),
	z.strictObject({ kind: z.literal('gap'), n: z.int(), from: z.int(), bytes: z.int() }),
]);
export type RunEvent = z.output<typeof RunEvent>;

export const ServerMessage = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('session.entries'), session: SessionId, entries: z.array(Entry) }),
	/** A check that is tried again until it passes: what it saw last. Not kept. */
	z.strictObject({ type: z.literal('session.looking'), session: SessionId, step: StepId, node: NodeName, for: LookedFor, attempt: z.int(), saw: z.array(Sight) }),
	/** How a run stands at this moment, beyond what the journal holds: stopped, out of reach, who has stayed. Not kept. */
	z.strictObject({ type: z.literal('session.run'), session: SessionId, run: RunId, state: RunState }),
	/** `followedAt`: when this following began, by the server's clock (ms since 1970); what happened before is a replay, and no terminal answers it. */
	z.strictObject({ type: z.literal('run.events'), run: RunId, events: z.array(RunEvent), end: z.boolean(), followedAt: z.number() }),
	/** `drives`: what this page types reaches the run; another page typed last otherwise. */
	z.strictObject({ type: z.literal('run.drives'), run: RunId, drives: z.boolean() }),
	/** `refused`: the program has not read what was typed before. `unreachable`: not typed; send it again, with the same id, when the run is back. */
	z.strictObject({ type: z.literal('run.typed'), run: RunId, id: z.string(), result: z.enum(['typed', 'refused', 'unreachable']) }),
	z.strictObject({ type: z.literal('problem'), problem: Problem }),
	/** The one-time code of this page's token came a second time, at `at` (ms since 1970). Said again on every socket until all access is void. */
	z.strictObject({ type: z.literal('access.again'), at: z.number() }),
]);
export type ServerMessage = z.output<typeof ServerMessage>;

export const ReportQuery = z.strictObject({ format: z.enum(['md', 'html', 'jsonl']), locale: Locale });
