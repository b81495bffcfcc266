import fc from 'fast-check';

/** Fragments that shells, terminals, YAML, HTML and people stumble over. */
const fragments = [
	"'", '"', '`', '$', '$(id)', '${IFS}', '\\', '\n', '\r', '\t', ' ', '  ', ';', '|', '&', '&&', '>', '<', '<(', '*', '?', '[', ']', '{a,b}', '~', '#', '!', '!!',
	'-', '--', '=', '%', '^', '(', ')', '\u202e', '\u200b', '\ufeff', '🐂', '👨‍👩‍👧', '牧道', '，', '\u0301', '\u001b[31m', '\u0007', '/', '../', ':', '@', '<img onerror=x>', '{{.State}}', 'a', 'Z', '0',
];

/** Any text that an argument can carry (no NUL, no lone surrogate), rich in trouble; now and then 10 kB long. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
	{ weight: 6, arbitrary: fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((parts) => parts.join('')) },
	{ weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\0', '')) },
	{ weight: 1, arbitrary: fc.constantFrom(...fragments).map((part) => part.repeat(Math.ceil(10_000 / part.length)).slice(0, 10_000).toWellFormed()) },
);
