/** Every page as plain Markdown, commands filled with their defaults: for who reads in a terminal or in a repository. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hintWords } from '../content/content.ts';
import { splitFrontMatter } from '../content/front-matter.ts';
import { formatDuration } from '../i18n/format.ts';
import { strings } from '../i18n/strings.ts';
import type { Step } from '../runbook/definition/definition.ts';
import { planSteps } from '../runbook/session/plan.ts';
import { firstTarget } from '../runbook/session/targets.ts';
import { contentRoot } from './content-root.ts';
import { describeChecks, type CheckLine } from './describe-check.ts';
import { guidePageOf } from './guide-page.ts';
import { plainTables } from './guide-tables.ts';
import { factsOf } from './runbook-facts.ts';
import { plainAnchors } from '../markdown/heading-anchors.ts';
import { renderForReading, type RunbookContext } from './runbook-context.ts';

/** The body of a page, without front matter. `id` is its path without the ending. */
export function readBody(id: string): string {
	return splitFrontMatter(readFileSync(join(contentRoot, `${id}.mdx`), 'utf8')).body.trim();
}

/** A title, a sentence and a body; addresses of pages become those of their twins. */
export function pageMarkdown(title: string, description: string, body: string): string {
	return `# ${title}\n\n${description}\n\n${twinLinks(body)}\n`;
}

/** A page of the guide: its tables drawn, its anchors as elements. */
export function guideMarkdown(id: string, title: string, description: string): string {
	return pageMarkdown(title, description, plainAnchors(plainTables(readBody(id))));
}

/** `/zh/guide/tags/#latest` becomes `/zh/guide/tags.md#latest`. */
export function twinLinks(text: string): string {
	return text.replace(/\]\((\/[a-z]{2,3}(?:-[a-z0-9]+)*(?:\/[^)\s#]*)?)(#[^)\s]*)?\)/g, (_, path: string, anchor = '') => `](${path.replace(/\/$/, '')}.md${anchor})`);
}

/** The page of a runbook: each `<Step>` becomes a section with its command. */
export function runbookMarkdown(context: RunbookContext): string {
	const { runbook, words, locale } = context;
	const own = words.runbooks[runbook.id];
	const body = readBody(`${words.writtenIn[runbook.id.slice(runbook.family.length + 1)] ?? locale}/runbooks/${runbook.id}`).replace(/<Step\s+id="([^"]+)"\s*(?:\/>|>([\s\S]*?)<\/Step>)/g, (_, id: string, prose = '') => {
		const step = runbook.steps.find((one) => one.id === id);
		return step ? stepMarkdown(step, prose, context) : '';
	});
	return pageMarkdown(own?.title ?? runbook.id, own?.description ?? '', `${factsMarkdown(context)}\n\n${glanceMarkdown(context)}${valuesMarkdown(context)}\n\n${body}`);
}

function stepMarkdown(step: Step, prose: string, context: RunbookContext): string {
	const t = strings(context.locale);
	const shared = step.shared && prose.trim() === '' ? readBody(`${context.words.writtenIn[`steps/${step.id}`] ?? context.locale}/runbooks/${context.runbook.family}/steps/${step.id}`) : prose.trim();
	const number = context.runbook.steps.indexOf(step) + 1;
	const { pointOfNoReturn = false, usuallySeconds } = firstTarget(step, context.resolved) ?? {};
	const facts = [
		t(`phase.${step.phase}`),
		t(`effect.${step.effect}`),
		...(step.byHand ? [t('step.facts-by-hand')] : []),
		...(step.each ? [t(step.each === 'nodes' ? 'step.facts-nodes' : 'step.facts-nodes-in-turn')] : []),
		...(usuallySeconds === undefined ? [] : [t('step.usually', { time: formatDuration(usuallySeconds, t) })]),
		...(step.required ? [t('step.facts-required')] : []),
	];
	const { rendered, applies } = renderForReading(step, 'run', context);
	const undo = renderForReading(step, 'undo', context).rendered;
	const checks = describeChecks(step.doneWhen, step, context, t).map(checkMarkdown);
	const hints = Object.keys(step.hints).map((hint) => hintMarkdown(step, hint, context));
	const parts = [
		`## ${number}. ${context.names.step(step.id)}`,
		`*${facts.join(' · ')}*`,
		...(pointOfNoReturn ? [`> **${t('gate.words')}** ${context.words.family.point_of_no_return ?? t('gate.why')}`] : []),
		...(shared === '' ? [] : [shared]),
		...(applies ? [] : [t('step.when-needed')]),
		...(rendered ? [fence(rendered.display)] : []),
		...(checks.length > 0 ? [`**${t('step.proof')}**`, checks.join('\n')] : []),
		...(undo ? [`**${t('step.undo')}**`, fence(undo.display)] : []),
		...(hints.length > 0 ? [`**${t('hint.all')}**`, hints.join('\n')] : []),
	];
	return parts.join('\n\n');
}

