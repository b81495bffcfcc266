/**
 * The report as one page that needs nothing else: no network, no script to be read, and a policy that allows exactly its own style and script, also when
 * it is opened from the disk. Whatever is not ours is escaped text; recordings stand in it as data.
 */
import { shapeOf } from '../../../src/i18n/step-state.ts';
import { languageTag } from '../../../src/i18n/locale.ts';
import { plainText, strong, words, type Line } from '../line.ts';
import type { Picture } from '../picture.ts';
import { shorten } from '../shorten.ts';
import type { ReportContent, ReportLine, ReportRun, ReportStep, ReportPhase, ReportValue } from '../report-content.ts';
import type { Formatter } from '../format/formatter.ts';
import { makeVisible, makeVisibleLine } from '../visible.ts';
import { readPageParts } from './page/page-parts.ts';

type Pictures = ReadonlyMap<string, Picture>;

export function writeHtml(content: ReportContent, pictures: Pictures, formatter: Formatter): string {
	const { style, script, shapes, policy } = readPageParts();
	const title = makeVisibleLine(plainText(content.heading));
	return `<!doctype html>
<html lang="${languageTag(content.locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false">${shapes}</svg>
<header>
${mark}
<h1>${write(content.heading)}</h1>
</header>
<main>
<dl class="facts">
${content.facts.map(({ name, value }) => `<dt>${escape(name)}</dt><dd>${write(value)}</dd>`).join('\n')}
</dl>
${writeNotices(content, formatter)}
${writeOverview(content, formatter)}
<h2>${escape(formatter.text('report.values'))}</h2>
${content.values.length === 0 ? `<p>${escape(formatter.text('report.values-none'))}</p>` : `<dl class="values">\n${content.values.map((value) => writeValue(value, formatter)).join('\n')}\n</dl>`}
${content.valueChanges.length === 0 ? '' : `<h3>${escape(formatter.text('report.values-changed'))}</h3>\n${list(content.valueChanges)}`}
${content.phases.length === 0 ? '' : `<h2>${escape(formatter.text('report.phases'))}</h2>\n${list(content.phases)}`}
${content.accepted.length === 0 ? '' : `<h2>${escape(formatter.text('report.accepted'))}</h2>\n${list(content.accepted)}`}
${content.phaseSteps.map((one) => writePhase(one, pictures, formatter)).join('\n')}
<h2>${escape(formatter.text('back.title'))}</h2>
${content.back.length === 0 ? `<p>${escape(formatter.text('report.back-none'))}</p>` : list(content.back)}
${content.backLeft ? `<p>${write(content.backLeft)}</p>` : ''}
</main>
<footer><p>${write(content.made)}</p></footer>
${data('id="words"', playerWords(formatter))}
<script>${script}</script>
</body>
</html>
`;
}

const mark =
	'<svg class="mark" viewBox="0 0 32 32" width="40" height="40" aria-hidden="true" focusable="false"><path d="M6.5 26.5C6.5 17 25 22.5 25 13.5c0-4.6-4-6.5-8.2-6.5" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"></path><circle cx="6.5" cy="26" r="3.1" fill="currentColor"></circle><circle cx="16.6" cy="19.4" r="3.1" fill="currentColor"></circle><circle cx="11.6" cy="7" r="4.1" fill="none" stroke="currentColor" stroke-width="2.4"></circle></svg>';

function playerWords(formatter: Formatter): Record<string, string> {
	const keys = ['report.play', 'report.pause', 'report.as-text', 'report.seek', 'report.position', 'report.speed', 'report.skip-pauses', 'report.keys'] as const;
	return Object.fromEntries(keys.map((key) => [key, formatter.text(key)]));
}

function writeNotices({ notices }: ReportContent, formatter: Formatter): string {
	if (notices.length === 0) return '';
	return `<section class="notices" aria-label="${escape(formatter.text('report.notices'))}">\n${notices.map((notice) => `<p>${write(notice)}</p>`).join('\n')}\n</section>`;
}

/** All steps at a glance: shape, title, word. */
function writeOverview({ phaseSteps }: ReportContent, formatter: Formatter): string {
	const items = phaseSteps.flatMap(({ steps }) => steps.map((step) => `<li>${marker(step)}${step.number === undefined ? `<span>${write(step.title)}</span>` : `<a href="#step-${step.number}">${step.number}. ${write(step.title)}</a>`}<span class="word">${escape(step.word)}</span></li>`));
	return `<nav aria-label="${escape(formatter.text('report.steps'))}"><ol class="overview">\n${items.join('\n')}\n</ol></nav>`;
}

const marker = ({ state }: ReportStep) => `<svg class="marker" data-state="${state}" width="24" height="24" aria-hidden="true" focusable="false"><use href="#wp-${shapeOf(state)}"></use></svg>`;

