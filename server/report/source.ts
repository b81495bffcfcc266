/** Everything that a report tells, before it is put into a language. */
import type { FamilyContent } from '../../src/content/content.ts';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import { planSteps, type PlannedStep } from '../../src/runbook/session/plan.ts';
import { noRules, resolve, type Resolved } from '../../src/runbook/values/resolve.ts';
import { isNewRunEvent, RunFact } from '../../src/runbook/run/run-event.ts';
import { foldSession, onMachines, stepKey, type Session } from '../../src/runbook/session/session.ts';
import type { Entry, SessionEvent } from '../../src/runbook/session/session-event.ts';
import type { RunbookStore } from '../runbooks.ts';
import { openRunFolder, readFacts, type RunFolder } from './read-run.ts';

type Opened = Extract<SessionEvent, { type: 'session.opened' }>;

export interface ReportSource {
	/** As the journal has them. */
	readonly entries: readonly Entry[];
	/** With what the files of its runs tell beyond the journal. */
	readonly timeline: readonly Entry[];
	/** Runs whose end the journal does not have yet. */
	readonly late: ReadonlySet<string>;
	readonly session: Session;
	readonly opened: Opened;
	/** Absent when this Drover does not have it. */
	readonly runbook?: Runbook;
	readonly family?: FamilyContent;
	readonly resolved: Resolved;
	readonly steps: readonly PlannedStep[];
	/** Keys of steps with a history that are not among those. */
	readonly otherSteps: readonly string[];
	/** The definition is another one than when the session began. */
	readonly changed: boolean;
	readonly runs: ReadonlyMap<string, RunFolder>;
	/** Version that makes the report. */
	readonly drover: string;
	readonly madeAt: string;
}

export interface SourceOptions {
	readonly entries: readonly Entry[];
	/** Folder of all runs. */
	readonly runs: string;
	readonly runbooks: RunbookStore;
	readonly drover: string;
	readonly madeAt: string;
}

/** Puts a session, its runs and its runbook together; undefined when the entries are no session. */
export function gatherSource({ entries, runs: folder, runbooks, drover, madeAt }: SourceOptions): ReportSource | undefined {
	const opened = entries.map(({ event }) => event).find((event) => event.type === 'session.opened');
	const journalled = foldSession(entries);
	if (!opened || !journalled) return undefined;
	const runs = new Map([...journalled.runs.keys()].map((id) => [id, openRunFolder(folder, id)]));
	const more = findLateFacts(journalled, entries, runs, madeAt);
	const timeline = [...entries, ...more];
	const session = foldSession(timeline) ?? journalled;
	const runbook = runbooks.all.find((one) => one.id === session.runbook);
	const family = runbooks.families.find((one) => one.id === runbook?.family);
	const resolved = runbook ? onMachines(runbooks.resolve(runbook, session.values, session.outputs), session) : noRunbook;
	const steps = runbook ? planSteps(runbook, resolved, session) : [];
	return {
		entries,
		timeline,
		late: new Set(more.flatMap(({ event }) => ('run' in event ? [event.run] : []))),
		session,
		opened,
		...(runbook && { runbook }),
		...(family && { family }),
		resolved,
		steps,
		otherSteps: findOthers(session, steps),
		changed: runbook !== undefined && runbooks.hash(runbook) !== opened.definition,
		runs,
		drover,
		madeAt,
	};
}

const noRunbook = resolve({ id: '', family: '', parameters: {}, derived: {}, steps: [] }, noRules, {});

/** What has come to an end while no server was there to write it down. */
function findLateFacts(session: Session, entries: readonly Entry[], runs: ReadonlyMap<string, RunFolder>, madeAt: string): Entry[] {
	const known = entries.flatMap(({ event }) => (RunFact.safeParse(event).success ? [RunFact.parse(event)] : []));
	const facts = [...session.runs.values()].flatMap(({ id, state }) => {
		const isOver = state.kind === 'never-started' || (state.kind === 'ended' && state.terminal === 'closed');
		const files = runs.get(id);
		return isOver || !files ? [] : readFacts(files).filter((fact) => isNewRunEvent(known, fact));
	});
	return facts.map((event, index) => ({ n: session.n + index + 1, at: event.type === 'run.ended' ? event.endedAt : madeAt, event }));
}

function findOthers(session: Session, steps: readonly PlannedStep[]): string[] {
	const known = new Set(steps.map((one) => one.key));
	const used = [...session.steps.keys(), ...[...session.runs.values()].map((run) => stepKey(run.step, run.node))];
	return [...new Set(used)].filter((key) => !known.has(key));
}
