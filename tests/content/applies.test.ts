/**
 * What applies is one rule: page, server, Markdown page and command line say the same of every step, on every node, for every set of values that a condition of a
 * runbook asks for: whether it applies, whether the reader does it himself, whether only the backup leads back after it, and its exact command.
 */
import { join } from 'node:path';
import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { renderRows } from '../../cli/render.ts';
import { createRunbookStore, type RunbookStore } from '../../server/runbooks.ts';
import type { Runs } from '../../server/runs/runs.ts';
import type { LiveSession, SessionStore } from '../../server/sessions/session-store.ts';
import { createStepRunner } from '../../server/sessions/step-runner.ts';
import type { PageStore } from '../../src/browser/store/page-store.ts';
import type { FamilyContent } from '../../src/content/content.ts';
import { readContent } from '../../src/content/read-content.ts';
import { strings } from '../../src/i18n/strings.ts';
import { describeChecks } from '../../src/site/describe-check.ts';
import { runbookMarkdown } from '../../src/site/markdown.ts';
import { makeContext } from '../../src/site/runbook-context.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import { planSteps, type PlannedStep } from '../../src/runbook/session/plan.ts';
import { Refusal } from '../../src/runbook/problem.ts';
import type { Rendered } from '../../src/runbook/command/render.ts';
import type { Resolved } from '../../src/runbook/values/resolve.ts';
import { foldSession } from '../../src/runbook/session/session.ts';
import type { SessionEvent } from '../../src/runbook/session/session-event.ts';
import { targetsOf } from '../../src/runbook/session/targets.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { runbookNamed } from '../rig/runbooks/walk.ts';
import { valueSetsOf } from './value-sets.ts';

const root = join(import.meta.dirname, '../..');
const roots = { manual: root, fixture: join(root, 'tests/fixture'), pages: join(root, 'tests/e2e/content'), report: join(root, 'tests/server/report/content') };
const families = Object.entries(roots).flatMap(([place, folder]) => readContent(folder).families.map((family) => ({ place, family })));
const cases = families.flatMap(({ place, family }) => family.runbooks.map((runbook) => ({ place, family, runbook, id: runbook.id })));

let renderShown: (store: PageStore, planned: PlannedStep) => Rendered | undefined;

beforeAll(async () => {
	vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible', documentElement: { dataset: { locale: 'en', root: './' } } }));
	vi.stubGlobal('location', new URL('http://127.0.0.1:4600/en/'));
	({ renderShown } = await import('../../src/browser/step/step-actions.ts'));
});

afterAll(() => {
	vi.unstubAllGlobals();
});

const where = ({ step, node }: PlannedStep) => `${step.id}${node ? `@${node.name}` : ''}`;
const page = (planned: PlannedStep, resolved: Resolved) => renderShown({ resolved } as PageStore, planned);

/** What the server does with a request for a step, when all before it is settled: the name of its refusal, or what it would start. */
async function ask(store: RunbookStore, runbook: Runbook, values: Values, planned: PlannedStep, earlier: readonly PlannedStep[], preview: string) {
	const opened: SessionEvent = { type: 'session.opened', session: 's', runbook: runbook.id, name: 'n', definition: 'd', drover: '1' };
	const marks = earlier.filter((one) => one.applies).map(({ step, node }): SessionEvent => ({ type: 'step.marked', step: step.id, ...(node && { node: node.name }), mark: 'by-hand', reason: '' }));
	const entries = [opened, { type: 'values.set', values, detected: [] } as SessionEvent, ...marks].map((event, index) => ({ n: index + 1, at: '2026-01-01T00:00:00.000Z', event }));
	const live = { id: 's', entries, session: foldSession(entries), notices: [], append: () => entries[0] } as unknown as LiveSession;
	const started: { argv: readonly string[]; env: object; display: string }[] = [];
	const runs = { start: (one: (typeof started)[number]) => started.push(one), list: () => [] } as unknown as Runs;
	const sessions = { events: new EventEmitter(), get: () => live, list: () => [live], damaged: () => [] } as unknown as SessionStore;
	const runner = createStepRunner({ runbooks: store, sessions, runs: () => runs, folder: '/', onChecking: () => undefined });
	const { step, node } = planned;
	const object = resolvedObject(store, runbook, values, planned);
	const request = { session: 's', runbook: runbook.id, step: step.id, ...(node && { node: node.name }), kind: 'run' as const, values, preview, confirmed: true, ...(object !== undefined && { object }), size: { columns: 80, rows: 24 } };
	const run = await runner.start(request).then(() => started[0], namesOf);
	const mark = tryTo(() => runner.mark(live, { step: step.id, ...(node && { node: node.name }), mark: 'by-hand', reason: '' }));
	// A check that applies would really be looked at.
	const probe = planned.applies && planned.hasCheck ? [] : await runner.check(live, { step: step.id, ...(node && { node: node.name }), for: 'done', values }).then(() => [], namesOf);
	await runner.close();
	return { run, mark, probe };
}

