/**
 * How programs spell one character: by percent-encoding, as an entity, after a backslash, between quotes. One level only: what comes out
 * is read again by who asks, so that JSON in JSON, or HTML in a URL, need no rule of their own.
 */

/** A code point, or a byte of UTF-8 beyond ASCII as its negative; `nothing` stands for an empty text. */
export type Symbol = number;
export const nothing: Symbol = Number.NaN;

export interface Reading {
	/** What the text stands for, when it is whole: several where programs differ. */
	readonly symbols: readonly Symbol[];
	/** Whether more of it may follow. */
	readonly more: boolean;
}

/** Characters by their names in HTML, the ones that older standards know and those of ASCII. Source: HTML, 13.5 "Named character references". */
const latin1 =
	'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
		' ',
	);
const ascii: Readonly<Record<string, string>> = {
	Tab: '\t', NewLine: '\n', excl: '!', quot: '"', QUOT: '"', num: '#', dollar: '$', percnt: '%', amp: '&', AMP: '&', apos: "'", lpar: '(', rpar: ')', ast: '*', midast: '*',
	plus: '+', comma: ',', period: '.', sol: '/', colon: ':', semi: ';', lt: '<', LT: '<', equals: '=', gt: '>', GT: '>', quest: '?', commat: '@', lsqb: '[', lbrack: '[',
	bsol: '\\', rsqb: ']', rbrack: ']', Hat: '^', lowbar: '_', UnderBar: '_', grave: '`', DiacriticalGrave: '`', lcub: '{', lbrace: '{', verbar: '|', vert: '|', VerticalLine: '|', rcub: '}', rbrace: '}',
};
const named = new Map<string, number>([...latin1.map((name, index): [string, number] => [name, 160 + index]), ...Object.entries(ascii).map(([name, char]): [string, number] => [name, char.charCodeAt(0)])]);
const beginsName = new Set([...named.keys()].flatMap((name) => Array.from(name, (_, index) => name.slice(0, index + 1))));

const open: Reading = { symbols: [], more: true };
const failed: Reading = { symbols: [], more: false };
const whole = (...symbols: Symbol[]): Reading => ({ symbols, more: false });

/** One byte: of UTF-8, or a character by its number below 256, as JavaScript and Python print it. */
const byte = (value: number): Reading => (value < 128 ? whole(value) : whole(-value, value));
const char = (digits: string, radix: number): Reading => {
	const code = Number.parseInt(digits, radix);
	return code <= 0x10ffff ? whole(code) : failed;
};

/** `%41`, `%u4e2d`, and `%%` of formats. Source: RFC 3986, 2.1; ECMA-262, `escape`. */
function readPercent(text: string): Reading {
	if (/^%[\da-f]{2}$/i.test(text)) return byte(Number.parseInt(text.slice(1), 16));
	if (/^%u[\da-f]{4}$/i.test(text)) return char(text.slice(2), 16);
	if (text === '%%') return whole(0x25);
	return /^%(?:[\da-f]?|u[\da-f]{0,3})$/i.test(text) ? open : failed;
}

