import { expect, test } from 'vitest';
import { addFunctions } from '../../../src/runbook/definition/functions.ts';
import { loadFamily } from '../../../src/runbook/definition/load.ts';

const family = (functions: string) => `family: f
parameters: { name: { type: name, group: g, default: cow } }
functions:
${functions}
runbooks: [r]
`;
const runbook = (script: string, more = '') => `id: f/r\nparameters: [name]\n${more}steps:\n  - id: s\n    phase: prepare\n    script: |\n      ${script}\n`;
const load = (functions: string, script: string, more?: string) =>
	loadFamily({ path: 'f/family.yaml', text: family(functions) }, [{ path: 'f/r.yaml', text: runbook(script, more) }]);
const scriptOf = (functions: string, script: string, more?: string) => {
	const { family: loaded, lintErrors } = load(functions, script, more);
	const command = loaded?.runbooks[0]?.steps[0]?.run[0];
	return command?.kind === 'script' ? command.script : JSON.stringify(lintErrors);
};

test('a script carries the functions that it calls, in their order, and no others', () => {
	const functions = { inner: 'echo inner', unused: 'echo unused', outer: 'inner\necho outer' };

	expect(addFunctions('\nouter\n', functions)).toBe('\ninner() {\n  echo inner\n}\nouter() {\n  inner\n  echo outer\n}\nouter\n');
	expect(addFunctions('\necho "$outer" --outer ./outer outer=1\n', functions)).toBe('\necho "$outer" --outer ./outer outer=1\n');
});

test('a runbook\'s function takes the place of the family\'s', () => {
	const script = scriptOf('  place: echo family', 'place', 'functions: { place: echo runbook }\n');

	expect(script).toContain('echo runbook');
	expect(script).not.toContain('echo family');
});

test('a parameter that only a function uses reaches the script', () => {
	const { family: loaded } = load('  greet: echo "$name"', 'greet');
	const command = loaded?.runbooks[0]?.steps[0]?.run[0];

	expect(command).toMatchObject({ uses: [{ variable: 'name', name: 'name' }] });
});

test('a mistake in a function has its line in the family, a mistake in the script its own', () => {
	expect(load('  greet: echo $name', 'greet').lintErrors).toMatchObject([{ file: 'f/family.yaml', line: 4, message: 'parameter "name" stands outside double quotes' }]);
	expect(load('  greet: echo hi', 'greet\n      echo\n      echo $name').lintErrors).toMatchObject([{ line: 9, message: 'parameter "name" stands outside double quotes' }]);
});
