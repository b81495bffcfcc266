import { expect, test } from 'vitest';
import { prepareCheck } from '../../../src/runbook/check/check.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { runbookOfSteps } from '../fixtures.ts';

const runbook = runbookOfSteps(`
- id: s
  phase: prepare
  each: nodes
  script: echo "$node_name" "$node_address"
  done_when:
    - run: docker ps
    - { run: 'curl \${node.address}', when: { node: elsewhere } }
`);
const here = { name: 'one', ssh: '', address: '10.0.0.1' };
const elsewhere = { name: 'two', ssh: 'root@two', address: '10.0.0.2' };
const resolved = resolve(runbook, noRules, { nodes: [here, elsewhere] });
const [step] = runbook.steps;

test('a script gets the name and the address of the node that it runs for', () => {
	const rendered = step && renderStep(step, 'run', resolved, { node: elsewhere });

	expect(rendered?.env).toEqual({ node_name: 'two', node_address: '10.0.0.2' });
});

test.each([
	['here, which alone a command looks at,', here, 'docker ps'],
	['elsewhere', elsewhere, 'curl 10.0.0.2'],
])('a check for nodes %s is left out for the others', (_, node, display) => {
	const looks = step?.doneWhen.flatMap((check) => prepareCheck(check, resolved, { step: 's', node })?.probe ?? []);

	expect(looks).toMatchObject([{ command: { display } }]);
});