/** `&amp;`, `&#38;`, `&#x26;`, with as many zeros as one likes. */
function readEntity(text: string): Reading {
	const [, name, decimal, hex] = /^&(?:([A-Za-z]\w*)|#(\d+)|#x([\da-f]+));$/i.exec(text) ?? [];
	if (decimal !== undefined) return char(decimal, 10);
	if (hex !== undefined) return char(hex, 16);
	if (name !== undefined) return named.has(name) ? whole(named.get(name) ?? 0) : failed;
	return beginsName.has(text.slice(1)) || /^&(?:#(?:\d{0,12}|x[\da-f]{0,12}))?$/i.test(text) ? open : failed;
}

const letters: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, v: 11, a: 7, e: 27, E: 27, Z: 26 };

/** What JSON, C, shells, SQL and scripting languages write after a backslash. A letter or digit without a meaning is not escaped by anybody. */
function readBackslash(text: string): Reading {
	const rest = text.slice(1);
	const letter = letters[rest];
	if (letter !== undefined) return whole(letter);
	if (/^[0-3][0-7]{2}$/.test(rest)) return byte(Number.parseInt(rest, 8));
	if (/^0[0-7]{3}$/.test(rest)) return byte(Number.parseInt(rest, 8) & 255);
	if (/^0[0-7]{2}$/.test(rest)) return { ...byte(Number.parseInt(rest, 8)), more: true };
	if (/^x[\da-f]{2}$/i.test(rest)) return byte(Number.parseInt(rest.slice(1), 16));
	// Four digits after a small letter, eight after a capital one.
	if (/^(?:u[\da-fA-F]{4}|U[\da-fA-F]{8})$/.test(rest)) return char(rest.slice(1), 16);
	if (/^[ux]\{[\da-f]{1,8}\}$/i.test(rest)) return char(rest.slice(2, -1), 16);
	if (/^(?:[0-3][0-7]?|x[\da-f]?|[ux]\{[\da-f]{0,8})?$/i.test(rest) || /^(?:u[\da-fA-F]{0,3}|U[\da-fA-F]{0,7})$/.test(rest)) return open;
	// A line goes on after it.
	if (rest === '\n') return whole(nothing);
	if (rest === '\r') return open;
	if (rest === '\r\n') return whole(nothing);
	return /^[^A-Za-z0-9]$/u.test(rest) ? whole(rest.codePointAt(0) ?? 0) : failed;
}

/** A quote that is doubled (SQL, YAML, CSV), or a character for which a quoted text is interrupted: `'\''`, `'"'"'`, `"'"'"`. */
function readQuote(text: string): Reading {
	const [quote = '', second, third = '', ...rest] = text;
	if (second === undefined) return open;
	if (second === quote) return third === '' ? whole(quote.charCodeAt(0)) : failed;
	const closing = second === '\\' ? [quote] : [second, quote];
	if (!['\\', '"', "'"].includes(second) || !rest.every((one, index) => one === closing[index])) return failed;
	return rest.length === closing.length ? whole(third.codePointAt(0) ?? 0) : open;
}

/** `=41` of quoted-printable, and its line that goes on. */
function readEquals(text: string): Reading {
	if (/^=[\da-f]{2}$/i.test(text)) return byte(Number.parseInt(text.slice(1), 16));
	if (/^=\r?\n$/.test(text)) return whole(nothing);
	return /^=(?:[\da-f]?|\r)$/i.test(text) ? open : failed;
}

/** What a terminal draws over: an underline below a character, a blank at the edge of a line. */
function readErased(text: string): Reading {
	if (text.length === 1) return open;
	return /^(?:_\x08| [\x08\r])$/.test(text) ? whole(nothing) : failed;
}

/** Colours and other sequences that print nothing. Source: ECMA-48, 5.4 and 8.3. */
function readControl(text: string): Reading {
	if (/^\x1b(?:\[[\x20-\x3f]*[\x40-\x7e]|[^[\]])$/.test(text)) return whole(nothing);
	return /^\x1b(?:\[[\x20-\x3f]{0,64})?$/.test(text) ? open : failed;
}

const readers: Readonly<Record<string, (text: string) => Reading>> = {
	'%': readPercent,
	'&': readEntity,
	'\\': readBackslash,
	"'": readQuote,
	'"': readQuote,
	'=': readEquals,
	$: (text) => (text === '$' ? open : text === '$$' ? whole(0x24) : failed),
	_: readErased,
	' ': readErased,
	'\x1b': readControl,
	// After a first character that is printed over.
	'\b': (text) => (text === '\b' ? open : whole(text.charCodeAt(1))),
	// Of hexadecimal digits only.
	'0': (text) => (text === '0' ? open : /^0x$/i.test(text) ? whole(nothing) : failed),
};

const leads = new Uint8Array(128);
for (const lead of '_ \x1b') leads[lead.charCodeAt(0)] = 1;
for (const lead of '%&\\\'"=$') leads[lead.charCodeAt(0)] = 2;

/** Whether a spelling begins with this; `inside` a secret also something that prints nothing. */
export function isLead(symbol: Symbol, inside: boolean): boolean {
	return symbol >= 0 && symbol < 128 && (leads[symbol] ?? 0) > (inside ? 0 : 1);
}

/** Whether a character of this spelling may be spelled itself, beginning like this: `;` of `%26lt%3B`, `\` of `'\\''` in JSON. */
export function canHold(text: string, symbol: Symbol): boolean {
	const lead = text.charAt(0);
	if (lead === '&') return symbol === 0x25 || symbol === 0x5c;
	return (lead === "'" || lead === '"') && (symbol === 0x25 || symbol === 0x26 || symbol === 0x5c);
}

const readings = new Map<string, Reading>();
const readingsAtMost = 4_096;

/** Returns what a text that begins with a lead stands for. */
export function readEscape(text: string): Reading {
	const before = readings.get(text);
	if (before) return before;
	const reading = readers[text.charAt(0)]?.(text) ?? failed;
	if (readings.size >= readingsAtMost) readings.clear();
	readings.set(text, reading);
	return reading;
}
