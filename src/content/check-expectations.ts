/** Holds a runbook against its `tests:`, and against odd values of each parameter's type, which must come out as one word of each command or be refused. */
import { rulesOf } from '../families/families.ts';
import { renderStep } from '../runbook/command/render.ts';
import type { Runbook, Step } from '../runbook/definition/definition.ts';
import type { Expectations } from '../runbook/definition/expectations.ts';
import type { ParameterType } from '../runbook/definition/parameter.ts';
import { YamlFile, type LintError, type SourceFile } from '../runbook/definition/yaml-file.ts';
import { firstTarget } from '../runbook/session/targets.ts';
import { resolve, type Resolved } from '../runbook/values/resolve.ts';
import type { Value, Values } from '../runbook/values/value.ts';

/** Lists what a runbook does in another way than its tests expect. */
export function checkExpectations(runbook: Runbook, tests: readonly Expectations[], file: SourceFile): readonly LintError[] {
	const yaml = new YamlFile(file);
	tests.forEach((test, index) => {
		for (const { at, message, advice } of differences(runbook, test)) yaml.lintError(['tests', index, ...at], 'test.expected', message, advice);
		for (const problem of fuzz(runbook, test.values)) yaml.lintError(['tests', index], 'test.expected', problem, 'Mend the runbook: these values have the right type.');
	});
	return yaml.lintErrors;
}

interface Difference {
	readonly at: readonly (string | number)[];
	readonly message: string;
	readonly advice: string;
}

function differences(runbook: Runbook, { values, commands, skipped, blocked, refused, warned }: Expectations): readonly Difference[] {
	const found: Difference[] = [];
	const resolved = resolve(runbook, rulesOf(runbook.family), values as Values);
	const names = (problems: readonly { readonly parameter?: string; readonly slots: Readonly<Record<string, string | number>> }[]) => [...new Set(problems.map(({ parameter, slots }) => parameter ?? String(slots['parameter'] ?? '')))].sort();
	const same = (key: string, wanted: readonly string[], got: readonly string[]) => {
		if (wanted.toSorted().join() !== got.join()) found.push({ at: [key], message: `the test expects ${key} ${list(wanted)}, and it is ${list(got)}`, advice: 'Mend the runbook, or the test.' });
	};
	same('refused', refused, names(resolved.refused));
	if (warned) same('warned', warned, names(resolved.warnings));
	const stepOf = (id: string, at: Difference['at']) => {
		const step = runbook.steps.find((one) => one.id === id);
		if (!step) found.push({ at, message: `the test names a step "${id}", and there is none`, advice: 'Write the id of a step.' });
		return step;
	};
	for (const [id, wanted] of Object.entries(commands)) {
		const step = stepOf(id, ['commands', id]);
		const got = step && display(step, resolved);
		if (step && got !== wanted.trimEnd()) found.push({ at: ['commands', id], message: `the command of step "${id}" is another one: ${got ?? 'none'}`, advice: 'Mend the runbook, or the test.' });
	}
	for (const [index, id] of skipped.entries()) {
		const step = stepOf(id, ['skipped', index]);
		if (step && (firstTarget(step, resolved)?.applies ?? false)) found.push({ at: ['skipped', index], message: `step "${id}" is not left out by these values`, advice: 'Mend its "when", or the test.' });
	}
	for (const [index, id] of blocked.entries()) {
		const step = stepOf(id, ['blocked', index]);
		if (step && (render(step, resolved)?.problems ?? []).length === 0) found.push({ at: ['blocked', index], message: `the command of step "${id}" lacks no value`, advice: 'Mend the runbook, or the test.' });
	}
	return found;
}

const list = (names: readonly string[]) => (names.length === 0 ? 'nothing' : names.join(', '));

function render(step: Step, resolved: Resolved) {
	const target = firstTarget(step, resolved);
	return renderStep(step, 'run', resolved, target?.node ? { node: target.node } : {});
}

function display(step: Step, resolved: Resolved): string | undefined {
	return render(step, resolved)?.display.trimEnd();
}

/** Right by their type, and unlike what an author has in mind. */
const odd: Readonly<Partial<Record<ParameterType, readonly Value[]>>> = {
	container: ['a1', 'A_b.c-9'],
	image: ['a/b/c', 'x'],
	name: ['_', 'a@b.c-1'],
	path: ["/srv/o'brien's data", '/', '/a b/$HOME'],
	port: ['1', '65535'],
	publish: ['127.0.0.1:1', '65535'],
	secret: ["it's \"$secret\"`x`", '!#%&*;|<>'],
	tag: ['_', 'v1.0.0-rc1'],
	text: ["o'brien", '$(id)', '"; rm x #', '*?[a]', '\\'],
	volume: ['a1', 'data_volume.2'],
	env: [["A=it's"], ['A=$(id)', 'B=']],
	words: [["o'brien", '$x']],
};

/** What breaks when one value after the other is an odd one. */
function fuzz(runbook: Runbook, values: Expectations['values']): readonly string[] {
	return Object.entries(runbook.parameters).flatMap(([parameter, { type }]) =>
		(odd[type] ?? []).flatMap((value) => {
			try {
				const resolved = resolve(runbook, rulesOf(runbook.family), { ...(values as Values), [parameter]: value });
				for (const step of runbook.steps) render(step, resolved);
				return [];
			} catch (error) {
				return [`"${parameter}" with ${JSON.stringify(value)} cannot be put into a command: ${error instanceof Error ? error.message : String(error)}`];
			}
		}),
	);
}
