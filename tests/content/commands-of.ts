/**
 * The simple commands of a Bash text, each as its words: good enough to say which programs a check calls. Texts in double quotes become one
 * word, `…`, except for what stands in `$( )` in them.
 */
export function commandsOf(script: string): string[][] {
	return outside(script.replace(/\$\(\([^()]*\)\)/g, '0'))
		.replaceAll('<(', '(')
		.split(/\n|;;|;|\|\||&&|\||\(|\)|(?<=\s|^)[{}](?=\s|$)/)
		.map((text) => text.trim().split(/\s+/).filter(Boolean))
		.map(withoutKeywords)
		.filter((words) => words.length > 0);
}

/** Replaces double-quoted texts; substitutions inside them come out as commands of their own. */
function outside(script: string): string {
	let out = '';
	const inner: string[] = [];
	for (let at = 0; at < script.length; at += 1) {
		const char = script.charAt(at);
		if (char === '#' && /^$|\s/.test(script.charAt(at - 1))) {
			const end = script.indexOf('\n', at);
			at = (end < 0 ? script.length : end) - 1;
		} else if (char === '\\' && script.charAt(at + 1) === '\n') {
			out += ' ';
			at += 1;
		} else if (char !== '"') out += char;
		else {
			const end = endOfQuoted(script, at + 1);
			inner.push(...substitutionsOf(script.slice(at + 1, end)));
			out += '…';
			at = end;
		}
	}
	return [out.replace(/\d?[<>]+&?\s*(?:\/dev\/null|…|\d)/g, ' '), ...inner.map(outside)].join('\n');
}

function endOfQuoted(script: string, from: number): number {
	for (let at = from; at < script.length; at += 1) {
		const char = script.charAt(at);
		if (char === '\\') at += 1;
		else if (char === '"') return at;
		else if (script.startsWith('$(', at)) at = endOfSubstitution(script, at + 2);
	}
	return script.length;
}

function endOfSubstitution(script: string, from: number): number {
	let depth = 0;
	for (let at = from; at < script.length; at += 1) {
		const char = script.charAt(at);
		if (char === '\\') at += 1;
		else if (char === '"') at = endOfQuoted(script, at + 1);
		else if (char === '(') depth += 1;
		else if (char === ')' && depth-- === 0) return at;
	}
	return script.length;
}

function substitutionsOf(text: string): string[] {
	const found: string[] = [];
	for (let at = text.indexOf('$('); at >= 0; at = text.indexOf('$(', at)) {
		const end = endOfSubstitution(text, at + 2);
		found.push(text.slice(at + 2, end));
		at = end;
	}
	return found;
}

const keywords = new Set(['if', 'then', 'else', 'elif', 'fi', 'while', 'do', 'done', '!', 'local', '$']);

function withoutKeywords(words: readonly string[]): string[] {
	const start = words.findIndex((word) => !keywords.has(word) && !/^[A-Za-z_][A-Za-z0-9_]*\+?=\S*$/.test(word));
	const rest = start < 0 ? [] : words.slice(start);
	const [first] = rest;
	if (first === 'for' || first === 'case' || first === 'esac' || first === 'in') return [];
	// What is declared after "local" is no program.
	return words[0] === 'local' ? [] : [...rest];
}
