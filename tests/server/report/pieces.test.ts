import { createMarkdownProcessor } from '@astrojs/markdown-remark';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shownStates, shapeOf } from '../../../src/i18n/step-state.ts';
import { reportTable } from '../../../src/i18n/report.ts';
import type { RecordingEvent } from '../../../src/runbook/run/recording.ts';
import { writeHtml } from '../../../server/report/formats/html.ts';
import { writeMarkdown } from '../../../server/report/formats/markdown.ts';
import { readPageParts } from '../../../server/report/formats/page/page-parts.ts';
import { fillLine, given, plainText } from '../../../server/report/line.ts';
import type { Picture } from '../../../server/report/picture.ts';
import { drawRecording, type Drawing } from '../../../server/report/recording/draw-recording.ts';
import { plainLines } from '../../../server/report/recording/plain-lines.ts';
import { selectEvents, type Scene } from '../../../server/report/recording/select-events.ts';
import { shorten } from '../../../server/report/shorten.ts';
import type { Formatter } from '../../../server/report/format/formatter.ts';
import { timesOf } from '../../../server/report/times.ts';
import type { ReportContent } from '../../../server/report/report-content.ts';
import { makeVisible, makeVisibleLine } from '../../../server/report/visible.ts';
import { hostileText } from '../../runbook/hostile.ts';

const table = reportTable('en');
const formatter: Formatter = {
	locale: 'en',
	times: timesOf('en', '2026-01-02T03:04:05Z', 'UTC'),
	line: (key, slots) => fillLine(table[key] ?? key, slots),
	text: (key) => table[key] ?? key,
	runbook: () => given('x'),
	step: (id) => given(id),
	parameter: given,
	hint: (_, hint) => given(hint),
	observation: () => [],
	outcome: () => [],
	duration: String,
	list: (lines) => lines.flat(),
};

/** A report in which one text stands everywhere that a text of others can stand. */
function reportOf(text: string): { told: ReportContent; pictures: ReadonlyMap<string, Picture> } {
	const line = given(text);
	const run = { kind: 'run', id: 'r', step: line, undo: false, heading: line, command: text, outcome: line, good: false, details: [line] } as const;
	const step = { number: 1, title: line, state: 'failed', word: 'Failed', effect: 'change', effectWord: 'Changes', gate: true, standing: { line, saw: [line] }, history: [run, { kind: 'line', line, saw: [line] }] } as const;
	const told: ReportContent = { locale: 'en', heading: line, made: line, facts: [{ name: 'Session', value: line }], notices: [line], values: [{ label: line, lines: [line, line], origin: 'typed' }, { label: line, lines: [line], origin: 'typed' }], valueChanges: [line], phases: [line], accepted: [line], phaseSteps: [{ phase: 'change', title: 'Change', outage: line, steps: [step] }], back: [line], backLeft: line };
	const frames = [{ time: 0, count: 1, lines: [[0, [[makeVisible(text)]]]] }, { time: 1, count: 1, lines: [[0, [[makeVisible(text), 'b f1']]]] }] as const;
	return { told, pictures: new Map([['r', { columns: 80, frames, text: text.split('\n'), thinned: false, cutBytes: 0 }]]) };
}

