/**
 * The report as Markdown, for a ticket. Whatever is not ours stands in code: a span with more backticks around it than any run inside, or a fence of
 * which the same is true. Nothing inside either is markup, a mention or a link, whoever renders it.
 *
 * Source: CommonMark 0.31, sections 4.5 and 6.1.
 */
import { strong, words, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import { shorten } from '../shorten.ts';
import type { Told, ToldLine, ToldRun, ToldStep, ToldPhase } from '../told.ts';
import type { Teller } from '../tell/teller.ts';
import { makeVisible, makeVisibleLine } from '../visible.ts';

export function writeMarkdown(told: Told, pictures: ReadonlyMap<string, Picture>, teller: Teller): string {
	const one = (one: ToldPhase) => writePhase(one, pictures, teller);
	const blocks = [
		`# ${write(told.heading)}`,
		list(told.facts.map(({ name, value }) => write(named(words(name), value, teller)))),
		...told.notices.map((notice) => `> ${write(notice)}`),
		`## ${teller.text('report.values')}`,
		told.values.length === 0 ? teller.text('report.values-none') : list(told.values.map((value) => writeValue(value, teller))),
		...(told.valueChanges.length === 0 ? [] : [`### ${teller.text('report.values-changed')}`, list(told.valueChanges.map(write))]),
		...(told.phases.length === 0 ? [] : [`## ${teller.text('report.phases')}`, list(told.phases.map(write))]),
		...(told.accepted.length === 0 ? [] : [`## ${teller.text('report.accepted')}`, list(told.accepted.map(write))]),
		...told.phaseSteps.flatMap(one),
		`## ${teller.text('back.title')}`,
		told.back.length === 0 ? teller.text('report.back-none') : list(told.back.map(write)),
		...(told.backLeft ? [write(told.backLeft)] : []),
		'---',
		write(told.made),
	];
	return `${blocks.join('\n\n')}\n`;
}

function writePhase({ title, outage, steps }: ToldPhase, pictures: ReadonlyMap<string, Picture>, teller: Teller): string[] {
	const down = outage ? [write(named(words(teller.text('report.outage')), outage, teller))] : [];
	return [`## ${escape(title)}`, ...down, ...steps.flatMap((step) => writeStep(step, pictures, teller))];
}

function writeStep(step: ToldStep, pictures: ReadonlyMap<string, Picture>, teller: Teller): string[] {
	const number = step.number === undefined ? '' : `${step.number}\\. `;
	const gate = step.gate ? [write(named(words(teller.text('gate.words')), words(teller.text('gate.why')), teller))] : [];
	const history = step.history.map((one) => (one.kind === 'line' ? list([writeSeen(one)]) : writeRun(one, pictures.get(one.id), teller).join('\n\n')));
	return [`### ${number}${write(teller.line('report.named', { name: step.title, value: step.word }))}`, ...gate, writeSeen(step.standing), ...history];
}

function writeSeen({ line, saw }: ToldLine): string {
	return [write(line), ...(saw.length > 0 ? ['', ...saw.map((one) => `- ${write(one)}`)] : [])].join('\n');
}

function writeRun(run: ToldRun, picture: Picture | undefined, teller: Teller): string[] {
	const text = picture ? shorten(picture.text, (count) => teller.line('report.lines-left-out', { count }).map((piece) => piece.text).join('')) : [];
	return [
		`#### ${write(run.heading)}`,
		fence(run.command, 'sh'),
		list([write(run.outcome), ...run.details.map(write)]),
		...(text.length > 0 ? [fence(text.join('\n'), 'text')] : []),
	];
}

function writeValue({ label, lines, origin }: Told['values'][number], teller: Teller): string {
	const [first, ...more] = lines.map(write);
	if (more.length === 0) return write(named(label, teller.line('report.value-of', { value: lines[0] ?? [], origin }), teller));
	return [write(teller.line('report.value-of', { value: strong(label), origin })), `  - ${first}`, ...more.map((one) => `  - ${one}`)].join('\n');
}

const named = (name: Line, value: Line, teller: Teller) => teller.line('report.named', { name: strong(name), value });

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
