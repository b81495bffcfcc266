import { expect, test } from 'vitest';
import { planSteps, usualDowntime } from '../../../src/runbook/session/plan.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { isPointOfNoReturn } from '../../../src/runbook/session/targets.ts';
import { load, runbookOfSteps } from '../fixtures.ts';

const node = (name: string, ssh = '') => ({ name, ssh, address: `10.0.0.${name.length}` });
const runbook = runbookOfSteps(`
- { id: always, phase: change, run: docker run x, point_of_no_return: true }
- { id: never, phase: change, run: docker stop x, undo: docker start x, usually: 20s }
- id: sometimes
  phase: change
  run: docker run x
  undo: docker rm x
  point_of_no_return: { is: { style: env } }
  usually: [{ time: 2m, when: { is: { style: flags } } }, { time: 10m }]
- { id: here, phase: change, each: nodes, run: docker run x, undo: docker rm x, point_of_no_return: { node: here }, usually: 1m }`);
const planned = (style: string, nodes = [node('one')]) => planSteps(runbook, resolve(runbook, noRules, { style, nodes }), undefined);

test.each([['flags', ['always', 'here']], ['env', ['always', 'sometimes', 'here']]])('is a step whose condition holds for the values: style %s', (style, gates) => {
	expect(planned(style).flatMap((one) => (one.pointOfNoReturn ? [one.step.id] : []))).toEqual(gates);
});

test('may be one node and not another', () => {
	expect(planned('flags', [node('one'), node('three', 'root@three')]).filter(({ step }) => step.id === 'here').map(({ pointOfNoReturn }) => pointOfNoReturn)).toEqual([true, false]);
});

test('is asked of the values of a run as of those of the form', () => {
	const [, , step] = runbook.steps;
	expect(step && ['flags', 'env'].map((style) => isPointOfNoReturn(step, resolve(runbook, noRules, { style })))).toEqual([false, true]);
});

test('steps take what they usually take for the values; nodes that are taken together take it once', () => {
	expect([planned('flags'), planned('env'), planned('env', [node('one'), node('three', 'root@three')])].map((steps) => usualDowntime(steps).seconds)).toEqual([20 + 120 + 60, 20 + 600 + 60, 20 + 600 + 60]);
});

test('the downtime is that of the changes which keep the first node down; nodes elsewhere that start later, and steps before, are not in it', () => {
	const some = runbookOfSteps(`
- { id: before, phase: prepare, run: docker pull x, usually: 5m }
- { id: copy, phase: change, run: docker cp x y, undo: docker rm x, usually: [{ time: 2m, per_gib: 30s }] }
- { id: both, phase: change, each: nodes, run: docker stop x, undo: docker start x, usually: [{ time: 1m, per_gib: 1s }] }
- { id: later, phase: change, each: nodes, when: { node: elsewhere }, run: docker start x, undo: docker stop x, usually: [{ time: 5m, per_gib: 1m }] }`);
	const steps = planSteps(some, resolve(some, noRules, { nodes: [node('one'), node('three', 'root@three')] }), undefined);

	expect(usualDowntime(steps)).toEqual({ seconds: 120 + 60, perGibSeconds: 30 + 1 });
});

test.each([
	['a condition on a name that nobody asks for', 'undo: docker rm x, point_of_no_return: { is: { stile: env } }', '"stile" is not a parameter of this runbook'],
	['a condition in place of an undo', 'point_of_no_return: { is: { style: env } }', 'step "s" changes things and has neither an undo nor a gate'],
	['a time for a name that nobody asks for', 'undo: docker rm x, usually: [{ time: 1m, when: { given: [stile] } }]', '"stile" is not a parameter of this runbook'],
])('%s is a mistake', (_, more, message) => {
	expect(load(`- { id: s, phase: change, run: docker run x, ${more} }`).lintErrors.map((one) => one.message)).toEqual([message]);
});
