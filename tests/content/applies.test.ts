/** What applies is one rule: the plan, what is rendered, and the command line say the same of every step, on every node. */
import { expect, test } from 'vitest';
import { planSteps, targetsOf } from '../../src/runbook/plan.ts';
import { renderStep } from '../../src/runbook/render.ts';
import { resolve } from '../../src/runbook/resolve.ts';
import { rulesOf } from '../../src/families.ts';
import { runbookNamed } from '../rig/runbooks/walk.ts';

const nodes = [
	{ name: 'one', ssh: '', address: '10.0.0.1' },
	{ name: 'two', ssh: 'root@two', address: '10.0.0.2' },
	{ name: 'three', ssh: 'root@three', address: '10.0.0.3' },
];

test.each(['high-availability', 'roll-back', 'single-container', 'external-database', 'bind-mount', 'air-gap', 'back-up'])('plan and commands of %s agree on every step and node', (name) => {
	const runbook = runbookNamed(name);
	for (const values of [{}, { old_tag: 'v1.6.14', new_tag: 'v1.6.30', container: 'rancher' }, { old_tag: 'v1.6.14', new_tag: 'v1.6.30', container: 'rancher', ...(runbook.parameters['nodes'] && { nodes }) }]) {
		const resolved = resolve(runbook, rulesOf(runbook.family), values);
		const planned = planSteps(runbook, resolved, undefined);
		expect(planned.map(({ step, node, applies }) => [step.id, node?.name, applies])).toEqual(runbook.steps.flatMap((step) => targetsOf(step, resolved).map(({ node, applies }) => [step.id, node?.name, applies])));
		for (const { step, node, applies } of planned) if (step.run.length > 0) expect([step.id, node?.name, renderStep(step, 'run', resolved, node ? { node } : {}) !== undefined]).toEqual([step.id, node?.name, applies]);
	}
});

test('nodes elsewhere have their own start command', () => {
	const runbook = runbookNamed('high-availability');
	const resolved = resolve(runbook, rulesOf(runbook.family), { nodes });
	const others = runbook.steps.find((step) => step.id === 'start-others');

	expect(others && targetsOf(others, resolved).map(({ node, applies }) => [node?.name, applies])).toEqual([['one', false], ['two', true], ['three', true]]);
});
