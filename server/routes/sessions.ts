import { Router } from 'express';
import { CheckRequest, MachineRequest, MarkRequest, OpenRequest, SessionChange, ValuesRequest, type SessionSummary } from '../../src/runbook/protocol/protocol.ts';
import { planSteps } from '../../src/runbook/session/plan.ts';
import { onMachines } from '../../src/runbook/session/session.ts';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { withoutSecrets } from '../../src/runbook/values/resolve.ts';
import { isRunActive } from '../../src/runbook/run/run.ts';
import type { AppParts } from '../app-parts.ts';
import type { RunbookStore } from '../runbooks.ts';
import type { LiveSession } from '../sessions/session-store.ts';
import { leaveMachines, setMachine } from '../sessions/machines.ts';
import { whoOpens } from '../sessions/who.ts';
import { openPart, writablePart } from '../runtime.ts';

/** `/api/sessions`: one reader's passes through runbooks, their values, marks and looks. */
export function sessionRoutes({ runbooks, runtime, version }: Pick<AppParts, 'runbooks' | 'runtime' | 'version'>): Router {
	const router = Router();
	const find = (id: string) => openPart(runtime).sessions.get(id);
	const findOpen = (id: string) => stillOpen(writablePart(runtime).sessions.get(id));
	const answer = (live: LiveSession) => ({ session: live.id, entries: live.entries, ...changedSince(runbooks, live), ...noticesOf(live) });

	router.get('/', (_req, res) => {
		const { sessions } = openPart(runtime);
		const damaged = sessions.damaged().map(({ id, problem: why }) => ({ session: id, damaged: why }));
		res.json([...sessions.list().map((live) => summarize(runbooks, live)), ...damaged.map((one) => ({ ...emptySummary, ...one }))]);
	});

	router.post('/', (req, res) => {
		const { runbook: id, name, values, detected } = OpenRequest.parse(req.body);
		const { sessions } = writablePart(runtime);
		const runbook = runbooks.get(id);
		const live = sessions.open({ runbook: id, name, definition: runbooks.hash(runbook), drover: version, by: whoOpens() });
		live.append({ type: 'values.set', values: { ...withoutSecrets(runbook, values) }, detected });
		res.status(201).json(answer(live));
	});

	router.get('/:id', (req, res) => void res.json(answer(find(req.params.id))));

	router.patch('/:id', (req, res) => {
		const { name, closed } = SessionChange.parse(req.body);
		const live = writablePart(runtime).sessions.get(req.params.id);
		if (name !== undefined) live.append({ type: 'session.renamed', name });
		if (closed !== undefined && closed !== live.session.closed) {
			live.append({ type: closed ? 'session.closed' : 'session.reopened' });
			// A machine that does not answer holds nobody up who closes a session.
			if (closed) void leaveMachines(live, openPart(runtime).ssh);
		}
		res.json(answer(live));
	});

	router.put('/:id/machine', async (req, res) => {
		const request = MachineRequest.parse(req.body);
		const live = findOpen(req.params.id);
		await setMachine(live, request, openPart(runtime).ssh);
		res.json(answer(live));
	});

	router.put('/:id/values', (req, res) => {
		const { values, detected } = ValuesRequest.parse(req.body);
		const live = findOpen(req.params.id);
		const kept = withoutSecrets(runbooks.get(live.session.runbook), values);
		const same = JSON.stringify([kept, detected]) === JSON.stringify([live.session.values, live.session.detected]);
		if (!same) live.append({ type: 'values.set', values: { ...kept }, detected });
		res.json(answer(live));
	});

	router.post('/:id/marks', (req, res) => {
		const request = MarkRequest.parse(req.body);
		const live = findOpen(req.params.id);
		openPart(runtime).runner.mark(live, request);
		res.json(answer(live));
	});

	router.post('/:id/looks', async (req, res) => {
		const request = CheckRequest.parse(req.body);
		const live = findOpen(req.params.id);
		res.json({ looks: await openPart(runtime).runner.check(live, request) });
	});
	return router;
}

function stillOpen(live: LiveSession): LiveSession {
	if (live.session.closed) throw new Refusal(problem('session.closed', { session: live.id }));
	return live;
}

const emptySummary = { runbook: '', name: '', openedAt: '', changedAt: '', closed: false, running: false, settled: 0, steps: 0 };

function summarize(runbooks: RunbookStore, live: LiveSession): SessionSummary {
	const { session, entries } = live;
	const known = runbooks.all.find((one) => one.id === session.runbook);
	const steps = known ? planSteps(known, onMachines(runbooks.resolve(known, session.values, session.outputs), session), session).filter((one) => one.applies) : [];
	return {
		session: live.id,
		runbook: session.runbook,
		name: session.name,
		openedAt: session.openedAt,
		changedAt: entries.at(-1)?.at ?? session.openedAt,
		closed: session.closed,
		running: [...session.runs.values()].some((run) => isRunActive(run.state)) || [...session.phases.values()].some((phase) => !phase.end),
		settled: steps.filter((one) => one.settled).length,
		steps: steps.length,
		...changedSince(runbooks, live),
		...noticesOf(live),
	};
}

/** What a crash has left of its journal. */
function noticesOf({ notices }: LiveSession): Pick<SessionSummary, 'notices'> {
	return notices.length === 0 ? {} : { notices: notices.map(({ name, slots }) => ({ name, slots: { ...slots } })) };
}

/** Says so when the runbook is another one than when the session began, or gone. */
function changedSince(runbooks: RunbookStore, { session }: LiveSession): { changed?: true } {
	const known = runbooks.all.find((one) => one.id === session.runbook);
	return known && runbooks.hash(known) === session.definition ? {} : { changed: true };
}