function resolvedObject(store: RunbookStore, runbook: Runbook, values: Values, { step }: PlannedStep): string | undefined {
	return step.object === undefined ? undefined : (store.resolve(runbook, values).answers.get(step.object)?.items[0]?.text ?? '');
}

function namesOf(error: unknown): string[] {
	if (!(error instanceof Refusal)) throw error;
	return error.problems.map(({ name }) => name);
}

function tryTo(act: () => void): string[] {
	try {
		act();
		return [];
	} catch (error) {
		return namesOf(error);
	}
}

/** A runbook whose steps are not looked for before they run: a test runs no check of the content. */
function withoutSkips(family: FamilyContent): RunbookStore {
	const runbooks = family.runbooks.map((runbook) => ({ ...runbook, steps: runbook.steps.map((step) => ({ ...step, skipWhen: [] })) }));
	return createRunbookStore({ families: [{ ...family, runbooks }], runbooks, lintErrors: [] });
}

describe.each(cases)('$place: $id', ({ family, runbook }) => {
	const store = withoutSkips(family);
	const sets = valueSetsOf(runbook).map((values) => ({ values, resolved: store.resolve(runbook, values) }));

	test('the command line says of every step what the page says', () => {
		for (const { values, resolved } of sets) {
			const planned = planSteps(runbook, resolved, undefined);
			const { rows } = renderRows(runbook.steps, resolved, false);

			const said = rows.map(({ id, node, skipped, way, pointOfNoReturn, command, argv }) => ({ where: `${id}${node === null ? '' : `@${node}`}`, applies: !skipped, way, gate: pointOfNoReturn, command, argv }));
			const shown = planned.map((one) => ({ where: where(one), applies: one.applies, way: one.way, gate: one.pointOfNoReturn, command: page(one, resolved)?.display ?? null, argv: page(one, resolved)?.masked.argv ?? null }));
			expect(said, JSON.stringify(values)).toEqual(shown);
		}
	});

	test('the server accepts what the page offers, and refuses by name what it does not', async () => {
		for (const { values, resolved } of sets) {
			const planned = planSteps(runbook, resolved, undefined);
			for (const [index, one] of planned.entries()) {
				const shown = page(one, resolved);
				const answer = await ask(store, runbook, values, one, planned.slice(0, index), shown?.display ?? '');

				const about = `${where(one)} ${JSON.stringify(values)}`;
				expect(answer.run, about).toEqual(expectedRun(one, resolved, shown));
				expect(answer.mark.includes('step.not-applicable'), about).toBe(!one.applies);
				expect(answer.probe, about).toEqual(!one.applies ? ['step.not-applicable'] : one.hasCheck ? [] : ['step.nothing-to-look-at']);
			}
		}
	});

	test('the checks that are told are those that are made, on every node, with its values', () => {
		for (const { values, resolved } of sets) {
			for (const step of runbook.steps) {
				for (const checks of [step.doneWhen, step.skipWhen]) {
					const told = describeChecks(checks, step, { resolved }, strings('en')).map(({ asks }) => asks);
					const applying = targetsOf(step, resolved).filter(({ applies }) => applies);
					const probes = applying.flatMap(({ node }) => checks.map((check) => prepareCheck(check, resolved, { step: step.id, ...(node && { node }) }))).filter((one) => one !== undefined);

					const about = `${step.id} ${JSON.stringify(values)}`;
					const made = probes.flatMap(({ probe }) => (probe ? [probe.kind === 'http' ? probe.request.url : probe.kind === 'file' ? probe.path : (probe.command.parts.find(({ role }) => role === 'script')?.text.trim() ?? probe.command.display)] : []));
					for (const one of made) expect(told, about).toContain(one);
					if (applying.length > 0 && probes.every(({ probe }) => probe)) expect([...new Set(told)].sort(), about).toEqual([...new Set(made)].sort());
				}
			}
		}
	});

});

