/**
 * Everything that the site, the server and the command line know of runbooks: definitions, and words from a folder for each language, each held against the other. What the
 * folder is called and where things are says its `drover.yaml`. Reading files is `read-content.ts`; this is pure.
 */
import { combineDetections, declaredDetection, type DeclaredDetection } from '../families/declared.ts';
import { detectionsOf, hasDetection } from '../families/families.ts';
import type { Detection } from '../families/family.ts';
import { addLocale, addSentences, checkInterface, type InterfaceWords } from '../i18n/catalogue.ts';
import { locales as own, type Locale } from '../i18n/locale.ts';
import type { Runbook } from '../runbook/definition/definition.ts';
import { loadFamily, type Family, type FamilyDraft } from '../runbook/definition/load.ts';
import type { LintRule } from '../runbook/definition/lint-rules.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { checkFamilyWords, checkRunbookWords } from './check-words.ts';
import { configFile, ownLayout, parseConfig, type ContentConfig } from './content-config.ts';
import { lineOf, readFrontMatter } from './front-matter.ts';
import { FamilyWords, RunbookWords, StepWords } from './words.ts';

export interface LocaleWords {
	readonly family: FamilyWords;
	/** By id of the runbook. */
	readonly runbooks: Readonly<Record<string, RunbookWords>>;
	/** Shared steps. */
	readonly steps: Readonly<Record<string, StepWords>>;
	/** The locale that each page is written in, by its name below the family's folder: another one than asked for where the page is missing. */
	readonly writtenIn: Readonly<Record<string, Locale>>;
}

export interface FamilyContent extends Family {
	/** By locale; `wordsIn` asks them. */
	readonly words: Readonly<Record<Locale, LocaleWords>>;
}

export interface Content {
	readonly config: ContentConfig;
	readonly families: readonly FamilyContent[];
	/** Every runbook whose definition could be read, though its words may have lint errors. */
	readonly runbooks: readonly Runbook[];
	/** Words of the interface in languages that Drover does not bring, by locale. */
	readonly interface: Readonly<Record<Locale, InterfaceWords>>;
	readonly lintErrors: readonly LintError[];
}

/** The same, with what could be read of each family, whatever is wrong with it. */
export interface DraftContent extends Content {
	readonly drafts: readonly FamilyDraft[];
}

/** Puts content together from its files. With lint errors, only families that have none are there. */
export function makeContent(files: readonly SourceFile[]): DraftContent {
	const file = files.find(({ path }) => path === configFile);
	const { config, lintErrors } = file ? parseConfig(file) : { config: ownLayout, lintErrors: [] };
	if (!config) return { config: ownLayout, families: [], runbooks: [], interface: {}, drafts: [], lintErrors };
	const folder = `${config.places.runbooks}/`;
	const familyFiles = files.filter(({ path }) => path.startsWith(folder) && /^[^/]+\/family\.yaml$/.test(path.slice(folder.length)));
	const made = familyFiles.map((one) => makeFamily(one, files, config));
	const words = readInterface(config, files);
	const families = made.flatMap((one) => (one.family && one.lintErrors.length === 0 ? [one.family] : []));
	return {
		config,
		families: inOrder(families, config.families ?? []),
		runbooks: made.flatMap((one) => one.runbooks),
		interface: words.tables,
		drafts: made.flatMap((one) => (one.draft ? [one.draft] : [])),
		lintErrors: [...(file ? checkFamilies(familyFiles, config) : []), ...words.lintErrors, ...made.flatMap((one) => one.lintErrors)],
	};
}

interface MadeFamily {
	readonly family?: FamilyContent;
	readonly draft?: FamilyDraft;
	readonly runbooks: readonly Runbook[];
	readonly lintErrors: readonly LintError[];
}

function inOrder(families: readonly FamilyContent[], order: readonly string[]): readonly FamilyContent[] {
	const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
	return families.toSorted((one, other) => place(one.id) - place(other.id));
}

