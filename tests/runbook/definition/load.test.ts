import { expect, test } from 'vitest';
import { load } from '../fixtures.ts';

const messages = (steps: string) => load(steps).lintErrors.map(({ file, line, message, advice }) => ({ at: `${file}:${line}`, message, advice }));

test('all mistakes of a runbook come in one go, each with file, line and advice', () => {
	const found = messages(`
- id: one
  phase: prepare
  run: docker rm \${contaner}
- id: two
  phase: change
  runn: docker stop x
- id: three
  phase: change
  run: |-
    docker run \\
      -p 80 | cat
  undo: docker rm x`);

	expect(found).toEqual([
		{ at: 'f/r.yaml:9', message: '"runn" is not known here', advice: 'Did you mean "run"?' },
		{ at: 'f/r.yaml:6', message: '"contaner" is not a parameter of this runbook', advice: 'Did you mean "container"?' },
		{ at: 'f/r.yaml:14', message: '"|" would be acted on by a shell', advice: 'A pipe needs a shell: use "script:".' },
	]);
	expect(messages(`
- id: one
  phase: prepare
  run: docker rm \${contaner}
- id: three
  phase: change
  run: |-
    docker run \\
      -p 80 | cat
  undo: docker rm x
- id: three
  phase: prepare
  script: echo $note`)).toEqual([
		{ at: 'f/r.yaml:6', message: '"contaner" is not a parameter of this runbook', advice: 'Did you mean "container"?' },
		{ at: 'f/r.yaml:11', message: '"|" would be acted on by a shell', advice: 'A pipe needs a shell: use "script:".' },
		{ at: 'f/r.yaml:15', message: 'parameter "note" stands outside double quotes', advice: 'Write "$note", so that its value stays one word.' },
		{ at: 'f/r.yaml:13', message: 'there are two steps "three"', advice: 'Give each step an id of its own.' },
		{ at: 'f/r.yaml:14', message: 'step "three" goes back to phase "prepare"', advice: 'Phases follow each other: preflight, prepare, change, verify, finish.' },
	]);
});

test.each([
	['a command that a YAML comment cuts short', '- { id: a, phase: change, undo: x y }\n- id: s\n  phase: prepare\n  run: docker rm #old', 'a YAML comment cuts the command short after "docker rm"'],
	['a changing step without a way back', '- { id: s, phase: change, run: docker stop x }', 'step "s" changes things and has neither an undo nor a gate'],
	['a destroying step that names no object', '- { id: s, phase: finish, effect: destroy, run: docker rm x, point_of_no_return: true }', 'step "s" destroys something and does not say what'],
	['a step with two commands', '- { id: s, phase: prepare, run: docker ps, script: docker ps }', 'step "s" has more than one of "run", "script" and "do"'],
	['a step that does nothing', '- { id: s, phase: prepare }', 'step "s" does nothing and looks at nothing'],
	['a preflight that changes things', '- { id: s, phase: preflight, effect: change, run: docker stop x, undo: docker start x }', 'step "s" changes things in the preflight'],
	['a list outside of a repeated part', '- { id: s, phase: prepare, run: "docker run -e ${env}" }', 'list parameter "env" and "[…]..." belong together'],
	['a text in a repeated part', '- { id: s, phase: prepare, run: "docker run [-e ${note}]..." }', 'list parameter "note" and "[…]..." belong together'],
	['an unknown field', '- { id: s, phase: prepare, run: "docker run ${publish.prt}" }', '"publish" has no field "prt"'],
	['an unknown shared step', '- { use: clock }', 'the family has no shared step "clock"'],
	['a broken regular expression', '- { id: s, phase: prepare, run: docker ps, done_when: { run: docker ps, matches: "(" } }', 'Invalid regular expression: /(/mu: Unterminated group'],
	['a template that YAML reads as a map', '- { id: s, phase: prepare, run: docker ps, done_when: { run: docker ps, prints: {{.State}} } }', 'a list or a map stands where a name belongs'],
	['a nest of lists', `- { id: s, phase: prepare, run: ${'['.repeat(50)}${']'.repeat(50)} }`, 'lists and maps are nested more than 40 deep'],
	['a script with an open single quote', `- { id: s, phase: prepare, script: "echo 'x" }`, 'a single quote is not closed'],
	['a script that sets a parameter', '- { id: s, phase: prepare, script: "note=1; echo \\"$note\\"" }', 'the script sets "note", which is a parameter'],
	['a script with an unknown variable', '- { id: s, phase: prepare, script: "echo \\"$nope\\"" }', '"nope" is neither a parameter nor set by the script'],
	['a parameter unquoted inside $( ) of a quoted text', '- { id: s, phase: prepare, script: "echo \\"$(docker ps $note)\\"" }', 'parameter "note" stands outside double quotes'],
	['YAML that is none', '- { id: s', 'Flow map'],
])('%s is a mistake', (_, steps, message) => {
	expect(messages(steps).map((one) => one.message).join('\n')).toContain(message);
});

test('a shared step is the family\'s, with what the runbook changes of it', () => {
	const { family, lintErrors } = load('- { use: nope }');
	expect(family).toBeUndefined();
	expect(lintErrors[0]?.line).toBe(4);
});
