import { phases } from '../../../src/runbook/definition/definition.ts';
import { downtimeOf, rollbackSteps } from '../../../src/runbook/session/plan.ts';
import { isRunActive } from '../../../src/runbook/run/run.ts';
import { given, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import type { ReportSource } from '../source.ts';
import type { ReportContent, ReportPhase } from '../report-content.ts';
import { formatAccepted, formatPhases } from './format-phases.ts';
import { formatOtherStep, formatStep } from './format-step.ts';
import { formatValueChanges, formatValues } from './format-values.ts';
import type { Formatter } from './formatter.ts';

/** Puts a session into one language, with what its runs printed by their id. */
export function formatReport(source: ReportSource, pictures: ReadonlyMap<string, Picture>, formatter: Formatter): ReportContent {
	const { drover, madeAt } = source;
	return {
		locale: formatter.locale,
		heading: formatter.line('report.heading', { runbook: formatter.runbook() }),
		made: formatter.line('report.made', { drover, at: formatter.times.full(madeAt) }),
		facts: formatFacts(source, formatter),
		notices: formatNotices(source, formatter),
		values: formatValues(source, formatter),
		valueChanges: formatValueChanges(source, formatter),
		phases: formatPhases(source, formatter),
		accepted: formatAccepted(source, formatter),
		phaseSteps: formatPhaseSteps(source, pictures, formatter),
		...formatRollback(source, formatter),
	};
}

function formatFacts(source: ReportSource, formatter: Formatter): ReportContent['facts'] {
	const { session, opened, entries, runs, steps } = source;
	const { line, text, times } = formatter;
	const folders = [...new Set([...runs.values()].flatMap(({ plan }) => (plan ? [plan.cwd] : [])))];
	const applying = steps.filter((one) => one.applies);
	const progress = { settled: applying.filter((one) => one.settled).length, steps: applying.length };
	return [
		{ name: text('report.session'), value: line('report.session-id', { name: given(session.name), id: given(session.id) }) },
		{ name: text('report.who'), value: formatWho(source, formatter) },
		{ name: text('report.when'), value: line('report.when-span', { from: times.full(session.openedAt), to: times.full(entries.at(-1)?.at ?? '') }) },
		...(folders.length > 0 ? [{ name: text('report.folder'), value: formatter.list(folders.map(given)) }] : []),
		{ name: text('report.versions'), value: line('report.versions-of', { drover: given(opened.drover), definition: given(opened.definition.slice(0, 12)) }) },
		...(steps.length > 0 ? [{ name: text('report.progress'), value: line(session.closed ? 'report.progress-closed' : 'report.progress-open', progress) }] : []),
		...(source.runbook?.downtime === false ? [] : [{ name: text('report.outage'), value: formatOutage(source, formatter) ?? line('report.outage-none') }]),
	];
}

function formatWho({ opened: { by } }: ReportSource, { line }: Formatter): Line {
	if (!by) return line('report.who-unknown');
	const slots = { user: given(by.user), host: given(by.host) };
	return by.login === undefined ? line('report.who-at', slots) : line('report.who-sudo', { ...slots, login: given(by.login) });
}

/** Undefined when no step of the change was run, or when nothing is down meanwhile. */
function formatOutage({ steps, session, runbook }: ReportSource, { line, times, duration }: Formatter): Line | undefined {
	const { from, to } = downtimeOf(steps, session);
	if (from === undefined || runbook?.downtime === false) return undefined;
	if (to === undefined) return line('report.outage-open', { from: times.clock(from) });
	return line('report.outage-over', { from: times.clock(from), to: times.clock(to), time: duration((Date.parse(to) - Date.parse(from)) / 1000) });
}

function formatNotices({ changed, runbook, session, late }: ReportSource, formatter: Formatter): Line[] {
	const runs = [...session.runs.values()];
	const titles = (of: typeof runs) => formatter.list(of.map((run) => formatter.step(run.step, run.node)));
	const going = runs.filter((run) => isRunActive(run.state));
	const unwritten = runs.filter((run) => late.has(run.id) && !isRunActive(run.state));
	return [
		...(changed ? [formatter.line('report.changed')] : []),
		...(runbook ? [] : [formatter.line('report.no-runbook', { runbook: given(session.runbook) })]),
		...(going.length > 0 ? [formatter.line('report.going-on', { step: titles(going) })] : []),
		...(unwritten.length > 0 ? [formatter.line('report.from-files', { step: titles(unwritten) })] : []),
	];
}

function formatPhaseSteps(source: ReportSource, pictures: ReadonlyMap<string, Picture>, formatter: Formatter): ReportPhase[] {
	const numbers = new Map(source.steps.map((one, index) => [one.key, index + 1]));
	const outage = formatOutage(source, formatter);
	const phaseSteps = phases.flatMap((phase): ReportPhase[] => {
		const steps = source.steps.filter((one) => one.step.phase === phase);
		if (steps.length === 0) return [];
		const timeline = steps.map((one) => formatStep(one, numbers.get(one.key) ?? 0, source, pictures, formatter));
		return [{ phase, title: formatter.text(`phase.${phase}`), ...(phase === 'change' && outage && { outage }), steps: timeline }];
	});
	const others = source.otherSteps.map((key) => formatOtherStep(key, source, pictures, formatter));
	return others.length === 0 ? phaseSteps : [...phaseSteps, { title: formatter.text('report.other-steps'), steps: others }];
}

function formatRollback({ runbook, steps, session }: ReportSource, formatter: Formatter): Pick<ReportContent, 'back' | 'backLeft'> {
	const undos = [...session.runs.values()].filter((run) => run.kind === 'undo');
	const back = undos.map((run) => formatter.line('report.back-step', { at: formatter.times.clock(run.askedAt), step: formatter.step(run.step, run.node), outcome: formatter.outcome(run.state) }));
	const left = runbook ? rollbackSteps(runbook, steps, session) : [];
	if (back.length === 0 || left.length === 0) return { back };
	return { back, backLeft: formatter.line('report.back-left', { steps: formatter.list(left.map(({ run }) => formatter.step(run.step, run.node))) }) };
}

