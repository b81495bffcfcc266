/** Asks Bash itself whether it can read the scripts of runbooks. Nothing of them runs. */
import { spawnSync } from 'node:child_process';
import type { FamilyDraft } from '../runbook/definition/load.ts';
import type { ForeignText } from '../runbook/definition/load-runbook.ts';
import type { LintError } from '../runbook/definition/yaml-file.ts';

/** For each text that it is given, whether Bash can read it: "set -n" stands first, and from there on commands are read and none is done. */
const readAll = String.raw`while IFS= read -r -d "" text; do ( eval "set -n"$'\n'"$text" ) < /dev/null > /dev/null 2>&1; echo "$?"; done`;

/** Scripts that are read together: a process for each would take most of the time of a lint. */
const groupSize = 30;

/** Lists the scripts that Bash cannot read. Without a Bash there is nothing to ask, and nothing to run them. */
export function checkScripts(families: readonly FamilyDraft[]): LintError[] {
	const scripts = families.flatMap((family) => family.scripts);
	const texts = [...new Set(scripts.map(({ text }) => text))];
	const groups = Array.from({ length: Math.ceil(texts.length / groupSize) }, (_, index) => texts.slice(index * groupSize, (index + 1) * groupSize));
	// Each as the body of a function, so that none can end what another began.
	const suspects = findUnreadable(groups.map((group) => group.map((text) => `body() {\n${text}\n}`).join('\n'))).flatMap((index) => groups[index] ?? []);
	return findUnreadable(suspects).flatMap((index) => {
		const wrong = readOne(suspects[index] ?? '');
		const script = scripts.find(({ text }) => text === suspects[index]);
		return wrong && script ? [noteIn(script, wrong)] : [];
	});
}

/** The indexes of texts that Bash cannot read. */
function findUnreadable(texts: readonly string[]): number[] {
	if (texts.length === 0) return [];
	const { status, stdout } = spawnSync('bash', ['-c', readAll], { input: texts.map((text) => `${text}\0`).join(''), encoding: 'utf8' });
	if (status === null) return [];
	const ends = stdout.trim().split('\n');
	return texts.flatMap((_, index) => (ends[index] === '0' ? [] : [index]));
}

interface Wrong {
	readonly line: number;
	readonly message: string;
}

/** What Bash says of one text. */
function readOne(text: string): Wrong | undefined {
	const { stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
	const found = /line (\d+): (.*)/.exec(stderr);
	return found ? { line: Number(found[1]), message: (found[2] ?? '').replaceAll('`', '"').replaceAll("'", '"').replace(/\.$/, '') } : undefined;
}

function noteIn({ yaml, path, text }: ForeignText, { line, message }: Wrong): LintError {
	const offset = text.split('\n').slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
	const before = yaml.lintErrors.length;
	yaml.lintError(path, 'script.bash', `Bash cannot read the script: ${message}`, 'Fix it here or in a line before; "bash -n" says the same.', Math.min(offset, text.length));
	return yaml.lintErrors.splice(before)[0] as LintError;
}
