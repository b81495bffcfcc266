import { phases } from '../../../src/runbook/definition/definition.ts';
import { downtimeOf, wayBack } from '../../../src/runbook/session/plan.ts';
import { isRunActive } from '../../../src/runbook/run/run.ts';
import { given, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import type { ReportSource } from '../source.ts';
import type { Told, ToldStretch } from '../told.ts';
import { tellAccepted, tellPhases } from './tell-phases.ts';
import { tellOtherStep, tellStep } from './tell-step.ts';
import { tellValueChanges, tellValues } from './tell-values.ts';
import type { Teller } from './teller.ts';

/** Puts a session into one language, with what its runs printed by their id. */
export function tellReport(source: ReportSource, pictures: ReadonlyMap<string, Picture>, teller: Teller): Told {
	const { drover, madeAt } = source;
	return {
		locale: teller.locale,
		heading: teller.line('report.heading', { runbook: teller.runbook() }),
		made: teller.line('report.made', { drover, at: teller.times.full(madeAt) }),
		facts: tellFacts(source, teller),
		notices: tellNotices(source, teller),
		values: tellValues(source, teller),
		valueChanges: tellValueChanges(source, teller),
		phases: tellPhases(source, teller),
		accepted: tellAccepted(source, teller),
		stretches: tellStretches(source, pictures, teller),
		...tellWayBack(source, teller),
	};
}

function tellFacts(source: ReportSource, teller: Teller): Told['facts'] {
	const { session, opened, entries, runs, steps } = source;
	const { line, text, times } = teller;
	const folders = [...new Set([...runs.values()].flatMap(({ plan }) => (plan ? [plan.cwd] : [])))];
	const applying = steps.filter((one) => one.applies);
	const progress = { settled: applying.filter((one) => one.settled).length, steps: applying.length };
	return [
		{ name: text('report.session'), value: line('report.session-id', { name: given(session.name), id: given(session.id) }) },
		{ name: text('report.who'), value: tellWho(source, teller) },
		{ name: text('report.when'), value: line('report.when-span', { from: times.full(session.openedAt), to: times.full(entries.at(-1)?.at ?? '') }) },
		...(folders.length > 0 ? [{ name: text('report.folder'), value: teller.list(folders.map(given)) }] : []),
		{ name: text('report.versions'), value: line('report.versions-of', { drover: given(opened.drover), definition: given(opened.definition.slice(0, 12)) }) },
		...(steps.length > 0 ? [{ name: text('report.progress'), value: line(session.closed ? 'report.progress-closed' : 'report.progress-open', progress) }] : []),
		...(source.runbook?.downtime === false ? [] : [{ name: text('report.outage'), value: tellOutage(source, teller) ?? line('report.outage-none') }]),
	];
}

function tellWho({ opened: { by } }: ReportSource, { line }: Teller): Line {
	if (!by) return line('report.who-unknown');
	const slots = { user: given(by.user), host: given(by.host) };
	return by.login === undefined ? line('report.who-at', slots) : line('report.who-sudo', { ...slots, login: given(by.login) });
}

/** Undefined when no step of the change was run, or when nothing is down meanwhile. */
function tellOutage({ steps, session, runbook }: ReportSource, { line, times, duration }: Teller): Line | undefined {
	const { from, to } = downtimeOf(steps, session);
	if (from === undefined || runbook?.downtime === false) return undefined;
	if (to === undefined) return line('report.outage-open', { from: times.clock(from) });
	return line('report.outage-over', { from: times.clock(from), to: times.clock(to), time: duration((Date.parse(to) - Date.parse(from)) / 1000) });
}

function tellNotices({ changed, runbook, session, late }: ReportSource, teller: Teller): Line[] {
	const runs = [...session.runs.values()];
	const titles = (of: typeof runs) => teller.list(of.map((run) => teller.step(run.step, run.node)));
	const going = runs.filter((run) => isRunActive(run.state));
	const unwritten = runs.filter((run) => late.has(run.id) && !isRunActive(run.state));
	return [
		...(changed ? [teller.line('report.changed')] : []),
		...(runbook ? [] : [teller.line('report.no-runbook', { runbook: given(session.runbook) })]),
		...(going.length > 0 ? [teller.line('report.going-on', { step: titles(going) })] : []),
		...(unwritten.length > 0 ? [teller.line('report.from-files', { step: titles(unwritten) })] : []),
	];
}

function tellStretches(source: ReportSource, pictures: ReadonlyMap<string, Picture>, teller: Teller): ToldStretch[] {
	const numbers = new Map(source.steps.map((one, index) => [one.key, index + 1]));
	const outage = tellOutage(source, teller);
	const stretches = phases.flatMap((phase): ToldStretch[] => {
		const steps = source.steps.filter((one) => one.step.phase === phase);
		if (steps.length === 0) return [];
		const told = steps.map((one) => tellStep(one, numbers.get(one.key) ?? 0, source, pictures, teller));
		return [{ phase, title: teller.text(`phase.${phase}`), ...(phase === 'change' && outage && { outage }), steps: told }];
	});
	const others = source.otherSteps.map((key) => tellOtherStep(key, source, pictures, teller));
	return others.length === 0 ? stretches : [...stretches, { title: teller.text('report.other-steps'), steps: others }];
}

function tellWayBack({ runbook, steps, session }: ReportSource, teller: Teller): Pick<Told, 'back' | 'backLeft'> {
	const undos = [...session.runs.values()].filter((run) => run.kind === 'undo');
	const back = undos.map((run) => teller.line('report.back-step', { at: teller.times.clock(run.askedAt), step: teller.step(run.step, run.node), outcome: teller.outcome(run.state) }));
	const left = runbook ? wayBack(runbook, steps, session) : [];
	if (back.length === 0 || left.length === 0) return { back };
	return { back, backLeft: teller.line('report.back-left', { steps: teller.list(left.map(({ run }) => teller.step(run.step, run.node))) }) };
}

