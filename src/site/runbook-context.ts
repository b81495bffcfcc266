/** What the parts of a runbook's page know of it while the page is built. */
import type { FamilyContent, LocaleWords } from '../content/content.ts';
import { declaredOf, hintWords, sentencesOf, stepTitle, wordsIn } from '../content/content.ts';
import type { DeclaredDetection } from '../families/declared.ts';
import { rulesOf } from '../families/families.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Names } from '../i18n/format.ts';
import type { ValueOrigin } from './draw-part.ts';
import type { ParameterWords } from '../content/words.ts';
import type { Command, Runbook, Step } from '../runbook/definition/definition.ts';
import { renderCommand, renderStep, type Rendered } from '../runbook/command/render.ts';
import { resolve, type Resolved } from '../runbook/values/resolve.ts';
import { firstTarget } from '../runbook/session/targets.ts';
import { guidePageOf } from './guide-page.ts';

export interface RunbookContext {
	readonly family: FamilyContent;
	readonly runbook: Runbook;
	readonly locale: Locale;
	readonly words: LocaleWords;
	/** The form as it is before anything was typed. */
	readonly resolved: Resolved;
	readonly names: Names;
}

/** What the page's script needs besides the document; travels as JSON. */
export interface RunbookData {
	readonly runbook: Runbook;
	readonly title: string;
	readonly labels: Readonly<Record<string, string>>;
	/** Sentences of the family's rules and of what it detects. */
	readonly sentences: Readonly<Record<string, string>>;
	readonly declared: readonly DeclaredDetection[];
	readonly titles: Readonly<Record<string, string>>;
	/** Sentences of hints, as `step.hint`. */
	readonly hints: Readonly<Record<string, string>>;
	/** Addresses of the pages of the guide that say more about a hint, as `step.hint`, from the root of the site without the first slash. */
	readonly guide: Readonly<Record<string, string>>;
}

export function makeContext(family: FamilyContent, runbook: Runbook, locale: Locale): RunbookContext {
	const words = wordsIn(family, locale);
	const names: Names = {
		parameter: (name) => words.family.parameters[name]?.label ?? words.runbooks[runbook.id]?.outputs[name] ?? name,
		step: (id) => stepTitle(words, runbook, id),
		runbook: (id) => words.runbooks[id]?.title ?? id,
	};
	return { family, runbook, locale, words, resolved: resolve(runbook, rulesOf(runbook.family), {}), names };
}

export function pageData({ family, runbook, words, names, locale }: RunbookContext): RunbookData {
	const hints = runbook.steps.flatMap((step) => Object.keys(step.hints).map((hint) => ({ step: step.id, hint, key: `${step.id}.${hint}` })));
	const own = Object.keys(runbook.parameters).flatMap((name): [string, ParameterWords][] => {
		const found = words.family.parameters[name];
		return found ? [[name, found]] : [];
	});
	return {
		runbook,
		title: names.runbook(runbook.id),
		sentences: sentencesOf(family, locale),
		declared: declaredOf(family),
		labels: Object.fromEntries([...own.map(([name, one]): [string, string] => [name, one.label]), ...Object.keys(runbook.outputs ?? {}).map((name): [string, string] => [name, names.parameter(name)])]),
		titles: Object.fromEntries(runbook.steps.map((step) => [step.id, names.step(step.id)])),
		hints: Object.fromEntries(hints.map(({ step, hint, key }) => [key, hintWords(words, runbook, step, hint)])),
		guide: Object.fromEntries(
			hints.flatMap(({ step, hint, key }) => {
				const page = guidePageOf(runbook.family, step, hint, locale);
				return page === undefined ? [] : [[key, page.slice(1)]];
			}),
		),
	};
}

/** The command that a reader without scripts sees: the one of the defaults or, where none applies to them, the first. */
export function renderForReading(step: Step, kind: 'run' | 'undo', { resolved }: RunbookContext): { rendered?: Rendered; applies: boolean } {
	const target = firstTarget(step, resolved);
	const applies = target?.applies ?? false;
	const on = target?.node ? { node: target.node } : {};
	const rendered = renderStep(step, kind, resolved, on);
	if (rendered) return { rendered, applies };
	const [first] = step[kind];
	if (!first) return { applies };
	const { when: _, ...always } = first;
	const shown = renderCommand([always satisfies Command], resolved, { step: step.id, ...on });
	return { ...(shown && { rendered: shown }), applies };
}

/** Origins before anything was typed. */
export function builtOrigin(resolved: Resolved): (parameter: string) => ValueOrigin | undefined {
	return (parameter) => {
		const origin = resolved.answers.get(parameter)?.origin;
		return origin === 'given' ? 'typed' : origin;
	};
}