function writeValue({ label, lines, origin }: ReportValue, formatter: Formatter): string {
	const [first = []] = lines;
	const value = lines.length === 1 ? write(formatter.line('report.value-of', { value: first, origin })) : `${list(lines)}<span class="origin">${escape(origin)}</span>`;
	return `<dt>${write(label)}</dt><dd>${value}</dd>`;
}

function writePhase({ title, outage, steps }: ReportPhase, pictures: Pictures, formatter: Formatter): string {
	const down = outage ? `<p class="outage">${write(named('report.outage', outage, formatter))}</p>\n` : '';
	return `<h2>${escape(title)}</h2>\n${down}<ol class="phase">\n${steps.map((step) => writeStep(step, pictures, formatter)).join('\n')}\n</ol>`;
}

function writeStep(step: ReportStep, pictures: Pictures, formatter: Formatter): string {
	const id = step.number === undefined ? '' : ` id="step-${step.number}"`;
	const number = step.number === undefined ? '' : `${step.number}. `;
	const effect = step.effect === undefined || step.effect === 'read' ? '' : `<p class="effect" data-effect="${step.effect}">${escape(step.effectWord ?? '')}</p>\n`;
	const gate = step.gate ? `<p class="gate">${write(named('gate.words', words(formatter.text('gate.why')), formatter))}</p>\n` : '';
	const history = step.history.map((one) => `<li>${one.kind === 'line' ? writeSeen(one) : writeRun(one, pictures.get(one.id), formatter)}</li>`);
	const past = history.length === 0 ? '' : `\n<ul class="history" aria-label="${escape(formatter.text('report.history'))}">\n${history.join('\n')}\n</ul>`;
	return `<li${id}>
<div class="step-head">${marker(step)}<h3>${number}${write(step.title)}</h3><span class="word">${escape(step.word)}</span></div>
<div class="step-body">
${effect}${gate}${writeSeen(step.standing)}${past}
</div>
</li>`;
}

function writeSeen({ line, saw }: ReportLine): string {
	return `<p>${write(line)}</p>${saw.length === 0 ? '' : `\n${list(saw, 'saw')}`}`;
}

function writeRun(run: ReportRun, picture: Picture | undefined, formatter: Formatter): string {
	return `<h4>${write(run.heading)}</h4>
<pre class="command" translate="no" dir="ltr"><code>${escape(makeVisible(run.command))}</code></pre>
<p class="outcome${run.good ? '' : ' bad'}">${write(run.outcome)}</p>
${run.details.length === 0 ? '' : list(run.details, 'details')}${picture ? writeOutput(run, picture, formatter) : ''}`;
}

/** The text is there for everybody; where scripts run, it can be played as well. */
function writeOutput({ step, heading }: ReportRun, { text, frames, columns, thinned }: Picture, formatter: Formatter): string {
	if (text.length === 0 && frames.length === 0) return '';
	const name = (key: 'report.output-of' | 'report.recording') => escape(makeVisibleLine(plainText(formatter.line('report.value-of', { value: formatter.line(key, { step }), origin: heading }))));
	const lines = shorten(text, (count) => plainText(formatter.line('report.lines-left-out', { count })));
	const shown = `<pre class="output-text" translate="no" dir="ltr" tabindex="0" role="group" aria-label="${name('report.output-of')}">${escape(makeVisible(lines.join('\n')))}</pre>`;
	// One picture is its text.
	if (frames.length < 2) return `\n<div class="output">${shown}</div>`;
	const note = thinned ? `\n<p class="details">${escape(formatter.text('report.output-thinned'))}</p>` : '';
	return `${note}\n<run-player class="output" data-name="${name('report.recording')}">${shown}${data('', { columns, frames })}</run-player>`;
}

const named = (name: 'report.outage' | 'gate.words', value: Line, formatter: Formatter) => formatter.line('report.named', { name: strong(words(formatter.text(name))), value });

const list = (items: readonly Line[], className = '') => `<ul${className === '' ? '' : ` class="${className}"`}>\n${items.map((item) => `<li>${write(item)}</li>`).join('\n')}\n</ul>`;

function write(line: Line): string {
	return line
		.map((piece) => {
			if (piece.kind === 'given') return `<code translate="no">${escape(makeVisibleLine(piece.text))}</code>`;
			if (piece.kind === 'words' && piece.strong) return `<strong>${escape(piece.text)}</strong>`;
			return piece.kind === 'moment' ? `<time datetime="${escape(piece.at)}">${escape(piece.text)}</time>` : escape(piece.text);
		})
		.join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
	return text.replace(/[&<>"']/g, (char) => entities[char] ?? '');
}

/** Data between script tags: nothing in it can end the element or begin a comment. */
function data(attributes: string, value: unknown): string {
	const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
	return `<script type="application/json"${attributes === '' ? '' : ` ${attributes}`}>${text}</script>`;
}