function hintMarkdown(step: Step, hint: string, { runbook, words, locale }: RunbookContext): string {
	const page = guidePageOf(runbook.family, step.id, hint, locale);
	const more = page === undefined ? '' : ` [${strings(locale)('hint.more')}](${page})`;
	return `- ${hintWords(words, runbook, step.id, hint)}${more}`;
}

/** A command of several lines has a fence of its own. */
function checkMarkdown({ asks, expects }: CheckLine): string {
	if (!asks.includes('\n')) return `- ${inlineCode(asks)} ${expects}`;
	return `-\n${fence(asks).replace(/^(?=.)/gm, '  ')}\n\n  ${expects}\n`;
}

function factsMarkdown({ runbook, resolved, locale, names }: RunbookContext): string {
	const t = strings(locale);
	const { steps, outage, gate } = factsOf(planSteps(runbook, resolved, undefined), t, runbook);
	const line = (label: string, value: string) => t('facts.line', { label, value });
	const gates = gate ? [line(t('facts.gate'), gate.step === undefined ? t('facts.gate-none') : names.step(gate.step))] : [];
	return [line(t('facts.steps'), steps), ...(outage === undefined ? [] : [line(t('facts.outage'), outage)]), ...gates].join('\n');
}

/** The commands at a glance; a script stands at its step. */
function glanceMarkdown(context: RunbookContext): string {
	const t = strings(context.locale);
	const rows = context.runbook.steps.filter(({ glance }) => glance).flatMap((step) => {
		const { rendered, applies } = renderForReading(step, 'run', context);
		if (!rendered || !applies) return [];
		const isScript = rendered.parts.some(({ role }) => role === 'script');
		return [`**${context.names.step(step.id)}**\n\n${isScript ? t('glance.script') : fence(rendered.display)}`];
	});
	return rows.length === 0 ? '' : `## ${t('glance.title')}\n\n${t('glance.words')}\n\n${rows.join('\n\n')}\n\n`;
}

function valuesMarkdown({ runbook, words, resolved, locale }: RunbookContext): string {
	const t = strings(locale);
	const lines = Object.keys(runbook.parameters).map((name) => {
		const own = words.family.parameters[name];
		const standard = resolved.answers.get(name)?.items[0];
		const value = standard && !standard.secret ? t('values.standard', { origin: t('origin.default'), value: inlineCode(standard.text) }) : '';
		return `- ${t('values.line', { label: `**${own?.label ?? name}**`, name: inlineCode(name), standard: value, help: own?.help ?? '' })}`;
	});
	return `## ${t('sidebar.values')}\n\n${lines.join('\n')}`;
}

/** A fence longer than any inside. */
function fence(text: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const marks = '`'.repeat(longest + 1);
	return `${marks}sh\n${text}\n${marks}`;
}

function inlineCode(text: string): string {
	const marks = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
	return `${marks}${text}${marks}`;
}
