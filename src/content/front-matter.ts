import { parse } from 'yaml';
import type { z } from 'zod';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';

/** Splits a page into its front matter and its body; `bodyLine` is the line (from 1) that the body starts on. */
export function splitFrontMatter(text: string): { yaml: string; body: string; bodyLine: number } {
	const match = /^---\n([\s\S]*?)\n---\n?/.exec(text);
	if (!match) return { yaml: '', body: text, bodyLine: 1 };
	return { yaml: match[1] ?? '', body: text.slice(match[0].length), bodyLine: match[0].split('\n').length };
}

/** Reads the front matter of a page, or notes every lint error of it. */
export function readFrontMatter<T>(file: SourceFile, schema: z.ZodType<T>, lintErrors: LintError[]): T | undefined {
	const { yaml } = splitFrontMatter(file.text);
	const say = (message: string, key = '') => lintErrors.push({ file: file.path, line: lineOf(file.text, key), message, advice: 'Mend the front matter.' });
	let content: unknown;
	try {
		content = parse(yaml) ?? {};
	} catch (error) {
		say(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
		return undefined;
	}
	const result = schema.safeParse(content);
	if (result.success) return result.data;
	for (const issue of result.error.issues) say(`${issue.path.join('.') || 'front matter'}: ${issue.message}`, String(issue.path.at(-1) ?? ''));
	return undefined;
}

/** The line (from 1) on which a key stands, 1 when it is nowhere. */
export function lineOf(text: string, key: string): number {
	if (key === '') return 1;
	const index = text.split('\n').findIndex((line) => line.trimStart().startsWith(`${key}:`));
	return Math.max(index + 1, 1);
}
