import type { z } from 'zod';
import { YamlFile, type LintError, type SourceFile } from '../runbook/definition/yaml-file.ts';

/** Splits a page into its front matter and its body; `bodyLine` is the line (from 1) that the body starts on. */
export function splitFrontMatter(text: string): { yaml: string; body: string; bodyLine: number } {
	const match = /^---\n([\s\S]*?)\n---\n?/.exec(text);
	if (!match) return { yaml: '', body: text, bodyLine: 1 };
	return { yaml: match[1] ?? '', body: text.slice(match[0].length), bodyLine: match[0].split('\n').length };
}

/** The words that a page begins with, and where each stands. */
export interface FrontMatter<T> {
	readonly words: T;
	readonly yaml: YamlFile;
}

/** Reads the front matter of a page, or notes every lint error of it. Lint errors that are noted in its file later are not among them. */
export function readFrontMatter<T>(file: SourceFile, schema: z.ZodType<T>, lintErrors: LintError[]): FrontMatter<T> | undefined {
	const yaml = new YamlFile({ path: file.path, text: splitFrontMatter(file.text).yaml }, 1);
	const words = yaml.parse(schema);
	lintErrors.push(...yaml.lintErrors.splice(0));
	return words === undefined ? undefined : { words, yaml };
}

/** The line (from 1) on which a key stands, 1 when it is nowhere. */
export function lineOf(text: string, key: string): number {
	if (key === '') return 1;
	const index = text.split('\n').findIndex((line) => line.trimStart().startsWith(`${key}:`));
	return Math.max(index + 1, 1);
}