// Pages are read below the folder that a site is built from: the manual's own.
describe.each(cases.filter(({ place }) => place === 'manual'))('$place: $id', ({ family, runbook }) => {
	const store = createRunbookStore({ families: [family], runbooks: family.runbooks, lintErrors: [] });
	const sets = valueSetsOf(runbook).map((values) => ({ values, resolved: store.resolve(runbook, values) }));

	test('the Markdown page says of every step whether it applies, who does it, and its command', () => {
		for (const locale of ['en', 'zh'] as const) {
			const t = strings(locale);
			const context = makeContext(family, runbook, locale);
			for (const { values, resolved } of sets) {
				const sections = runbookMarkdown({ ...context, resolved }).split(/^## (?=\d+\. )/m).slice(1);

				expect(sections.length).toBe(runbook.steps.length);
				for (const [index, step] of runbook.steps.entries()) {
					const section = sections[index] ?? '';
					const targets = planSteps(runbook, resolved, undefined).filter((one) => one.step.id === step.id);
					const about = `${step.id} ${JSON.stringify(values)}`;
					expect(section.includes(t('step.when-needed')), about).toBe(!targets.some(({ applies }) => applies));
					expect(section.split('\n').some((line) => line.startsWith('*') && line.includes(t('step.facts-by-hand'))), about).toBe(step.byHand);
					expect(section.includes(`**${t('gate.words')}**`), about).toBe((targets.find(({ applies }) => applies) ?? targets[0])?.pointOfNoReturn);
					const [shown] = targets.flatMap((one) => (one.applies ? [page(one, resolved)?.display] : []));
					if (shown !== undefined) expect(section, about).toContain(`\n${shown}\n`);
				}
			}
		}
	});
});

function expectedRun({ step, applies, way, node }: PlannedStep, resolved: Resolved, shown: Rendered | undefined): unknown {
	if (!applies) return ['step.not-applicable'];
	if (step.byHand) return ['step.by-hand'];
	if (way !== 'run') return [step.run.length > 0 && node ? 'node.elsewhere' : 'step.no-command'];
	if (resolved.refused.length > 0) return resolved.refused.map(({ name }) => name);
	if (!shown || shown.problems.length > 0) return shown?.problems.map(({ name }) => name);
	return expect.objectContaining({ argv: shown.argv, env: shown.env, display: shown.display });
}

test('nodes elsewhere have their own start command', () => {
	const runbook = runbookNamed('high-availability');
	const resolved = createRunbookStore(readContent(root)).resolve(runbook, { nodes: [{ name: 'one', ssh: '', address: '10.0.0.1' }, { name: 'two', ssh: 'root@two', address: '10.0.0.2' }] });
	const others = runbook.steps.find((step) => step.id === 'start-others');

	expect(others && targetsOf(others, resolved).map(({ node, applies, way }) => [node?.name, applies, way])).toEqual([['one', false, 'run'], ['two', true, 'by-hand']]);
});
