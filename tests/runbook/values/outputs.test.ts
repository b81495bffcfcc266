/** A value that a step gives to later ones: read out of what it printed, typed, and never repaired. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOutput } from '../../../src/runbook/check/read-output.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import type { Output } from '../../../src/runbook/definition/definition.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { load, runbookOfSteps } from '../fixtures.ts';
import { hostileText } from '../hostile.ts';

const output = (from: Output['from'], type: 'key' | 'path' | 'host' = 'key'): Output => ({ step: 's', parameter: type === 'path' ? { type, group: 'outputs', advanced: false, relative: true } : { type, group: 'outputs', advanced: false }, from });

describe('a value is read', () => {
	test.each<[string, Output['from'], string, unknown]>([
		['of the last line', { kind: 'last-line' }, 'Creating …\n  abc123  \n\n', { value: 'abc123' }],
		['by a group', { kind: 'matches', pattern: '^Account (\\S+)$' }, 'Hello\nAccount abc\nBye', { value: 'abc' }],
		['of JSON', { kind: 'json', path: 'vms.0.id' }, '{ "vms": [{ "id": "x1" }] }', { value: 'x1' }],
		['of a number in JSON', { kind: 'json', path: 'id' }, '{ "id": 42 }', { value: '42' }],
		['of nothing', { kind: 'last-line' }, '\n \n', { refused: 'nothing', shown: '' }],
		['of a group that is not there', { kind: 'matches', pattern: 'x(y)' }, 'abc', { refused: 'nothing', shown: '' }],
		['of JSON that is none', { kind: 'json', path: 'id' }, 'error', { refused: 'nothing', shown: '' }],
		['of what JSON inherits', { kind: 'json', path: 'constructor.name' }, '{}', { refused: 'nothing', shown: '' }],
		['that does not fit its type', { kind: 'last-line' }, '$(touch x)-v/:/host', { refused: 'type', shown: '$(touch x)-v/:/host' }],
		['with a character that cannot be seen', { kind: 'last-line' }, 'ab\u202ec', { refused: 'type', shown: 'ab\\u{202e}c' }],
	])('%s', (_, from, text, expected) => {
		expect(readOutput('x', output(from), text)).toEqual(expected);
	});

	test('a newline in a JSON text, a dash at the beginning and hostile texts never become a value of a key', () => {
		fc.assert(
			fc.property(hostileText, (text) => {
				const found = readOutput('x', output({ kind: 'json', path: 'a' }), JSON.stringify({ a: text }));
				if ('value' in found) expect(found.value).toMatch(/^[A-Za-z0-9]{1,128}$/);
			}),
		);
	});
});

const steps = `- { id: make, phase: prepare, run: 'ls \${note}', outputs: { account: { type: key, from: last-line } } }
- { id: use, phase: prepare, run: 'ls \${account}' }`;

test('a step that needs a value shows its name, and says which step gives it', () => {
	const runbook = runbookOfSteps(steps);
	const [, use] = runbook.steps;
	if (!use) throw new Error('no step');

	const before = renderStep(use, 'run', resolve(runbook, noRules, {}));
	const after = renderStep(use, 'run', resolve(runbook, noRules, {}, { account: { value: 'abc' } }));
	const refused = renderStep(use, 'run', resolve(runbook, noRules, {}, { account: { refused: 'type', shown: '-v' } }));

	expect(before).toMatchObject({ display: 'ls ACCOUNT', problems: [{ name: 'value.awaited', slots: { parameter: 'account', step: 'make' } }] });
	expect(before?.parts.filter(({ role }) => role === 'missing')).toEqual([{ text: 'ACCOUNT', role: 'missing' }]);
	expect(after).toMatchObject({ display: 'ls abc', problems: [] });
	expect(refused?.problems).toMatchObject([{ name: 'value.output-refused', slots: { parameter: 'account', step: 'make', value: '-v' } }]);
});

test('a value of the form cannot stand for one that a step gives', () => {
	expect(resolve(runbookOfSteps(steps), noRules, { account: 'mine' }).refused).toMatchObject([{ name: 'value.unknown' }]);
});

test.each([
	['a name that is taken', `- { id: s, phase: prepare, run: ls, outputs: { note: { type: key, from: last-line } } }`, 'there is a value "note" already'],
	['two of one name', `- { id: s, phase: prepare, run: ls, outputs: { a: { type: key, from: last-line } } }\n- { id: t, phase: prepare, run: ls, outputs: { a: { type: key, from: last-line } } }`, 'there is a value "a" already'],
	['a use before it is given', `- { id: s, phase: prepare, run: 'ls \${a}' }\n- { id: t, phase: prepare, run: ls, outputs: { a: { type: key, from: last-line } } }`, '"a" is given by step "t", which comes later'],
	['a use in its own command', `- { id: t, phase: prepare, run: 'ls \${a}', outputs: { a: { type: key, from: last-line } } }`, '"a" is given by step "t", which comes later'],
	['a use in a script before it is given', `- { id: s, phase: prepare, script: 'echo "$a"' }\n- { id: t, phase: prepare, run: ls, outputs: { a: { type: key, from: last-line } } }`, '"a" is given by step "t", which comes later'],
	['a step without a command', `- { id: s, phase: preflight, done_when: { run: ls }, outputs: { a: { type: key, from: last-line } } }`, 'step "s" gives the value "a", and has no command that runs once'],
	['a step for nodes', `- { id: s, phase: prepare, each: nodes, run: ls, outputs: { a: { type: key, from: last-line } } }`, 'has no command that runs once'],
	['a secret', `- { id: s, phase: prepare, run: ls, outputs: { a: { type: secret, from: last-line } } }`, '"type" is "secret"'],
	['an expression without a group', `- { id: s, phase: prepare, run: ls, outputs: { a: { type: key, matches: 'x' } } }`, 'the regular expression of output "a" has no group'],
	['a value that no step gives', `- { id: s, phase: prepare, run: 'ls \${acount}' }`, '"acount" is not a parameter of this runbook'],
])('%s is an error', (_, text, message) => {
	expect(load(text).lintErrors.map((one) => one.message).join('\n')).toContain(message);
});
