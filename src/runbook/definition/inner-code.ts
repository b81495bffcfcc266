/**
 * Words of a command that another program reads as a text of its own: `sh -c TEXT`, `ssh HOST TEXT`, `eval TEXT`, `psql -c TEXT`. A value in such a text is no longer a word, and
 * what it holds can be a command. It may stand there when its type cannot hold syntax, or in a shell's text when it is quoted for that shell: `${folder|sh}`.
 */
import { hole } from './shell-reader.ts';

/** A word with the values that stand in it. */
export interface CodeWord {
	/** A {@link hole} for each value. */
	readonly text: string;
	readonly holes: readonly (Hole | undefined)[];
}

export interface Hole {
	readonly name: string;
	readonly field?: string;
	readonly filter?: 'sh';
	/** In UTF-16 units of the command. */
	readonly offset: number;
}

/** A value in a text of another program. */
export interface InnerValue extends Hole {
	/** The program that reads the text. */
	readonly reader: string;
	readonly language: 'shell' | 'other';
	/** It stands in quotes of the inner text. */
	readonly quoted: boolean;
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'fish', 'su', 'runuser']);
/** Programs that take another program behind their options. */
const carriers = new Set(['sudo', 'doas', 'env', 'timeout', 'nice', 'ionice', 'nohup', 'setsid', 'stdbuf', 'command', 'builtin', 'exec', 'time', 'xargs', 'chroot', 'unshare', 'nsenter', 'flock', 'busybox']);

/** Options behind which a program of another language takes its text. */
const textOptions: Readonly<Record<string, RegExp>> = {
	psql: /^(?:-[A-Za-z]*c|--command)$/,
	mysql: /^(?:-[A-Za-z]*e|--execute|--init-command)$/,
	mariadb: /^(?:-[A-Za-z]*e|--execute|--init-command)$/,
	mongo: /^--eval$/,
	mongosh: /^--eval$/,
	python: /^-[A-Za-z]*c$/,
	python3: /^-[A-Za-z]*c$/,
	perl: /^-[A-Za-z]*[eE]$/,
	ruby: /^-[A-Za-z]*e$/,
	node: /^(?:-e|-p|-pe|--eval|--print)$/,
	php: /^-r$/,
	sed: /^(?:-[A-Za-z]*e|--expression)$/,
};

/** Options of ssh that take a value. Source: ssh(1). */
const sshValues = /^-[A-Za-z]*[BbcDEeFIiJLlmOoPpQRSWw]$/;

/** Programs whose first word is their text, with the options that take values. */
const firstWord: Readonly<Record<string, RegExp>> = { awk: /^-[Fvf]$/, gawk: /^-[Fvf]$/, mawk: /^-[Fvf]$/, sed: /^(?:-l|--line-length)$/, jq: /^--(?:arg|argjson|slurpfile|rawfile|indent)$/ };

/** Finds every value that stands in a text of another program. */
export function findInnerValues(words: readonly CodeWord[]): InnerValue[] {
	const found = new Map<number, InnerValue>();
	const add = (texts: readonly CodeWord[], reader: string, language: InnerValue['language']) => {
		const text = texts.map((word) => word.text).join(' ');
		const holes = texts.flatMap((word) => word.holes);
		let index = -1;
		for (const one of holes) {
			index = text.indexOf(hole, index + 1);
			if (one && !found.has(one.offset)) found.set(one.offset, { ...one, reader, language, quoted: isQuoted(text.slice(0, index)) });
		}
	};
	const start = programIndex(words);
	words.forEach((word, index) => {
		const program = word.text.split('/').at(-1) ?? '';
		const rest = words.slice(index + 1);
		const option = Object.hasOwn(textOptions, program) ? textOptions[program] : undefined;
		if (shells.has(program)) add(rest.slice(...textAfter(rest, /^[-+][A-Za-z]*c[A-Za-z]*$|^--command$/, /^-[A-Za-z]*o$/)), program, 'shell');
		if (option) {
			add(rest.slice(...textAfter(rest, option)), program, 'other');
			add(rest.filter(({ text }) => text.startsWith('--') && text.includes('=') && option.test(text.slice(0, text.indexOf('=')))), program, 'other');
		}
		if (index !== start) return;
		if (program === 'eval' || program === 'watch') add(rest, program, 'shell');
		else if (program === 'trap') add(rest.filter(({ text }) => !text.startsWith('-')).slice(0, 1), program, 'shell');
		else if (program === 'ssh') add(rest.slice(positionalAt(rest, sshValues) + 1), program, 'shell');
		else if (program === 'sqlite3') add(rest.filter(({ text }) => !text.startsWith('-')).slice(1, 2), program, 'other');
		else if (Object.hasOwn(firstWord, program) && !rest.some(({ text }) => /^(?:-e|-f|--expression|--file|--from-file)$/.test(text))) {
			const at = positionalAt(rest, firstWord[program] ?? /^$/, program === 'jq' ? 2 : 1);
			add(rest.slice(at, at + 1), program, 'other');
		}
	});
	return [...found.values()];
}

/** Where the program stands: behind assignments and programs that carry it. */
function programIndex(words: readonly CodeWord[]): number {
	let carried = false;
	for (const [index, { text }] of words.entries()) {
		if (/^[A-Za-z_]\w*=/.test(text) || (carried && /^(?:-|\d+[smhd]?$)/.test(text))) continue;
		if (!carriers.has(text.split('/').at(-1) ?? '')) return index;
		carried = true;
	}
	return 0;
}

/** Begin and end of the word behind an option, for `slice`. `withValue`: options that take the word behind them. */
function textAfter(words: readonly CodeWord[], option: RegExp, withValue = /^$/): [number, number] {
	let index = words.findIndex(({ text }) => option.test(text));
	if (index < 0) return [0, 0];
	for (index += 1; /^[-+]/.test(words[index]?.text ?? '') && words[index]?.text !== '-'; index += 1) if (withValue.test(words[index]?.text ?? '')) index += 1;
	return [index, index + 1];
}

/** The first word that is neither an option nor the value of one. */
function positionalAt(words: readonly CodeWord[], withValue: RegExp, values = 1): number {
	let index = 0;
	for (; index < words.length; index += 1) {
		const text = words[index]?.text ?? '';
		if (text === '--') return index + 1;
		if (withValue.test(text)) index += values;
		else if (!text.startsWith('-')) return index;
	}
	return index;
}

/** Whether a shell that has read this is inside of quotes. */
function isQuoted(text: string): boolean {
	let quote = '';
	for (let at = 0; at < text.length; at += 1) {
		const char = text.charAt(at);
		if (char === '\\' && quote !== "'") at += 1;
		else if (quote === '' && (char === "'" || char === '"')) quote = char;
		else if (char === quote) quote = '';
	}
	return quote !== '';
}