const tags = (html: string) => [...html.matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, tag]) => tag ?? '').sort();
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&#x3C;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&', '&#x26;': '&' };
const unescape = (html: string) => html.replace(/&(?:lt|#x3C|gt|quot|#39|amp|#x26);/g, (name) => entities[name] ?? name);

describe('any text of others', () => {
	test('is text in Markdown, whoever renders it', async () => {
		const processor = await createMarkdownProcessor({ syntaxHighlight: false, smartypants: false });
		const render = async (text: string) => {
			const { told, pictures } = reportOf(text);
			return (await processor.render(writeMarkdown(told, pictures, formatter))).code;
		};
		const plain = tags(await render('x'));

		await fc.assert(
			fc.asyncProperty(hostileText, async (text) => {
				const html = await render(text);
				expect(tags(html)).toEqual(plain);
				const shown = makeVisibleLine(text).trim();
				if (shown !== '') expect(unescape(html).replaceAll(/\s+/g, ' ')).toContain(shown.replaceAll(/\s+/g, ' '));
			}),
			{ numRuns: 150 },
		);
	});

	test('is text in the page, and data in its recordings', () => {
		const write = (text: string) => {
			const { told, pictures } = reportOf(text);
			return writeHtml(told, pictures, formatter);
		};
		const plain = tags(write('x'));

		fc.assert(
			fc.property(hostileText, (text) => {
				const html = write(text);
				expect(tags(html)).toEqual(plain);
				const [, json = ''] = /<script type="application\/json">(.*?)<\/script>/.exec(html) ?? [];
				expect(JSON.parse(json).frames[0].lines[0][1][0][0]).toBe(makeVisible(text));
				expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/.exec(html)?.[0]).toBeUndefined();
			}),
			{ numRuns: 150 },
		);
	});
});

test('words of ours that a format would act on are words in both', async () => {
	const own = 'Restore <name> & *all* of [it](x) | `y`';
	const { told, pictures } = reportOf('x');
	const ours = { ...told, heading: [{ kind: 'words', text: own }] as const };
	const { code } = await (await createMarkdownProcessor({ syntaxHighlight: false, smartypants: false })).render(writeMarkdown(ours, pictures, formatter));

	for (const html of [code, writeHtml(ours, pictures, formatter)]) {
		const [, heading = ''] = /<h1[^>]*>(.*?)<\/h1>/s.exec(html) ?? [];
		expect(heading).not.toMatch(/<|href/);
		expect(unescape(heading)).toBe(own);
	}
});

test('a page has a shape for each state of a step, and allows its own style and script alone', () => {
	const { shapes, policy, style, script } = readPageParts();

	for (const state of shownStates) expect(shapes).toContain(`id="wp-${shapeOf(state)}"`);
	expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$/);
	expect(style + script).not.toMatch(/<\/|<!--|https?:\/\/|@import|url\(/);
});

describe('a sentence', () => {
	test('keeps what is not ours apart from its words', () => {
		expect(fillLine('{a} and {b}{c}', { a: given('x'), b: 2 })).toEqual([{ kind: 'given', text: 'x' }, { kind: 'words', text: ' and ' }, { kind: 'words', text: '2' }, { kind: 'words', text: '{c}' }]);
	});

	test('is not filled by what stands in a slot', () => {
		expect(plainText(fillLine('{a} {b}', { a: given('{b}'), b: 'x' }))).toBe('{b} x');
	});
});

test('what cannot be seen is shown, and nothing else is touched', () => {
	expect(makeVisible('a\u202eb\u0007c\u001b[1m\u2028\ud800')).toBe('a\\u{202e}b\\u{7}c\\u{1b}[1m\\u{2028}\\u{d800}');
	expect(makeVisible('牧道 👨‍👩‍👧 é\n\tx')).toBe('牧道 👨‍👩‍👧 é\n\tx');
	expect(makeVisibleLine('a\r\nb\tc')).toBe('a ⏎ b c');
});

test('times carry their distance from UTC, and their day when it is another', () => {
	const times = timesOf('zh', '2026-11-24T20:00:00Z', 'Asia/Shanghai');

	expect(plainText(times.full('2026-11-24T15:30:00Z'))).toBe('2026 年 11 月 24 日 23:30:00 +08:00');
	expect(plainText(times.clock('2026-11-24T21:30:00Z'))).toBe('05:30:00 +08:00');
	expect(plainText(times.clock('2026-11-24T15:30:00Z'))).toBe('2026 年 11 月 24 日 23:30:00 +08:00');
	expect(times.clock('yesterday')).toEqual([{ kind: 'given', text: 'yesterday' }]);
});

test('of a long output the first and the last lines stand, with how many are left out', () => {
	const lines = Array.from({ length: 1000 }, (_, index) => `${index}`);
	const short = shorten(lines, (count) => `(${count})`);

	expect([short.length, short[39], short[40], short[41], short.at(-1)]).toEqual([201, '39', '(800)', '840', '999']);
	expect(shorten(lines.slice(0, 200), () => 'x')).toEqual(lines.slice(0, 200));
});

describe('of a recording', () => {
	async function* recording(texts: readonly string[]): AsyncGenerator<RecordingEvent> {
		for (const [index, text] of texts.entries()) yield { kind: 'output', n: index + 1, time: index, text };
	}

	test('the beginning and the end are kept, and the bytes between are counted', async () => {
		const { scenes, cutBytes } = await selectEvents(recording(Array.from({ length: 100 }, (_, index) => String(index).padStart(10, '0'))), 400);

		const kept = scenes.filter((scene) => scene.kind === 'output');
		expect(kept.map(({ text }) => Number(text))).toEqual([...Array(10).keys(), ...Array.from({ length: 30 }, (_, index) => 70 + index)]);
		expect(scenes[10]).toEqual({ kind: 'cut', time: 70, bytes: 600 });
		expect(cutBytes).toBe(600);
	});

	test('a short one is whole', async () => {
		expect(await selectEvents(recording(['a', 'b']), 400)).toEqual({ scenes: [{ kind: 'output', time: 0, text: 'a' }, { kind: 'output', time: 1, text: 'b' }], cutBytes: 0 });
	});

	const draw = (scenes: readonly Scene[], maxLength = 100_000) => drawRecording(scenes, { columns: 20, rows: 5, maxLength, note: ({ bytes }) => `${bytes} gone` });
	const output = (time: number, text: string): Scene => ({ kind: 'output', time, text });

	/** What stands on the screen when frames are applied up to a moment, as the player does. */
	function screenAt({ frames }: Drawing, time: number): string[] {
		let lines: string[] = [];
		for (const frame of frames.filter((one) => one.time <= time)) {
			if (frame.reset) lines = [];
			lines.length = frame.count;
			for (const [index, spans] of frame.lines) lines[index] = spans.map(([text]) => text).join('');
		}
		return [...lines].map((line) => line ?? '');
	}

	test('each moment shows what the terminal showed, rewritten lines and all', async () => {
		const drawing = await draw([output(0, 'pull 1\r'), output(1, 'pull 2\r'), output(2, 'pull 3\r\ndone\r\n')]);

		expect([0, 1, 2].map((time) => screenAt(drawing, time))).toEqual([['pull 1'], ['pull 2'], ['pull 3', 'done']]);
		expect(drawing.text).toEqual(['pull 3', 'done']);
	});

	test('colours stay with their words, and titles, the clipboard and links do nothing', async () => {
		const { frames, text } = await draw([output(0, '\u001b]0;owned\u0007\u001b]52;c;eA==\u0007\u001b[31mred\u001b[0m \u001b[1;38;2;1;2;3mtrue\u001b[0m\u001b]8;;javascript:1\u0007link\u001b]8;;\u0007')]);

		expect(frames[0]?.lines[0]?.[1]).toEqual([['red', 'f1'], [' '], ['true', 'b f#010203'], ['link']]);
		expect(JSON.stringify([frames, text])).not.toMatch(/owned|eA==|javascript/);
	});

	test('a cleared screen, a resize and a pager are drawn anew', async () => {
		const drawing = await draw([output(0, 'one\r\ntwo\r\n'), output(1, '\u001b[2J\u001b[Hthree'), { kind: 'resize', time: 2, columns: 40, rows: 5 }, output(3, '\u001b[?1049hpager'), output(4, '\u001b[?1049l')]);

		expect(screenAt(drawing, 0)).toEqual(['one', 'two']);
		expect(screenAt(drawing, 1).filter((line) => line !== '')).toEqual(['three']);
		expect(screenAt(drawing, 3).join('').trim()).toBe('pager');
		expect(screenAt(drawing, 4).filter((line) => line !== '')).toEqual(['three']);
	});

	test('what is left out is said where it was', async () => {
		expect((await draw([output(0, 'a'), { kind: 'cut', time: 1, bytes: 7 }, output(2, 'b')])).text).toEqual(['a', ' 7 gone ', 'b']);
	});

	test('a flood jumps to its end, which is whole', async () => {
		const flood = Array.from({ length: 2000 }, (_, index) => output(index / 5, `line ${index}\r\n`));
		const drawing = await draw(flood, 5000);

		expect(drawing.thinned).toBe(true);
		expect(JSON.stringify(drawing.frames).length).toBeLessThan(200_000);
		expect(screenAt(drawing, 1000)).toEqual(Array.from({ length: 2000 }, (_, index) => `line ${index}`));
	});

	test('the text of a recording can be had without drawing it', () => {
		const scenes: Scene[] = [output(0, '\u001b[31mred\u001b[0m\u001b]0;title\u0007\r\npull 1\rpull 2\r\n\u001bPq#0\u001b\\\u009b2J'), { kind: 'gap', time: 1, bytes: 7 }, output(2, '\u001b[1000S\u001bcend\r\n\r\n')];

		expect(plainLines(scenes, ({ bytes }) => `${bytes} gone`)).toEqual(['red', 'pull 2', '', ' 7 gone ', 'end']);
	});

	test('any output draws, and shows nothing that acts', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(hostileText, { maxLength: 6 }), async (texts) => {
				const { frames, text } = await draw(texts.map((one, index) => output(index, one)));
				expect(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.exec(frames.flatMap(({ lines }) => lines.flatMap(([, spans]) => spans.map(([part]) => part))).join('') + text.join(''))).toBeNull();
			}),
			{ numRuns: 100 },
		);
	});
});
