/**
 * Returns output as a line of the recording straight from its bytes: what `formatEvent` makes of the text. The bytes pass through a text of one unit a byte, as
 * all that JSON escapes is ASCII, and nothing of UTF-8 beyond ASCII looks like it. Source: ECMA-262, 25.5.2.3, QuoteJSONString. `time` is rounded already.
 */
export function formatOutput(time: number, utf8: Buffer): Buffer {
	return Buffer.from(`[${time},"o",${JSON.stringify(utf8.toString('latin1'))}]\n`, 'latin1');
}
