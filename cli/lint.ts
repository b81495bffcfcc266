import { relative, resolve } from 'node:path';
import { formatLintError } from '../src/content/content-errors.ts';
import { lintFolder } from '../src/content/lint.ts';
import { readFiles } from '../src/content/read-content.ts';
import { lintRules, type LintError } from '../src/runbook/definition/lint-rules.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { startFolder } from './start-folder.ts';

/** `drover lint [DIR] [--json]`: everything that is wrong with definitions, words and pages, at once. Builds nothing, runs nothing. */
export const lint: Command = async (args, { content, env, out, err, say }) => {
	const { values, positionals } = parseOptions(args, { options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
	if (positionals.length > 1) throw new Refusal(problem('command.usage', { detail: 'drover lint [DIR] [--json]' }));
	const folder = resolve(startFolder(env), positionals[0] ?? content);
	const files = readFiles(folder, { guide: true });
	const lintErrors = lintFolder(folder, files);
	// Paths as the reader would type them, where he is.
	const below = relative(startFolder(env), folder);
	const shown = lintErrors.map((one) => ({ ...one, file: positionals.length === 0 || below === '' ? one.file : `${below}/${one.file}` }));
	if (values.json) out(`${JSON.stringify(shown.map(toJson), null, '\t')}\n`);
	else for (const one of shown) err(`${formatLintError(one)}\n`);
	if (!values.json) (lintErrors.length > 0 ? err : out)(`${say(lintErrors.length > 0 ? 'cli.lint.errors' : 'cli.lint.none', { count: lintErrors.length, files: files.length })}\n`);
	return lintErrors.length > 0 ? 2 : 0;
};

/** Names that others may rely on. */
function toJson({ file, line, column, rule, message, advice }: LintError) {
	return { file, line, column, rule, message, why: lintRules[rule], advice };
}
