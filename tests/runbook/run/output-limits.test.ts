import headless from '@xterm/headless';
import unicode from '@xterm/addon-unicode11';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutputLimiter } from '../../../src/runbook/run/output-limits.ts';

const size = { columns: 20, rows: 6 };
const ESC = '\u001b';

/** All that a terminal shows of a text that comes in these pieces. */
async function draw(pieces: readonly string[]): Promise<string> {
	const terminal = new headless.Terminal({ cols: size.columns, rows: size.rows, scrollback: 50, allowProposedApi: true });
	terminal.loadAddon(new unicode.Unicode11Addon());
	terminal.unicode.activeVersion = '11';
	for (const piece of pieces) await new Promise<void>((resolve) => terminal.write(piece, resolve));
	const { active } = terminal.buffer;
	const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y));
	const cells = lines.map((line) => Array.from({ length: size.columns }, (_, x) => line?.getCell(x)).map((cell) => [cell?.getChars(), cell?.getWidth(), cell?.getFgColor(), cell?.isBold()]));
	const shown = JSON.stringify([active.type, active.cursorX, active.cursorY, active.baseY, lines.map((line) => line?.isWrapped), cells]);
	terminal.dispose();
	return shown;
}

function limit(pieces: readonly string[]): { drawn: string[]; leftOut: number } {
	const limiter = createOutputLimiter();
	const drawn = pieces.map((piece) => limiter.write(piece, size));
	return { drawn, leftOut: limiter.leftOut };
}

const cut = (text: string, at: readonly number[]) => {
	const places = [0, ...[...new Set(at.map((one) => one % (text.length + 1)))].sort((a, b) => a - b), text.length];
	return places.slice(1).map((end, index) => text.slice(places[index], end));
};

const number = fc.oneof(fc.constant(''), fc.integer({ min: 0, max: 9 }).map(String), fc.constant('007'));
const control = fc.record({ prefix: fc.constantFrom('', '', '', '?', '>'), numbers: fc.array(number, { maxLength: 3 }), between: fc.constantFrom(';', ':'), more: fc.constantFrom('', '', '', ' ', '!', "'", '$'), final: fc.constantFrom(...'@ABCDEFGHIJKLMPSTXZ`abdefghlmnprsu}~') })
	.map(({ prefix, numbers, between, more, final }) => `${ESC}[${prefix}${numbers.join(between)}${more}${final}`);
const piece = fc.oneof(
	fc.constantFrom('abc', '漢字', 'e\u0301', '👨‍👩‍👧', '\r\n', '\n', '\t', '\b', 'line of text that wraps\r\n'),
	control,
	fc.constantFrom(`${ESC}[31m`, `${ESC}[1;6r`, `${ESC}[?1049h`, `${ESC}[?1049l`, `${ESC}M`, `${ESC}D`, `${ESC}E`, `${ESC}7`, `${ESC}8`, `${ESC}c`, `${ESC}#8`, `${ESC}(0`, `${ESC}(B`, `${ESC}[4h`),
	fc.constantFrom(`${ESC}]0;title\u0007`, `${ESC}]2;a${ESC}\\`, `${ESC}P1$r0m${ESC}\\`, `${ESC}_message${ESC}\\`, `${ESC}^x\u009c`, `${ESC}X\u0018`, `${ESC}]0;cut\u0018x`, `${ESC}]8;;http://a/${ESC}\\link${ESC}]8;;${ESC}\\`),
	fc.constantFrom('\u009b2J', '\u009d0;x\u009c', '\u0090q\u009c', '\u0085', '\u0084', `${ESC}[1\n2H`, `${ESC}[3\u0018`, `${ESC}[3漢A`, `${ESC}[${ESC}[A`, `${ESC}[<1;2<A`, `${ESC}[1?A`, `${ESC}[\u007f2A`, `${ESC}`, `${ESC}[`, `${ESC}]`),
);

