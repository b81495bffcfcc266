/** How a step stands, in sentences: what happened, how it ended, how long it took, what the check saw. */
import { formatDuration, formatRun } from '../../i18n/format.ts';
import type { Observation } from '../../runbook/check/observation.ts';
import type { PlannedStep } from '../../runbook/session/plan.ts';
import type { SessionRun } from '../../runbook/session/session.ts';
import { make, replaceIfChanged } from '../ground/dom.ts';
import { formatTime } from '../ground/locale.ts';
import type { PageStore } from '../store/page-store.ts';
import { secondsSince } from '../ground/ticking.ts';
import { t } from '../ground/words.ts';

type Tone = 'good' | 'bad' | 'doubt' | 'plain';

/** Draws the state of a target. Elapsed time is not announced: it would never stop. */
export function drawTargetState(place: Element, planned: PlannedStep, store: PageStore): void {
	const lines = linesOf(planned, store);
	const stamp = lines.map((line) => line.textContent).join('\n');
	if (isUnderWay(planned)) place.setAttribute('aria-live', 'off');
	else place.removeAttribute('aria-live');
	replaceIfChanged(place, lines, stamp);
}

/** Something is going on whose end is not known: time passes in sight. */
export function isUnderWay({ status, settled }: PlannedStep): boolean {
	return status.kind === 'running' || (status.kind === 'ran' && !settled);
}

function awaitedWords(since: string, usually: number | undefined): string {
	const elapsed = formatDuration(secondsSince(since), t);
	return usually === undefined ? t('state.checking', { elapsed }) : t('state.checking-usually', { elapsed, usually: formatDuration(usually, t) });
}

function evidenceOf(store: PageStore): (saw: readonly Observation[]) => HTMLElement[] {
	return (saw) => (saw.length === 0 ? [] : [make('ul', { class: 'evidence' }, ...saw.map((one) => make('li', {}, store.formatObservation(one))))]);
}

function linesOf(planned: PlannedStep, store: PageStore): HTMLElement[] {
	const { status } = planned;
	const last = 'run' in status && status.run !== undefined ? store.session?.runs.get(status.run) : lastRun(planned, store);
	const evidence = evidenceOf(store);
	const outcome = last ? [outcomeLine(last, planned)] : [];
	const signals = last ? signalLines(last) : [];
	if (status.kind === 'running') {
		const elapsed = formatDuration(secondsSince(status.at), t);
		const usually = planned.usuallySeconds;
		const line = usually === undefined ? t('state.running', { at: formatTime(status.at), elapsed }) : t('state.running-usually', { at: formatTime(status.at), elapsed, usually: formatDuration(usually, t) });
		const held = last && (last.state.kind === 'running' && (last.state.stopped || last.state.reach === 'signals-only' || last.state.unseenSince !== undefined)) ? [make('p', { 'data-tone': 'doubt' }, formatRun(last.state, t))] : [];
		return [toned('good', line), ...held, ...signals];
	}
	if (!planned.applies) return status.kind === 'todo' ? [toned('plain', t('state.not-applicable'))] : [];
	return [...standingLines(planned, store, last, outcome, signals), ...uncheckedLines(planned, evidence)];
}

/** The last check could not be done: what is known stands, and this beside it. */
function uncheckedLines({ unchecked, status }: PlannedStep, evidence: (saw: readonly Observation[]) => HTMLElement[]): HTMLElement[] {
	if (!unchecked) return [];
	const nothingKnown = status.kind === 'todo' || status.kind === 'ran' || status.kind === 'undone' || status.kind === 'unknown';
	return [toned('doubt', t(nothingKnown ? 'state.unchecked' : 'state.unchecked-since', { at: formatTime(unchecked.at) })), ...evidence(unchecked.saw)];
}

