/**
 * The report as Markdown, for a ticket. Whatever is not ours stands in code: a span with more backticks around it than any run inside, or a fence of
 * which the same is true. Nothing inside either is markup, a mention or a link, whoever renders it.
 *
 * Source: CommonMark 0.31, sections 4.5 and 6.1.
 */
import { strong, words, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import { shorten } from '../shorten.ts';
import type { ReportContent, ReportLine, ReportRun, ReportStep, ReportPhase } from '../report-content.ts';
import type { Formatter } from '../format/formatter.ts';
import { makeVisible, makeVisibleLine } from '../visible.ts';

export function writeMarkdown(content: ReportContent, pictures: ReadonlyMap<string, Picture>, formatter: Formatter): string {
	const one = (one: ReportPhase) => writePhase(one, pictures, formatter);
	const blocks = [
		`# ${write(content.heading)}`,
		list(content.facts.map(({ name, value }) => write(named(words(name), value, formatter)))),
		...content.notices.map((notice) => `> ${write(notice)}`),
		`## ${formatter.text('report.values')}`,
		content.values.length === 0 ? formatter.text('report.values-none') : list(content.values.map((value) => writeValue(value, formatter))),
		...(content.valueChanges.length === 0 ? [] : [`### ${formatter.text('report.values-changed')}`, list(content.valueChanges.map(write))]),
		...(content.phases.length === 0 ? [] : [`## ${formatter.text('report.phases')}`, list(content.phases.map(write))]),
		...(content.accepted.length === 0 ? [] : [`## ${formatter.text('report.accepted')}`, list(content.accepted.map(write))]),
		...content.phaseSteps.flatMap(one),
		`## ${formatter.text('back.title')}`,
		content.back.length === 0 ? formatter.text('report.back-none') : list(content.back.map(write)),
		...(content.backLeft ? [write(content.backLeft)] : []),
		'---',
		write(content.made),
	];
	return `${blocks.join('\n\n')}\n`;
}

function writePhase({ title, outage, steps }: ReportPhase, pictures: ReadonlyMap<string, Picture>, formatter: Formatter): string[] {
	const down = outage ? [write(named(words(formatter.text('report.outage')), outage, formatter))] : [];
	return [`## ${escape(title)}`, ...down, ...steps.flatMap((step) => writeStep(step, pictures, formatter))];
}

function writeStep(step: ReportStep, pictures: ReadonlyMap<string, Picture>, formatter: Formatter): string[] {
	const number = step.number === undefined ? '' : `${step.number}\\. `;
	const gate = step.gate ? [write(named(words(formatter.text('gate.words')), words(formatter.text('gate.why')), formatter))] : [];
	const history = step.history.map((one) => (one.kind === 'line' ? list([writeSeen(one)]) : writeRun(one, pictures.get(one.id), formatter).join('\n\n')));
	return [`### ${number}${write(formatter.line('report.named', { name: step.title, value: step.word }))}`, ...gate, writeSeen(step.standing), ...history];
}

function writeSeen({ line, saw }: ReportLine): string {
	return [write(line), ...(saw.length > 0 ? ['', ...saw.map((one) => `- ${write(one)}`)] : [])].join('\n');
}

function writeRun(run: ReportRun, picture: Picture | undefined, formatter: Formatter): string[] {
	const text = picture ? shorten(picture.text, (count) => formatter.line('report.lines-left-out', { count }).map((piece) => piece.text).join('')) : [];
	return [
		`#### ${write(run.heading)}`,
		fence(run.command, 'sh'),
		list([write(run.outcome), ...run.details.map(write)]),
		...(text.length > 0 ? [fence(text.join('\n'), 'text')] : []),
	];
}

function writeValue({ label, lines, origin }: ReportContent['values'][number], formatter: Formatter): string {
	const [first, ...more] = lines.map(write);
	if (more.length === 0) return write(named(label, formatter.line('report.value-of', { value: lines[0] ?? [], origin }), formatter));
	return [write(formatter.line('report.value-of', { value: strong(label), origin })), `  - ${first}`, ...more.map((one) => `  - ${one}`)].join('\n');
}

const named = (name: Line, value: Line, formatter: Formatter) => formatter.line('report.named', { name: strong(name), value });

const list = (items: readonly string[]) => items.map((item) => `- ${item.replaceAll('\n', '\n  ').replace(/^ +$/gm, '')}`).join('\n');

function write(line: Line): string {
	return line.map((piece) => (piece.kind === 'given' ? codeSpan(piece.text) : 'strong' in piece ? `**${escape(piece.text)}**` : escape(piece.text))).join('');
}

/** Our own words may hold what Markdown acts on, a pipe or a name in angle brackets. */
function escape(text: string): string {
	return text.replace(/[\\`*_[\]<>#|~&$]/g, '\\$&');
}

function longestTicks(text: string): number {
	return Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
}

/** One line of code. A blank at either edge keeps a backtick there apart from ours; it is not shown. */
function codeSpan(text: string): string {
	const shown = makeVisibleLine(text);
	if (shown.trim() === '') return '` `';
	const ticks = '`'.repeat(longestTicks(shown) + 1);
	const blank = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
	return `${ticks}${blank}${shown}${blank}${ticks}`;
}

function fence(text: string, language: string): string {
	const shown = makeVisible(text.replace(/\r\n?/g, '\n'));
	const ticks = '`'.repeat(Math.max(3, longestTicks(shown) + 1));
	return `${ticks}${language}\n${shown}\n${ticks}`;
}
