import type { RunEvent } from '../../src/runbook/run/run-event.ts';
import type { Stayer } from '../../src/runbook/run/run-state.ts';
import { findMembers, interruptForeground, signalEach, type Sent, type Target } from './signalling.ts';
import { nameProcess } from './files/processes.ts';

export const defaultGraceMs = 10_000;
const pollMs = 200;
const killRounds = 5;
const listedAtMost = 50;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface CancelOptions {
	/** How long a signal may take to work before the next one. */
	readonly graceMs: number;
	readonly report: (event: RunEvent) => void;
	/** Ends the waiting when the server closes. */
	readonly signal: AbortSignal;
}

function listed(processes: readonly Stayer[]): { list: Stayer[]; unlisted: number } {
	return { list: processes.slice(0, listedAtMost), unlisted: Math.max(0, processes.length - listedAtMost) };
}

function describe(run: string, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL', result: Sent): RunEvent {
	const sent = listed(result.sent);
	const refused = listed(result.refused);
	const unlisted = sent.unlisted + refused.unlisted;
	return { type: 'run.signalled', run, signal, sent: sent.list, refused: refused.list, unlisted };
}

async function waitUntilGone(target: Target, { graceMs, signal }: CancelOptions): Promise<void> {
	for (let waited = 0; waited < graceMs && !signal.aborted; waited += pollMs) {
		if (findMembers(target).length === 0) return;
		await wait(pollMs);
	}
}

/** Kills round after round: what forks faster than we look needs more than one. */
async function killAll(target: Target): Promise<Sent> {
	const all: Sent = { sent: [], refused: [] };
	for (let round = 0; round < killRounds; round += 1) {
		const members = findMembers(target);
		if (members.length === 0) break;
		const { sent, refused } = signalEach(members, 'SIGKILL');
		all.sent.push(...sent.filter(({ pid }) => !all.sent.some((one) => one.pid === pid)));
		all.refused.push(...refused.filter(({ pid }) => !all.refused.some((one) => one.pid === pid)));
		await wait(pollMs);
	}
	return all;
}

/**
 * Ends all that a run started, politely first: SIGINT to the foreground group, SIGTERM to everything, SIGKILL to everything, each only to
 * processes that are surely the run's, and each reported. Resolves when nobody is left or nothing more can be done.
 */
export async function cancelRun(target: Target, options: CancelOptions): Promise<void> {
	const { report, signal } = options;
	report(describe(target.run, 'SIGINT', interruptForeground(target)));
	await waitUntilGone(target, options);
	if (signal.aborted) return;
	const patient = findMembers(target);
	if (patient.length > 0) {
		report(describe(target.run, 'SIGTERM', signalEach(patient, 'SIGTERM')));
		await waitUntilGone(target, options);
	}
	if (signal.aborted) return;
	if (findMembers(target).length > 0) report(describe(target.run, 'SIGKILL', await killAll(target)));
	const { list, unlisted } = listed(findMembers(target).map(nameProcess));
	report({ type: 'run.cancelled', run: target.run, remaining: list, unlisted });
}
