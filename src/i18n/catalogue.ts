/**
 * Words of the interface in languages that Drover does not bring: one file of a content folder, `<locale>/interface.json`, keys as in `en/*.json`. What it leaves out is
 * said in English. Whoever reads content makes its languages known here.
 */
import { parseDocument } from 'yaml';
import enCli from '../../en/cli.json' with { type: 'json' };
import enDepends from '../../en/depends.json' with { type: 'json' };
import enFlags from '../../en/flags.json' with { type: 'json' };
import enPage from '../../en/page.json' with { type: 'json' };
import enPhase from '../../en/phase.json' with { type: 'json' };
import enReport from '../../en/report.json' with { type: 'json' };
import { familyWords } from '../families/families.ts';
import { suggest } from '../runbook/text/suggest.ts';
import { table as enSaid } from './en.ts';
import { slotsIn } from './fill.ts';
import type { Locale } from './locale.ts';
import type { Table } from './words.ts';

export type InterfaceWords = Table;

const english: Table = { ...enCli, ...enDepends, ...enFlags, ...enPage, ...enPhase, ...enReport, ...familyWords('en'), ...enSaid };
/** Without it a reader cannot find his language. */
const nameOfLanguage = 'locale.name';

const learned = new Map<Locale, InterfaceWords>();
/** Sentences of content that problems and findings name. */
const sentences = new Map<Locale, Table>();

export function addLocale(locale: Locale, table: InterfaceWords): void {
	learned.set(locale, table);
}

export function addSentences(locale: Locale, table: Table): void {
	sentences.set(locale, { ...sentences.get(locale), ...table });
}

/** Sentences of content in a language: `rule.<family>.<id>`, `found.<family>.<id>`. */
export function contentSentences(locale: Locale): Table {
	return sentences.get(locale) ?? {};
}

/** Words of a language that a content folder brought, or changed; empty for others. */
export function learnedWords(locale: Locale): InterfaceWords {
	return learned.get(locale) ?? {};
}

interface WordsProblem {
	readonly line: number;
	readonly message: string;
	readonly advice: string;
}

/** Reads a file of interface words, and holds it against the English ones: keys that are not there, slots that are not filled. */
export function checkInterface(text: string, needsName = true): { readonly table?: InterfaceWords; readonly problems: readonly WordsProblem[] } {
	const lines = text.split('\n');
	const lineOf = (key: string) => Math.max(lines.findIndex((line) => line.includes(`"${key}"`)) + 1, 1);
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch (error) {
		// Of the two readers of JSON this one knows the line.
		const at = parseDocument(text, { logLevel: 'silent' }).errors[0]?.linePos?.[0].line ?? 1;
		return { problems: [{ line: at, message: `this is no JSON: ${error instanceof Error ? error.message : String(error)}`, advice: 'Write { "key": "words", … }.' }] };
	}
	if (typeof content !== 'object' || content === null || Array.isArray(content)) return { problems: [{ line: 1, message: 'the file holds no words by key', advice: 'Write { "key": "words", … }.' }] };
	const problems: WordsProblem[] = [];
	const table: Record<string, string> = {};
	for (const [key, words] of Object.entries(content)) {
		const own = english[key];
		if (typeof words !== 'string') problems.push({ line: lineOf(key), message: `the words of "${key}" are no text`, advice: 'Write them in quotes.' });
		else if (own === undefined) problems.push({ line: lineOf(key), message: `there are no words "${key}"`, advice: didYouMean(suggest(key, Object.keys(english))) });
		else {
			const unknown = slotsIn(words).find((slot) => !slotsIn(own).includes(slot));
			if (unknown !== undefined) problems.push({ line: lineOf(key), message: `"${key}" has a slot {${unknown}} that is never filled`, advice: `The English words are: ${own}` });
			else table[key] = words;
		}
	}
	if (needsName && table[nameOfLanguage] === undefined) problems.push({ line: 1, message: `the words of "${nameOfLanguage}" are missing`, advice: 'Write the name of the language, in that language.' });
	return { table, problems };
}

function didYouMean(near: string): string {
	return near === '' ? 'Remove them.' : `Did you mean "${near}"?`;
}
