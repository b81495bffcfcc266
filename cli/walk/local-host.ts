import { withoutSecrets } from '../../src/runbook/values/resolve.ts';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { log } from '../../server/log.ts';
import { openRuntime } from '../../server/open-runtime.ts';
import type { RunbookStore } from '../../server/runbooks.ts';
import type { Run } from '../../server/runs/run.ts';
import { AnotherServer } from '../../server/serve.ts';
import type { LiveSession } from '../../server/sessions/session-store.ts';
import { setMachine } from '../../server/sessions/machines.ts';
import { whoOpens } from '../../server/sessions/who.ts';
import { takeLock } from '../../server/state/lock.ts';
import { openStateDirectory } from '../../server/state/state-directory.ts';
import { StateError } from '../../server/state/state-error.ts';
import { writablePart } from '../../server/runtime.ts';
import type { Entry } from '../../src/runbook/session/session-event.ts';
import type { Host } from './host.ts';

export interface LocalOptions {
	readonly stateDir: string;
	readonly runbooks: RunbookStore;
	/** Folder that relative paths of values start from. */
	readonly folder: string;
	readonly version: string;
}

/** How long the owner of the lock is given to say where it is: who answers at no socket by now is on another machine, or is ending. */
const lockWaitMs = 500;

/** Takes the state directory for this process. @throws AnotherServer, Refusal */
export async function openLocalHost({ stateDir, runbooks, folder, version }: LocalOptions): Promise<Host> {
	const opening = openStateDirectory(stateDir);
	if (opening.kind !== 'ready') throw refusalOf(opening.error);
	const lock = await takeLock(opening.state, { waitMs: lockWaitMs }).catch((error: unknown) => {
		throw error instanceof StateError ? refusalOf(error) : error;
	});
	if (lock.kind !== 'held') throw new AnotherServer(opening.state.path, lock);
	const opened = openOrLet(() => openRuntime({ state: opening.state, runbooks, folder }), () => lock.close());
	const find = (id: string) => writablePart(opened).sessions.get(id);
	const following: (() => void)[] = [];
	return {
		sessions: () => Promise.resolve(opened.sessions.list().map(({ id, session, entries }) => ({ id, runbook: session.runbook, closed: session.closed, changedAt: entries.at(-1)?.at ?? '' }))),
		open: ({ runbook: id, name, values, detected }) => attempt(() => {
			const runbook = runbooks.get(id);
			const live = writablePart(opened).sessions.open({ runbook: id, name, definition: runbooks.hash(runbook), drover: version, by: whoOpens() });
			live.append({ type: 'values.set', values: { ...withoutSecrets(runbook, values) }, detected });
			return live.id;
		}),
		entries: (id) => attempt(() => find(id).entries),
		setValues: (id, values, detected) => attempt(() => {
			const live = find(id);
			live.append({ type: 'values.set', values: { ...withoutSecrets(runbooks.get(live.session.runbook), values) }, detected: [...detected] });
		}),
		setMachine: (id, request) => attempt(() => setMachine(find(id), request, opened.ssh)),
		follow: (id, from, onEntry) => {
			const onAny = (live: LiveSession, entry: Entry) => live.id === id && onEntry(entry);
			opened.sessions.events.on('entry', onAny);
			following.push(() => opened.sessions.events.off('entry', onAny));
			for (const entry of find(id).entries) if (entry.n > from) onEntry(entry);
		},
		start: (request) => attempt(() => writablePart(opened).phases.start(request)),
		stop: (phase) => attempt(() => opened.phases.stop(phase)),
		cancel: (run) => attempt(() => void opened.runs.get(run)?.cancel().catch(() => undefined)),
		mark: (id, step, node, mark, reason) => attempt(() => opened.runner.mark(find(id), { step, node, mark, reason })),
		listen: (run, onText, signal) => void listen(opened.runs.get(run), onText, signal),
		type: async (run, text) => void (await opened.runs.get(run)?.input(crypto.randomUUID(), Buffer.from(text, 'utf8'))),
		output: async (run) => (await opened.runs.get(run)?.output()) ?? '',
		close: async () => {
			for (const end of following) end();
			await opened.close();
			lock.close();
		},
	};
}

/** What cannot be read is told by whoever shows the output. */
async function listen(run: Run | undefined, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
	try {
		for await (const event of run?.follow(1, signal) ?? []) if (event.kind === 'output' && !signal.aborted) onText(event.text);
	} catch (error) {
		if (!signal.aborted) log('error', { run: run?.id ?? '', message: String(error) });
	}
}

/** A function that answers at once, as a promise. What the disk says becomes a Refusal. */
async function attempt<T>(act: () => T | Promise<T>): Promise<T> {
	try {
		return await act();
	} catch (error) {
		throw error instanceof StateError ? refusalOf(error) : error;
	}
}

function openOrLet<T>(open: () => T, letGo: () => void): T {
	try {
		return open();
	} catch (error) {
		letGo();
		throw error instanceof StateError ? refusalOf(error) : error;
	}
}

const refusalOf = (error: StateError): Refusal => new Refusal(problem(error.problem, error.slots as never));