function checkFamilies(files: readonly SourceFile[], { families = [], places }: ContentConfig): LintError[] {
	const at = (file: string, line: number, rule: LintRule, message: string, advice: string): LintError => ({ file, line, column: 1, rule, message, advice });
	// As it is written: a family with other errors has its name all the same.
	const ids = files.map(({ text }) => /^family:[ \t]*['"]?([a-z0-9.-]+)/m.exec(text)?.[1]);
	const twice = files.flatMap(({ path, text }, index) => {
		const id = ids[index];
		const first = ids.indexOf(id);
		return id === undefined || first === index ? [] : [at(path, lineOf(text, 'family'), 'family.duplicate', `there are two families "${id}": the other one is ${files[first]?.path}`, 'Give each family a name of its own.')];
	});
	const unknown = families.filter((id) => !ids.includes(id)).map((id) => at(configFile, 1, 'family.unknown', `"families" names "${id}", and there is no such family`, `Write ${places.runbooks}/${id}/family.yaml, or remove the name.`));
	const none = files.length === 0 ? [at(configFile, 1, 'family.missing', `there are no runbooks below ${places.runbooks}`, 'Write a family.yaml there, or make one with "drover new family NAME".')] : [];
	return [...twice, ...unknown, ...none];
}

const isOwn = (locale: Locale) => own.some((one) => one === locale);

/** A language that Drover does not bring needs one file of interface words; what it leaves out is said in English. */
function readInterface({ locales }: ContentConfig, files: readonly SourceFile[]): { tables: Readonly<Record<Locale, InterfaceWords>>; lintErrors: readonly LintError[] } {
	const tables: Record<Locale, InterfaceWords> = {};
	const lintErrors: LintError[] = [];
	for (const locale of locales) {
		if (!files.some(({ path }) => path.startsWith(`${locale}/`) && path.endsWith('.mdx'))) {
			lintErrors.push({ file: configFile, line: 1, column: 1, rule: 'locale.words', message: `locale "${locale}" has no words: there is no page below ${locale}/runbooks`, advice: `Write one, or take "${locale}" out of "locales".` });
		}
		const path = `${locale}/interface.json`;
		const file = files.find((one) => one.path === path);
		if (!file && isOwn(locale)) continue;
		if (!file) {
			lintErrors.push({ file: path, line: 1, column: 1, rule: 'locale.words', message: `the words of the interface are missing: Drover brings ${own.join(' and ')}`, advice: 'Write the file: { "locale.name": "the name of the language", … }.' });
			continue;
		}
		const { table, problems } = checkInterface(file.text, !isOwn(locale));
		if (table) tables[locale] = table;
		lintErrors.push(...problems.map(({ line, message, advice }) => ({ file: path, line, column: 1, rule: 'locale.words' as const, message, advice })));
	}
	return { tables, lintErrors };
}

function makeFamily(file: SourceFile, files: readonly SourceFile[], { locales }: ContentConfig): MadeFamily {
	const folder = file.path.slice(0, -'family.yaml'.length);
	const runbookFiles = files.filter((one) => one.path.startsWith(folder) && one.path.endsWith('.yaml') && one !== file);
	const { family, draft, lintErrors } = loadFamily(file, runbookFiles);
	if (!draft) return { runbooks: [], lintErrors };
	const found: LintError[] = [...lintErrors];
	const read = locales.map((locale) => [locale, readWords(draft, locale, locales, files, found)] as const);
	const words = read.flatMap(([locale, one]) => (one ? [[locale, one] as const] : []));
	const { runbooks } = draft;
	return { draft, runbooks, lintErrors: found, ...(family && words.length === locales.length && { family: { ...family, words: Object.fromEntries(words) } }) };
}

function readWords(family: FamilyDraft, locale: Locale, locales: readonly Locale[], files: readonly SourceFile[], lintErrors: LintError[]): LocaleWords | undefined {
	const folder = `${locale}/runbooks/${family.id}/`;
	const byPath = new Map(files.map((file) => [file.path, file]));
	const writtenIn: Record<string, Locale> = {};
	/** The page or, where this language has none, that of the first language that has; only its own is checked here. */
	const page = (name: string): { file: SourceFile; own: boolean } | undefined => {
		for (const one of [locale, ...locales]) {
			const file = byPath.get(`${one}/runbooks/${family.id}/${name}.mdx`);
			if (!file) continue;
			writtenIn[name] = one;
			return { file, own: one === locale };
		}
		if (locale === locales[0]) lintErrors.push({ file: `${folder}${name}.mdx`, line: 1, column: 1, rule: 'page.missing', message: 'the page is missing', advice: locales.length > 1 ? 'Write it, in one of the languages at least.' : 'Write it.' });
		return undefined;
	};
	const errorsOf = ({ own }: { own: boolean }): LintError[] => (own ? lintErrors : []);
	const familyPage = page('family');
	const words = familyPage && readFrontMatter(familyPage.file, FamilyWords, errorsOf(familyPage));
	const steps: Record<string, StepWords> = {};
	for (const id of family.sharedSteps) {
		const found = page(`steps/${id}`);
		const step = found && readFrontMatter(found.file, StepWords, errorsOf(found));
		if (step) steps[id] = step.words;
	}
	const runbooks: Record<string, RunbookWords> = {};
	for (const runbook of family.runbooks) {
		const found = page(runbook.id.slice(family.id.length + 1));
		const own = found && readFrontMatter(found.file, RunbookWords, errorsOf(found));
		if (!found || !own) continue;
		runbooks[runbook.id] = own.words;
		checkRunbookWords(runbook, own.words, steps, own.yaml, family.broken);
		errorsOf(found).push(...own.yaml.lintErrors);
	}
	const names = ['family', ...family.sharedSteps.map((id) => `steps/${id}`), ...family.runbooks.map(({ id }) => id.slice(family.id.length + 1))];
	const known = new Set([...names, ...[...family.broken].map((id) => `steps/${id}`)].map((name) => `${folder}${name}.mdx`));
	const strays = files.filter(({ path }) => path.startsWith(folder) && !known.has(path) && !isOfUnreadable(path, family, files));
	for (const stray of strays) lintErrors.push({ file: stray.path, line: 1, column: 1, rule: 'page.unknown', message: 'the page belongs to no runbook and no shared step', advice: 'Remove it, or give it a definition.' });
	if (!familyPage || !words) return undefined;
	checkFamilyWords(family, words.words, words.yaml);
	errorsOf(familyPage).push(...words.yaml.lintErrors);
	return { family: words.words, runbooks, steps, writtenIn };
}

/** A runbook whose definition cannot be read has its page all the same. */
function isOfUnreadable(path: string, family: FamilyDraft, files: readonly SourceFile[]): boolean {
	const name = (path.split('/').at(-1) ?? '').replace(/\.mdx$/, '');
	return files.some((file) => file.path.endsWith(`/${family.id}/${name}.yaml`));
}

/** Makes the words of the interface in the folder's own languages known to whoever speaks, and the sentences of families that need no code. */
export function learnInterface({ interface: tables, families }: Content): void {
	for (const [locale, table] of Object.entries(tables)) addLocale(locale, table);
	for (const family of families) for (const locale of [...Object.keys(family.words), ...own]) addSentences(locale, sentencesOf(family, locale));
}

/** Sentences of a family's rules and inspections, by the keys that problems and findings have. */
export function sentencesOf(family: FamilyContent, locale: Locale): Readonly<Record<string, string>> {
	const { rules, detect } = wordsIn(family, locale).family;
	const keyed = (prefix: string, words: Readonly<Record<string, string>>) => Object.entries(words).map(([id, sentence]) => [`${prefix}.${family.id}.${id}`, sentence]);
	return Object.fromEntries([...keyed('rule', rules), ...keyed('found', detect)]);
}

/** How a family detects what it is for, where its definition says it. */
export function declaredOf(family: FamilyContent): readonly DeclaredDetection[] {
	const secrets = Object.entries(family.parameters).filter(([, { type }]) => type === 'secret').map(([name]) => name);
	return Object.keys(family.inspections).length === 0 ? [] : [{ family: family.id, inspections: family.inspections, secrets }];
}

/** Whether anything that runs can be detected for a family's runbooks: by what it declares, or by code of its own. */
export function canDetect(family: FamilyContent): boolean {
	return hasDetection(family.id) || declaredOf(family).length > 0;
}

/** What reads a machine for families; undefined where none knows how. */
export function detectionFor(families: readonly FamilyContent[]): Detection | undefined {
	return combineDetections([...detectionsOf(families.map(({ id }) => id)), ...families.flatMap(declaredOf).map(declaredDetection)]);
}

/** The words of a family in a language, or in the first that it has. */
export function wordsIn(family: FamilyContent, locale: Locale): LocaleWords {
	const words = family.words[locale] ?? Object.values(family.words)[0];
	if (!words) throw new RangeError(`Family "${family.id}" has no words.`);
	return words;
}

/** The title of a step in a language. */
export function stepTitle(words: LocaleWords, runbook: Runbook, stepId: string): string {
	return words.runbooks[runbook.id]?.steps[stepId] ?? words.steps[stepId]?.title ?? stepId;
}

/** The sentence of a step's hint in a language. */
export function hintWords(words: LocaleWords, runbook: Runbook, stepId: string, hint: string): string {
	const shared = runbook.steps.find(({ id }) => id === stepId)?.printedHintsOf ?? stepId;
	return words.runbooks[runbook.id]?.hints[`${stepId}.${hint}`] ?? words.steps[shared]?.hints[hint] ?? hint;
}
