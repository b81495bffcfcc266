import { expect, test } from 'vitest';
import { noRules, resolve } from '../../src/runbook/values/resolve.ts';
import { planSteps } from '../../src/runbook/session/plan.ts';
import { commandOf } from '../../src/browser/store/command-of.ts';
import { runbookOfSteps } from '../runbook/fixtures.ts';

test('a command is made once for the same values, and anew for others', () => {
	const runbook = runbookOfSteps('- { id: pull, phase: prepare, run: "docker pull ${container}" }');
	const [one, other] = ['first', 'second'].map((container) => resolve(runbook, noRules, { container }));
	const [planned] = one ? planSteps(runbook, one, undefined) : [];
	if (!one || !other || !planned) throw new Error('There is no step.');

	const command = commandOf(one, planned);

	expect(command?.display).toBe('docker pull first');
	expect(commandOf(one, planned)).toBe(command);
	expect(commandOf(other, planned)?.display).toBe('docker pull second');
});
