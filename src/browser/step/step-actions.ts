/** What a reader can do with a step: run it, look, settle it himself, take it back. Asks where the effect says so. */
import type { PlannedStep, WayBackStep } from '../../runbook/session/plan.ts';
import { renderStep, type Rendered } from '../../runbook/command/render.ts';
import type { Mark } from '../../runbook/session/session-event.ts';
import { connection } from '../connection/connection.ts';
import { commandOf } from '../store/command-of.ts';
import type { PageStore } from '../store/page-store.ts';
import { Refused } from '../connection/refused.ts';
import { t } from '../ground/words.ts';

/** Questions are loaded with the first press that asks one. */
const loadQuestions = () => import('../ground/ask.ts');

/** Columns and rows of a terminal that is not open yet. */
const usualSize = { columns: 100, rows: 24 };

/** The size that a run's terminal starts with; the dock says what fits. */
export const terminalSize = { current: usualSize };

/** Renders a step as the page shows it. */
export function renderShown(store: PageStore, planned: PlannedStep): Rendered | undefined {
	return commandOf(store.resolved, planned);
}

export async function runStep(store: PageStore, planned: PlannedStep): Promise<void> {
	const { step, node, key } = planned;
	const changes = step.effect === 'change' || step.effect === 'destroy';
	const questions = changes ? await loadQuestions() : undefined;
	const rendered = renderShown(store, planned);
	if (!rendered) return;
	const object = step.effect === 'destroy' && step.object !== undefined ? store.resolved.answers.get(step.object)?.items[0]?.text : undefined;
	let typed: string | undefined;
	if (questions) {
		typed = await questions.askCommand({
			title: t(step.effect === 'destroy' ? 'confirm.destroy-title' : 'confirm.change-title'),
			effect: step.effect,
			parts: rendered.parts,
			origin: store.originOf,
			gate: planned.pointOfNoReturn,
			object,
			act: t(step.effect === 'destroy' ? 'confirm.destroy' : 'confirm.run'),
		});
		if (typed === undefined) return;
	}
	await start(store, key, {
		step: step.id,
		...(node && { node: node.name }),
		kind: 'run',
		values: { ...store.values },
		preview: rendered.display,
		confirmed: changes,
		...(object !== undefined && typed !== undefined && { object: typed }),
		size: terminalSize.current,
	});
}

/** Renders the undo of what this session did, with the values that it was done with. */
export function renderUndo(store: PageStore, { planned, run, made }: WayBackStep): Rendered | undefined {
	return renderStep(planned.step, 'undo', store.resolveKept(run.values), { ...(planned.node && { node: planned.node }), ...(made && { made }) });
}

export async function undoStep(store: PageStore, entry: WayBackStep): Promise<void> {
	const { step, node, key } = entry.planned;
	const { askCommand } = await loadQuestions();
	const rendered = renderUndo(store, entry);
	if (!rendered) return;
	const answer = await askCommand({
		title: t('confirm.undo-title'),
		effect: 'change',
		parts: rendered.parts,
		origin: () => undefined,
		gate: false,
		act: t('confirm.undo'),
	});
	if (answer === undefined) return;
	const request = { step: step.id, ...(node && { node: node.name }), kind: 'undo' as const, values: { ...store.values } };
	await start(store, `undo:${key}`, { ...request, preview: rendered.display, confirmed: true, size: terminalSize.current });
}

type Request = Parameters<NonNullable<PageStore['server']>['run']>[0];

async function start(store: PageStore, key: string, request: Request): Promise<void> {
	await store.attempt(async () => {
		try {
			const run = await store.server?.run(request, [...store.detected]);
			if (run !== undefined) store.dispatchEvent(new CustomEvent('run', { detail: { run, focus: false } }));
		} catch (error) {
			if (!(error instanceof Refused) || !error.preview) throw error;
			const { tellStale } = await loadQuestions();
			tellStale(error.preview.shown, error.preview.rendered);
		}
	}, key);
}

export async function lookAtStep(store: PageStore, { step, node, key }: PlannedStep): Promise<void> {
	await store.attempt(async () => store.server?.look({ step: step.id, ...(node && { node: node.name }), for: 'done', values: { ...store.values } }), key);
}

export async function cancelRun(store: PageStore, run: string, key: string): Promise<void> {
	await store.attempt(async () => connection.api?.cancel(run), key);
}

export async function markStep(store: PageStore, { step, node, key, status, unchecked }: PlannedStep, mark: Mark): Promise<void> {
	const isUnchecked = unchecked !== undefined && status.kind !== 'failed' && status.kind !== 'stale';
	const reason = mark === 'skipped' || mark === 'overridden' ? await askWhy(store, step.id, mark, isUnchecked) : '';
	if (reason === undefined) return;
	await store.mark({ step: step.id, node: node?.name, mark, reason }, key);
}

async function askWhy(store: PageStore, step: string, mark: 'skipped' | 'overridden', isUnchecked: boolean): Promise<string | undefined> {
	const { askReason } = await loadQuestions();
	const title = t(mark === 'skipped' ? 'reason.skip-title' : isUnchecked ? 'reason.unchecked-title' : 'reason.override-title', { step: store.names.step(step) });
	return askReason(title, t(mark === 'skipped' ? 'reason.skip' : 'reason.override'));
}