/** Pieces that what may be spent at once pays for: two resets and little else. Whoever repeats what is dear without printing anything loses it, as the tests below say. */
const pieces = fc.array(piece, { maxLength: 25 }).filter((all) => all.reduce((price, one) => price + (one === `${ESC}c` ? 2_000 : 90), 0) <= 5_000);

describe('of output', () => {
	test('everything that a screen can show is drawn as it would be without limits, however it is cut', async () => {
		await fc.assert(
			fc.asyncProperty(pieces, fc.array(fc.nat(), { maxLength: 8 }), async (given, at) => {
				const text = given.join('');
				const { drawn, leftOut } = limit(cut(text, at));

				expect(leftOut).toBe(0);
				// In one piece: the emulator itself draws a few wide characters otherwise when they come in two.
				expect(await draw([drawn.join('')])).toBe(await draw([text]));
			}),
			{ numRuns: 400, examples: [[['abc', `${ESC}X\u0018`, `${ESC}[b`], []], [['abc', `${ESC}_message${ESC}\\`, `${ESC}[b`], []], [['abc', `${ESC}]0;cut\u0018`, `${ESC}[2b`], []], [[`${ESC}]8;;http://a/${ESC}\\link${ESC}]8;;${ESC}\\`, '\u0085', `${ESC}[`, '👨‍👩‍👧', `${ESC}[@`, 'e\u0301', `${ESC}X\u0018`], [31]]] },
		);
	});

	// Of a text that is a part of a longer one, V8's `codePointAt` (Node 24.21, in code that has run often) reads its last character together with what follows in the longer one.
	test('a character that is cut in half is drawn once, however often that happens', () => {
		const text = `${'line of text '.repeat(3)}${ESC}[👨${ESC}[1m👨${ESC}]0;👨\u0007`;
		for (let round = 0; round < 3_000; round += 1) {
			for (const place of [41, 47, 53]) expect(limit([text.slice(0, place + 1), text.slice(place + 1)]).drawn.join('')).toBe(text);
		}
	});

	test('a repeat count ends at the edge of the screen, and the picture is the same', async () => {
		for (const final of '@PXIZSTLM') {
			const max = 'STLM'.includes(final) ? 6 : 20;
			for (const count of ['2147483647', '1000', '0000000000001000', '7;7;7;7', `${'9'.repeat(200)}`]) {
				const { drawn } = limit([`one\r\ntwo\r\nthree${ESC}[2;3H${ESC}[`, count, final]);
				const asked = Number(count.split(';')[0]);
				expect(drawn.join('')).toContain(`${ESC}[${Math.min(asked, max)}`);
				expect(await draw(drawn)).toBe(await draw([`one\r\ntwo\r\nthree${ESC}[2;3H${ESC}[${Math.min(asked, 1000)}${final}`]));
			}
		}
		expect(limit([`x${ESC}[2147483647b`]).drawn.join('')).toBe(`x${ESC}[20b`);
		expect(limit(['x\u009b2147483647S']).drawn.join('')).toBe(`x${ESC}[6S`);
	});

	/** Lines that are moved, and screens that are made or filled, by what is passed on. */
	function workOf(text: string): number {
		const lines = [...text.matchAll(/\u001b\[(\d*)[STLM]/g)].reduce((sum, [, count]) => sum + Number(count || 1), 0);
		const screens = [...text.matchAll(/\u001b(?:c|#8|\[\d*J|\[\?[\d;]*[hl]|\[\d* [@A]|\[\d*'[}~])/g)].length;
		return lines + size.rows * screens;
	}

	test.each(['1000S', '1000T', '1000L', '1000M', '2J', '3J', '?1049h_?1049l', '?47;1047h_?47;1047l', '5 @', '5 A', "5'}", "5'~"])('%s a hundred thousand times costs no more than its length', (name) => {
		const text = name.split('_').map((one) => `${ESC}[${one}`).join('').repeat(100_000);
		const { drawn, leftOut } = limit([text]);

		expect(workOf(drawn.join(''))).toBeLessThan(text.length + 20_000);
		expect(leftOut).toBeGreaterThan(0);
	});

	test.each([`${ESC}c`, `${ESC}#8`, `${ESC}[2;4r${ESC}[1000S`, `x${ESC}[1000b`])('%j a hundred thousand times costs no more than its length', (sequence) => {
		const text = sequence.repeat(100_000);
		const drawn = limit([text]).drawn.join('');

		expect(workOf(drawn)).toBeLessThan(text.length + 20_000);
		expect([...drawn.matchAll(/\u001bc/g)].length * 500).toBeLessThan(text.length + 20_000);
	});

	test('a program that paints what it clears loses nothing', () => {
		const screen = `${ESC}[H${ESC}[2J${'some words on it\r\n'.repeat(5)}${ESC}[3S${ESC}[2L`;

		expect(limit([screen.repeat(2_000)])).toEqual({ drawn: [screen.repeat(2_000)], leftOut: 0 });
	});

	test('a title, a link, a setting of any length takes no room, and what follows is drawn', () => {
		for (const [open, end] of [[`${ESC}]4;`, '\u0007'], [`${ESC}]8;;http://`, '\u0007'], [`${ESC}Pq`, `${ESC}\\`], ['\u009d4;', '\u009c'], [`${ESC}_`, `${ESC}\\`], [`${ESC}[`, 'm'], [`${ESC}[?1`, 'h'], [`${ESC}(`, 'B']] as const) {
			const limiter = createOutputLimiter();
			const long = (open.endsWith('(') ? ' ' : ';').repeat(1_000_000);
			const drawn = [open, long, end, 'still here'].map((one) => limiter.write(one, size)).join('');

			expect(drawn.length).toBeLessThan(20);
			expect(drawn).toMatch(/still here$/);
		}
	});

	test('a character carries a handful of marks, as every language needs, and no more', () => {
		const thai = 'ก็ที่นี่', hindi = 'क्षत्रिय', zalgo = `e${'\u0301'.repeat(32)}`;

		expect(limit([thai, hindi, zalgo]).drawn.join('')).toBe(thai + hindi + zalgo);
		for (const mark of ['\u0301', '\u200d', '\ufe0f', '\u{e0100}', '\u1160', '\u0e34']) {
			const { drawn, leftOut } = limit([`e${mark.repeat(10_000)}`, mark.repeat(10_000), 'x']);
			expect([drawn.join(''), leftOut]).toEqual([`e${mark.repeat(32)}x`, 19_968]);
			// One unit at a time: half a mark is none.
			expect(limit([...'e'.concat(mark.repeat(1_000), 'x').split('')]).leftOut).toBe(968);
		}
	});

	test('links end with their line, and are few', () => {
		const open = (id: string) => `${ESC}]8;${id};http://a/\u0007`;
		const end = `${ESC}]8;;${ESC}\\`;

		expect(limit([`${open('id=x')}here\nthere`]).drawn.join('')).toBe(`${open('')}here${end}\nthere`);
		expect(limit([`${ESC}]8;;http://a/${ESC}\\here${ESC}]8;;${ESC}\\there`]).drawn.join('')).toBe(`${open('')}here${end}there`);
		expect(limit([`${ESC}]8;;http://a/${ESC}`, `\\${ESC}[31mhe`, `re${ESC}]8;;`, `${ESC}\\there`]).drawn.join('')).toBe(`${open('')}${ESC}[31mhere${end}there`);
		expect(limit([`${open('')}${'x'.repeat(2_000)}`]).drawn.join('')).toBe(`${open('')}${'x'.repeat(500)}${end}${'x'.repeat(1_500)}`);
		expect(limit([`${open('')}here${ESC}[Bthere`]).drawn.join('')).toBe(`${open('')}here${end}${ESC}[Bthere`);
		const many = limit([`${open('')}x${ESC}]8;;\u0007`.repeat(5_000)]);
		expect([...many.drawn.join('').matchAll(/http/g)]).toHaveLength(300);
		expect(many.drawn.join('').replace(/\u001b\]8[^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')).toBe('x'.repeat(5_000));
	});
});