function standingLines(planned: PlannedStep, store: PageStore, last: SessionRun | undefined, outcome: HTMLElement[], signals: HTMLElement[]): HTMLElement[] {
	const { status, unchecked } = planned;
	const evidence = evidenceOf(store);
	switch (status.kind) {
		case 'running':
			return [];
		case 'todo':
			return progressLines(planned, store);
		case 'ran':
			if (planned.settled) return [toned('plain', t('state.ran', { at: formatTime(status.at) })), ...outcome];
			if (unchecked) return outcome;
			return [...outcome, toned('plain', awaitedWords(last?.askedAt ?? status.at, planned.usuallySeconds)), ...progressLines(planned, store)];
		case 'verified':
			return [...outcome, toned('good', t('state.verified', { at: formatTime(status.at) })), ...evidence(status.saw)];
		case 'warned':
			return [...outcome, toned('doubt', t('state.warned', { at: formatTime(status.at) })), ...evidence(status.saw)];
		case 'found':
			return [toned('good', t('state.found', { at: formatTime(status.at) })), ...evidence(status.saw)];
		case 'failed':
			return [toned('bad', t(`state.failed-${status.why}`, { at: formatTime(status.at) })), ...outcome, ...evidence(status.saw), ...signals];
		case 'unknown':
			return [...outcome, toned('doubt', t('state.unknown'))];
		case 'stale':
			return [toned('doubt', t('state.stale', { since: formatTime(status.since), at: formatTime(status.at) })), ...evidence(status.saw)];
		case 'undone':
			return [toned('plain', t('state.undone', { at: formatTime(status.at) }))];
		case 'by-hand':
			return [toned('plain', t('state.by-hand', { at: formatTime(status.at) }))];
		case 'skipped':
			return [toned('plain', t('state.skipped', { at: formatTime(status.at), reason: status.reason }))];
		case 'overridden':
			return [toned('doubt', t(status.accepted?.result === 'could-not-check' ? 'state.overridden-unchecked' : 'state.overridden', { at: formatTime(status.at), reason: status.reason })), ...evidence(status.accepted?.saw ?? [])];
	}
}

function toned(tone: Tone, text: string): HTMLElement {
	return make('p', { 'data-tone': tone }, text);
}

function progressLines({ key }: PlannedStep, store: PageStore): HTMLElement[] {
	const looking = store.looking.get(key);
	if (!looking) return [];
	const saw = looking.saw.map((one) => store.formatObservation(one)).join(' ');
	return [make('p', { class: 'outcome' }, `${t('state.looking', { attempt: looking.attempt })} ${saw}`)];
}

function lastRun({ step, node }: PlannedStep, store: PageStore): SessionRun | undefined {
	return [...(store.session?.runs.values() ?? [])].findLast((run) => run.step === step.id && run.node === node?.name && run.kind === 'run');
}

function outcomeLine(run: SessionRun, { usuallySeconds }: PlannedStep): HTMLElement {
	const { state } = run;
	const took = state.kind === 'ended' ? tookWords(state.elapsedMs / 1000, usuallySeconds) : '';
	const stayers = state.kind === 'ended' && state.stayers.length > 0 ? ` ${t('state.stayers', { names: state.stayers.map((one) => `${one.name} (${one.pid})`).join(t('list.separator')) })}` : '';
	return make('p', { class: 'outcome' }, `${formatRun(state, t)}${took === '' ? '' : ` · ${took}`}${stayers}`);
}

function tookWords(seconds: number, usually: number | undefined): string {
	const time = formatDuration(seconds, t);
	return usually === undefined ? t('state.took', { time }) : t('state.took-usually', { time, usually: formatDuration(usually, t) });
}

/** What a cancel did, rung by rung. */
function signalLines(run: SessionRun): HTMLElement[] {
	const names = (list: readonly { readonly name: string; readonly pid: number }[]) => list.map((one) => `${one.name} (${one.pid})`).join(t('list.separator'));
	return run.signals.flatMap((event) => {
		if (event.type === 'run.signalled') {
			const sent = event.sent.length > 0 ? [make('p', { class: 'outcome' }, t('state.signal', { signal: event.signal, to: names(event.sent) }))] : [];
			const refused = event.refused.length > 0 ? [toned('doubt', t('state.signal-refused', { signal: event.signal, names: names(event.refused) }))] : [];
			return [...sent, ...refused];
		}
		return event.remaining.length > 0 ? [toned('doubt', t('state.remaining', { names: names(event.remaining) }))] : [];
	});
}
