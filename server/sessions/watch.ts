/** Waiting for what a step should bring about: its check is tried until it passes, its hints are looked at meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../../src/runbook/check/observation.ts';
import type { Step } from '../../src/runbook/definition/definition.ts';
import type { Made } from '../../src/runbook/run/made-schema.ts';
import type { RenderOptions } from '../../src/runbook/command/render.ts';
import type { Resolved } from '../../src/runbook/values/resolve.ts';
import { isPassed, stepKey } from '../../src/runbook/session/session.ts';
import type { CheckPurpose } from '../../src/runbook/session/session-event.ts';
import type { Node } from '../../src/runbook/values/value-types.ts';
import { runChecks, checkHint, type ChecksResult } from '../checks/run-checks.ts';
import { log } from '../log.ts';
import type { Ssh } from '../ssh/ssh.ts';
import { StateError } from '../state/state-error.ts';
import type { LiveSession } from './session-store.ts';

const retryMs = 1_000;

/** What is watched: a step of a session, with the values it was run with. */
export interface Subject {
	readonly live: LiveSession;
	readonly step: Step;
	readonly node?: Node;
	readonly resolved: Resolved;
	/** What the run made that an undo took back. */
	readonly made?: Made;
}

/** What the checks of a subject are rendered with. */
export function optionsOf({ step, node, made }: Subject): RenderOptions & { step: string } {
	return { step: step.id, ...(node && { node }), ...(made && { made }) };
}

/** A try of a waiting check, for whoever looks on. Not kept. */
export interface CheckProgress {
	readonly session: string;
	readonly step: string;
	readonly node?: string;
	readonly for: CheckPurpose;
	readonly attempt: number;
	readonly saw: readonly Observation[];
}

export interface Watches {
	/** Starts to wait for a step's check, in place of an earlier wait for the same step. `signal` breaks it off. */
	start(subject: Subject, purpose: 'done' | 'undone', signal?: AbortSignal): void;
	stop(session: string, key: string): void;
	/** Resolves when nothing waits for a step's check, or for its hints after it. */
	whenOver(session: string, key: string): Promise<void>;
	/** Checks every hint of a step once; writes down those that have begun to hold, and those that no longer do. `signal` breaks it off. */
	checkHints(subject: Subject, signal?: AbortSignal): Promise<void>;
	/** Stops waiting; resolves when nothing looks any more. */
	close(): Promise<void>;
}

/** `printed` reads the end of what the last run of a subject's step printed, if there was one. */
export function createWatches(folder: string, onChecking: (checking: CheckProgress) => void, printed: (subject: Subject) => Promise<string | undefined>, ssh?: Ssh): Watches {
	const way = ssh && { ssh };
	const watches = new Map<string, { abort: AbortController; done: Promise<void> }>();
	const all = new AbortController();
	const keyOf = ({ live, step, node }: Subject) => `${live.id} ${stepKey(step.id, node?.name)}`;
	const stop = (key: string) => {
		watches.get(key)?.abort.abort();
		watches.delete(key);
	};

	/** What was seen is kept until the disk takes it: a full one may have room again, and the check may not be there to be looked at twice. */
	const appendPatiently = async (subject: Subject, purpose: CheckPurpose, result: ChecksResult, signal: AbortSignal) => {
		while (!signal.aborted) {
			try {
				return appendCheck(subject, purpose, result);
			} catch (error) {
				if (!(error instanceof StateError) || error.problem === 'journal.closed') throw error;
				await sleep(retryMs, undefined, { signal }).catch(() => undefined);
			}
		}
	};

	const checkHints = async (subject: Subject, signal: AbortSignal = all.signal) => {
		const { live, step, node, resolved } = subject;
		for (const [hint, check] of Object.entries(step.hints)) {
			const result = await checkHint(check, resolved, { step: step.id, ...(node && { node }) }, { folder, signal, ...way }, () => printed(subject));
			const stands = live.session.hints.get(stepKey(step.id, node?.name))?.includes(hint) ?? false;
			const changed = stands ? result.result === 'failed' : isPassed(result.result);
			if (changed) await appendPatiently(subject, { hint }, result, signal);
		}
	};

	const watch = async (subject: Subject, purpose: 'done' | 'undone', signal: AbortSignal) => {
		const { live, step, node, resolved } = subject;
		const onTry = async (attempt: number, { saw }: ChecksResult) => {
			onChecking({ session: live.id, step: step.id, ...(node && { node: node.name }), for: purpose, attempt, saw });
			if (purpose === 'done') await checkHints(subject, signal);
		};
		const checks = purpose === 'done' ? step.doneWhen : step.undoneWhen;
		const result = await runChecks(checks, resolved, optionsOf(subject), { folder, signal, wait: true, onTry, ...way });
		await appendPatiently(subject, purpose, result, signal);
		if (signal.aborted) return;
		if (!isPassed(result.result) && purpose === 'done') await checkHints(subject, signal);
	};

	return {
		start: (subject, purpose, outer) => {
			const key = keyOf(subject);
			stop(key);
			const abort = new AbortController();
			const signal = AbortSignal.any([abort.signal, all.signal, ...(outer ? [outer] : [])]);
			const done = watch(subject, purpose, signal).catch((error: unknown) => {
				// A journal that is closed for good has told the reader already; nothing that happens here may end the server.
				if (!signal.aborted) log('error', { session: subject.live.id, step: subject.step.id, message: String(error) });
			});
			watches.set(key, { abort, done });
		},
		stop: (session, key) => stop(`${session} ${key}`),
		whenOver: async (session, key) => {
			for (let one = watches.get(`${session} ${key}`); one; ) {
				await one.done;
				const next = watches.get(`${session} ${key}`);
				one = next === one ? undefined : next;
			}
		},
		checkHints: (subject, signal) => checkHints(subject, signal && AbortSignal.any([signal, all.signal])),
		close: async () => {
			all.abort();
			await Promise.allSettled([...watches.values()].map((one) => one.done));
		},
	};
}

/** Writes down what a look saw. */
export function appendCheck({ live, step, node }: Subject, purpose: CheckPurpose, { result, saw }: ChecksResult): void {
	live.append({ type: 'step.looked', step: step.id, ...(node && { node: node.name }), for: purpose, result, saw: [...saw] });
}
