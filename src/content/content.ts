/**
 * Everything that the site, the server and the command line know of runbooks: definitions from `src/content/runbooks`, words from `zh/` and `en/`,
 * each held against the other. Reading files is `read-content.ts`; this is pure.
 */
import { locales, type Locale } from '../i18n/locale.ts';
import type { Runbook } from '../runbook/definition/definition.ts';
import { loadFamily, type Family, type FamilyDraft } from '../runbook/definition/load.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { checkFamilyWords, checkRunbookWords } from './check-words.ts';
import { readFrontMatter } from './front-matter.ts';
import { FamilyWords, RunbookWords, StepWords } from './words.ts';

export interface LocaleWords {
	readonly family: FamilyWords;
	/** By id of the runbook. */
	readonly runbooks: Readonly<Record<string, RunbookWords>>;
	/** Shared steps. */
	readonly steps: Readonly<Record<string, StepWords>>;
}

export interface FamilyContent extends Family {
	readonly words: Readonly<Record<Locale, LocaleWords>>;
}

export interface Content {
	readonly families: readonly FamilyContent[];
	/** Every runbook whose definition could be read, though its words may have lint errors. */
	readonly runbooks: readonly Runbook[];
	readonly lintErrors: readonly LintError[];
}

/** The same, with what could be read of each family, whatever is wrong with it. */
export interface DraftContent extends Content {
	readonly drafts: readonly FamilyDraft[];
}

/** Puts content together from its files. With lint errors, only families that have none are there. */
export function makeContent(files: readonly SourceFile[]): DraftContent {
	const familyFiles = files.filter((file) => /^src\/content\/runbooks\/[^/]+\/family\.yaml$/.test(file.path));
	const made = familyFiles.map((file) => makeFamily(file, files));
	return {
		families: made.flatMap((one) => (one.family && one.lintErrors.length === 0 ? [one.family] : [])),
		runbooks: made.flatMap((one) => one.runbooks),
		drafts: made.flatMap((one) => (one.draft ? [one.draft] : [])),
		lintErrors: made.flatMap((one) => one.lintErrors),
	};
}

interface Made {
	readonly family?: FamilyContent;
	readonly draft?: FamilyDraft;
	readonly runbooks: readonly Runbook[];
	readonly lintErrors: readonly LintError[];
}

function makeFamily(file: SourceFile, files: readonly SourceFile[]): Made {
	const folder = file.path.slice(0, -'family.yaml'.length);
	const runbookFiles = files.filter((one) => one.path.startsWith(folder) && one.path.endsWith('.yaml') && one !== file);
	const { family, draft, lintErrors } = loadFamily(file, runbookFiles);
	if (!draft) return { runbooks: [], lintErrors };
	const found: LintError[] = [...lintErrors];
	const words = Object.fromEntries(locales.map((locale) => [locale, readWords(draft, locale, files, found)])) as Record<Locale, LocaleWords | undefined>;
	const { zh, en } = words;
	const { runbooks } = draft;
	return { ...(family && zh && en && { family: { ...family, words: { zh, en } } }), draft, runbooks, lintErrors: found };
}

function readWords(family: FamilyDraft, locale: Locale, files: readonly SourceFile[], lintErrors: LintError[]): LocaleWords | undefined {
	const folder = `${locale}/runbooks/${family.id}/`;
	const byPath = new Map(files.map((file) => [file.path, file]));
	const page = (name: string) => {
		const file = byPath.get(`${folder}${name}.mdx`);
		if (!file) lintErrors.push({ file: `${folder}${name}.mdx`, line: 1, column: 1, rule: 'page.missing', message: 'the page is missing', advice: 'Write it, in both languages.' });
		return file;
	};
	const familyFile = page('family');
	const familyWords = familyFile && readFrontMatter(familyFile, FamilyWords, lintErrors);
	const steps: Record<string, StepWords> = {};
	for (const id of family.sharedSteps) {
		const file = page(`steps/${id}`);
		const step = file && readFrontMatter(file, StepWords, lintErrors);
		if (step) steps[id] = step.words;
	}
	const runbooks: Record<string, RunbookWords> = {};
	for (const runbook of family.runbooks) {
		const file = page(runbook.id.slice(family.id.length + 1));
		const own = file && readFrontMatter(file, RunbookWords, lintErrors);
		if (!own) continue;
		runbooks[runbook.id] = own.words;
		checkRunbookWords(runbook, own.words, steps, own.yaml, family.broken);
		lintErrors.push(...own.yaml.lintErrors);
	}
	const names = ['family', ...family.sharedSteps.map((id) => `steps/${id}`), ...family.runbooks.map(({ id }) => id.slice(family.id.length + 1))];
	const known = new Set([...names, ...[...family.broken].map((id) => `steps/${id}`)].map((name) => `${folder}${name}.mdx`));
	const strays = files.filter(({ path }) => path.startsWith(folder) && !known.has(path) && !isOfUnreadable(path, family, files));
	for (const stray of strays) lintErrors.push({ file: stray.path, line: 1, column: 1, rule: 'page.unknown', message: 'the page belongs to no runbook and no shared step', advice: 'Remove it, or give it a definition.' });
	if (!familyWords) return undefined;
	checkFamilyWords(family, familyWords.words, familyWords.yaml);
	lintErrors.push(...familyWords.yaml.lintErrors);
	return { family: familyWords.words, runbooks, steps };
}

/** A runbook whose definition cannot be read has its page all the same. */
function isOfUnreadable(path: string, family: FamilyDraft, files: readonly SourceFile[]): boolean {
	const name = (path.split('/').at(-1) ?? '').replace(/\.mdx$/, '');
	return files.some((file) => file.path.endsWith(`/${family.id}/${name}.yaml`));
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
