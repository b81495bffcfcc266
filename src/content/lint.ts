/**
 * Everything that can be wrong with content, at once: definitions, words, prose, and what holds between them. `drover lint` prints it, and whoever builds pages asks it first; a
 * server whose pages are up to date need not read the prose again.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkLinks, type HasFile } from '../markdown/check-links.ts';
import { checkPage, checkPlaces } from '../markdown/check-prose.ts';
import { readPage, type ProseKind } from '../markdown/prose-page.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { checkExpectations } from './check-expectations.ts';
import { checkScripts } from './check-scripts.ts';
import { checkValues } from './check-values.ts';
import { makeContent } from './content.ts';
import { readFrontMatter } from './front-matter.ts';
import { readFiles } from './read-content.ts';
import { GuideWords } from './words.ts';

/** Lists every lint error of the content below a folder, by file and line. @throws Refusal when it is no content folder */
export function lintFolder(root: string, files = readFiles(root, { guide: true })): readonly LintError[] {
	// Where it is packed, files lie among the built pages only.
	return lint(files, (path) => ['public', 'dist'].some((place) => existsSync(join(root, place, path))));
}

/** Lists every lint error of these files, by file and line. */
export function lint(files: readonly SourceFile[], hasFile: HasFile = () => true): readonly LintError[] {
	const { lintErrors, drafts, families } = makeContent(files);
	const all = [...lintErrors, ...drafts.flatMap(checkValues), ...checkScripts(drafts)];
	for (const family of families) {
		for (const runbook of family.runbooks) {
			const file = files.find(({ path }) => path.endsWith(`/${runbook.id}.yaml`));
			const tests = family.tests[runbook.id] ?? [];
			if (file && tests.length > 0) all.push(...checkExpectations(runbook, tests, file));
		}
	}
	const pages = files.flatMap((file) => {
		const kind = kindOf(file.path);
		return kind ? [readPage(file, kind)] : [];
	});
	for (const page of pages) {
		all.push(...checkPage(page));
		if (page.kind === 'guide') readFrontMatter(page.file, GuideWords, all);
		const runbook = page.kind === 'runbook' ? drafts.flatMap(({ runbooks }) => runbooks).find(({ id }) => page.file.path.endsWith(`/runbooks/${id}.mdx`)) : undefined;
		if (runbook) all.push(...checkPlaces(runbook, page));
	}
	all.push(...checkLinks(pages, drafts, hasFile));
	return all.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column));
}

function kindOf(path: string): ProseKind | undefined {
	if (!path.endsWith('.mdx')) return undefined;
	if (/^[a-z0-9-]+\/guide\//.test(path)) return 'guide';
	if (/\/steps\/[^/]+$/.test(path)) return 'step';
	return path.endsWith('/family.mdx') ? 'family' : 'runbook';
}
