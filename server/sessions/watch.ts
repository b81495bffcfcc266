/** Waiting for what a step should bring about: its check is tried until it passes, its hints are looked at meanwhile. */
import type { Sight } from '../../src/runbook/check.ts';
import type { Step } from '../../src/runbook/definition.ts';
import type { Resolved } from '../../src/runbook/resolve.ts';
import { stepKey, type LookedFor } from '../../src/runbook/session.ts';
import type { Node } from '../../src/runbook/value-types.ts';
import { lookAt, type LookResult } from '../checks/look.ts';
import type { LiveSession } from './session-store.ts';

/** What is watched: a step of a session, with the values it was run with. */
export interface Subject {
	readonly live: LiveSession;
	readonly step: Step;
	readonly node?: Node;
	readonly resolved: Resolved;
}

/** A try of a waiting check, for whoever looks on. Not kept. */
export interface Looking {
	readonly session: string;
	readonly step: string;
	readonly node?: string;
	readonly for: LookedFor;
	readonly attempt: number;
	readonly saw: readonly Sight[];
}

export interface Watches {
	/** Starts to wait for a step's check, in place of an earlier wait for the same step. */
	start(subject: Subject, lookedFor: 'done' | 'undone'): void;
	stop(session: string, key: string): void;
	/** Looks at every hint of a step once. */
	lookForHints(subject: Subject): Promise<void>;
	/** Stops waiting; resolves when nothing looks any more. */
	close(): Promise<void>;
}

export function createWatches(folder: string, onLooking: (looking: Looking) => void): Watches {
	const watches = new Map<string, { abort: AbortController; done: Promise<void> }>();
	const all = new AbortController();
	const keyOf = ({ live, step, node }: Subject) => `${live.id} ${stepKey(step.id, node?.name)}`;
	const stop = (key: string) => {
		watches.get(key)?.abort.abort();
		watches.delete(key);
	};

	const lookForHints = async (subject: Subject, signal: AbortSignal = all.signal) => {
		const { live, step, node, resolved } = subject;
		for (const [hint, check] of Object.entries(step.hints)) {
			if (live.session.hints.get(stepKey(step.id, node?.name))?.includes(hint)) continue;
			const result = await lookAt([check], resolved, { step: step.id, ...(node && { node }) }, { folder, signal, wait: false });
			if (result.passed && !signal.aborted) appendLook(subject, { hint }, result);
		}
	};

	const watch = async (subject: Subject, lookedFor: 'done' | 'undone', signal: AbortSignal) => {
		const { live, step, node, resolved } = subject;
		const onTry = async (attempt: number, { saw }: LookResult) => {
			onLooking({ session: live.id, step: step.id, ...(node && { node: node.name }), for: lookedFor, attempt, saw });
			if (lookedFor === 'done') await lookForHints(subject, signal);
		};
		const checks = lookedFor === 'done' ? step.doneWhen : step.undoneWhen;
		const result = await lookAt(checks, resolved, { step: step.id, ...(node && { node }) }, { folder, signal, wait: true, onTry });
		if (signal.aborted) return;
		appendLook(subject, lookedFor, result);
		if (!result.passed && lookedFor === 'done') await lookForHints(subject, signal);
	};

	return {
		start: (subject, lookedFor) => {
			const key = keyOf(subject);
			stop(key);
			const abort = new AbortController();
			const signal = AbortSignal.any([abort.signal, all.signal]);
			const done = watch(subject, lookedFor, signal).catch((error: unknown) => {
				if (!signal.aborted) throw error;
			});
			watches.set(key, { abort, done });
		},
		stop: (session, key) => stop(`${session} ${key}`),
		lookForHints: (subject) => lookForHints(subject),
		close: async () => {
			all.abort();
			await Promise.allSettled([...watches.values()].map((one) => one.done));
		},
	};
}

/** Writes down what a look saw. */
export function appendLook({ live, step, node }: Subject, lookedFor: LookedFor, { passed, saw }: LookResult): void {
	live.append({ type: 'step.looked', step: step.id, ...(node && { node: node.name }), for: lookedFor, passed, saw: [...saw] });
}
