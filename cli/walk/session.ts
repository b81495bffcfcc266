import type { Runbook } from '../../src/runbook/definition/definition.ts';
import { withoutSecrets } from '../../src/runbook/values/resolve.ts';
import { foldSession, type Session } from '../../src/runbook/session/session.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import type { Given } from './given.ts';
import type { Host } from './host.ts';

export interface ChosenSession {
	readonly id: string;
	readonly entries: readonly Entry[];
	/** Those of the session, where none were given. */
	readonly values: Values;
	readonly continued: boolean;
}

interface ChoiceOptions {
	readonly fresh: boolean;
	/** Throws where a new session could come to nothing. */
	readonly beforeOpen: () => void;
}

/**
 * The newest open session of a runbook goes on where the values are the same, or none are given; else a new one is opened. A session in which something was run is not gone on with by what only
 * checks (`fresh`): what was true before a change need not hold after it.
 */
export async function chooseSession(host: Host, runbook: Runbook, given: Given, name: string, { fresh, beforeOpen }: ChoiceOptions): Promise<ChosenSession> {
	const [newest] = (await host.sessions()).filter((one) => one.runbook === runbook.id && !one.closed).sort((one, other) => other.changedAt.localeCompare(one.changedAt));
	const entries = newest ? await host.entries(newest.id) : [];
	const session = foldSession(entries);
	if (newest && session && !(fresh && session.runs.size > 0) && session.machines.session === given.ssh && (!given.isGiven || isSame(session, withoutSecrets(runbook, given.values)))) {
		return { id: newest.id, entries, values: given.isGiven ? given.values : session.values, continued: true };
	}
	beforeOpen();
	const id = await host.open({ runbook: runbook.id, name, values: { ...withoutSecrets(runbook, given.values) }, detected: [...given.detected] });
	return { id, entries: await host.entries(id), values: given.values, continued: false };
}

function isSame({ values }: Session, given: Values): boolean {
	const sorted = (one: Values) => JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
	return sorted(values) === sorted(given);
}
