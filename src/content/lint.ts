/**
 * Everything that can be wrong with content, at once: definitions, words, prose. Whoever builds pages asks it first; a server whose pages are up to date need not read
 * the prose again.
 */
import { checkPlaces, checkProse, type ProseKind } from '../markdown/check-prose.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { checkExpectations } from './check-expectations.ts';
import { makeContent } from './content.ts';
import { readFrontMatter } from './front-matter.ts';
import { readFiles } from './read-content.ts';
import { GuideWords } from './words.ts';

/** Lists every lint error of the content below a folder, by file and line. @throws Refusal when it is no content folder */
export function lintFolder(root: string): readonly LintError[] {
	return lint(readFiles(root, { guide: true }));
}

/** Lists every lint error of these files, by file and line. */
export function lint(files: readonly SourceFile[]): readonly LintError[] {
	const { lintErrors, runbooks, families } = makeContent(files);
	const all = [...lintErrors];
	for (const family of families) {
		for (const runbook of family.runbooks) {
			const file = files.find(({ path }) => path.endsWith(`/${runbook.id}.yaml`));
			const tests = family.tests[runbook.id] ?? [];
			if (file && tests.length > 0) all.push(...checkExpectations(runbook, tests, file));
		}
	}
	for (const file of files) {
		const kind = kindOf(file.path);
		if (!kind) continue;
		all.push(...checkProse(file, kind));
		if (kind === 'guide') readFrontMatter(file, GuideWords, all);
		const runbook = kind === 'runbook' ? runbooks.find(({ id }) => file.path.endsWith(`/runbooks/${id}.mdx`)) : undefined;
		if (runbook) all.push(...checkPlaces(runbook, file));
	}
	return all.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

function kindOf(path: string): ProseKind | undefined {
	if (!path.endsWith('.mdx')) return undefined;
	if (/^[a-z0-9-]+\/guide\//.test(path)) return 'guide';
	if (/\/steps\/[^/]+$/.test(path)) return 'step';
	return path.endsWith('/family.mdx') ? 'family' : 'runbook';
}
