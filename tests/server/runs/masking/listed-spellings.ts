/** Whole spellings of a secret, listed one by one: what tests look for, written apart from what the masker does. */

function jsonForms(secret: string): string[] {
	const plain = JSON.stringify(secret).slice(1, -1);
	const escape = (pattern: RegExp, upper: boolean): string =>
		plain.replace(pattern, (unit) => {
			const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
			return `\\u${upper ? hex.toUpperCase() : hex}`;
		});
	return [
		plain,
		plain.replaceAll('/', '\\/'),
		// Go's encoder, unless told otherwise.
		escape(/[<>&\u2028\u2029]/g, false),
		// Encoders that keep to ASCII.
		escape(/[^\x00-\x7e]/g, false),
		escape(/[^\x00-\x7e]/g, true),
	];
}

/**
 * What encoders leave as it is in a part of a URL; everything else becomes `%XX`.
 *
 * Source: RFC 3986, 2.3; ECMA-262, `encodeURI`; WHATWG URL, "percent-encode sets" and `application/x-www-form-urlencoded`.
 */
const keptInUrls = [
	/[\w.~-]/,
	/[\w.~/-]/,
	/[\w.~!*'()-]/,
	/[\w.~!*'()/-]/,
	/[\w.~!*()-]/,
	/[\w.~!*'();,/?:@&=+$#-]/,
	/[\w.*-]/,
	/[!$-&(-;=?-~]/,
	/[!$-;=@-\]_a-z|~]/,
	/[!$-.0-9A-Z_a-z~]/,
];

function percentEncode(text: string, kept: RegExp): string {
	const encode = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
	return [...text]
		.map((char) => (kept.test(char) ? char : [...Buffer.from(char)].map(encode).join('')))
		.join('');
}

function urlForms(secret: string): string[] {
	const encoded = keptInUrls.map((kept) => percentEncode(secret, kept));
	const forms = [...encoded, ...encoded.map((form) => form.replaceAll('%20', '+'))];
	return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function shellForms(secret: string): string[] {
	return [
		secret.replaceAll("'", String.raw`'\''`),
		secret.replaceAll("'", `'"'"'`),
		// `printf %q` of bash, and what people write by hand.
		secret.replace(/[^A-Za-z0-9_@%+=:,./\-\u0080-\uffff]/g, String.raw`\$&`),
		// Inside double quotes.
		secret.replace(/["$`\\]/g, String.raw`\$&`),
		// Inside $'…'.
		secret
			.replace(/['\\]/g, String.raw`\$&`)
			.replaceAll('\n', '\\n')
			.replaceAll('\t', '\\t'),
	];
}

/**
 * Returns the characters of Base64 that depend on the secret alone, for each place it can have in a longer text: at most two
 * characters at either end also depend on the neighbours, and are left out.
 */
function base64Forms(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const forms = [0, 1, 2].map((before) => {
		const first = Math.ceil((before * 8) / 6);
		const end = Math.floor(((before + bytes.length) * 8) / 6);
		return Buffer.concat([Buffer.alloc(before), bytes])
			.toString('base64')
			.slice(first, end);
	});
	return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}


/** Returns every spelling that is looked for, each once. */
export function secretForms(secret: string): string[] {
	const forms = [
		secret,
		...jsonForms(secret),
		...urlForms(secret),
		...shellForms(secret),
		...base64Forms(secret),
	];
	// A terminal prints a newline as carriage return and newline.
	const printed = forms.map((form) => form.replace(/\r?\n/g, '\r\n'));
	return [...new Set([...forms, ...printed])];
}
