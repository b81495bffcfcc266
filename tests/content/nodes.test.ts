/** What a step shows for a node that is not this machine: a command made for that node, to be copied; and either a probe that is made from here, or a tick by hand. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { checkApplies, prepareCheck, type Probe } from '../../src/runbook/check/check.ts';
import type { Step } from '../../src/runbook/definition/definition.ts';
import { nodesOf, renderStep } from '../../src/runbook/command/render.ts';
import { resolve, type Resolved } from '../../src/runbook/values/resolve.ts';
import type { Node } from '../../src/runbook/values/value-types.ts';
import type { Values } from '../../src/runbook/values/value.ts';

const runbooks = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks);
const perNode = runbooks.filter((runbook) => runbook.steps.some((step) => step.each)).map((runbook) => ({ id: runbook.id, runbook }));

/** Three to five machines, of which the first is this one. */
const machines = fc
	.uniqueArray(fc.ipV4().filter((address) => !address.startsWith('127.')), { minLength: 3, maxLength: 5 })
	.map((addresses) => addresses.map((address, at) => ({ name: `node-${at + 1}`, ssh: at === 0 ? '' : `root@${address}`, address })));
const values = (nodes: readonly Node[]): Values => ({
	container: 'rancher', old_tag: 'v1.6.14', new_tag: 'v1.6.30', publish: '8080', db_host: 'db.example', db_password: 'correct horse battery', restart: 'always', backup_file: '/srv/b.sql', nodes: [...nodes],
});
const tags = fc.constantFrom('v1.6.14', 'v1.1.4');

/** Everything of a probe that could tell where it probes. */
const textOf = (probe: Probe) => (probe.kind === 'http' ? probe.request.url : probe.kind === 'file' ? probe.path : `${probe.command.argv.join(' ')} ${JSON.stringify(probe.command.env)}`);
const probesFor = (step: Step, resolved: Resolved, node: Node) => [...step.doneWhen, ...step.undoneWhen].flatMap((check) => prepareCheck(check, resolved, { step: step.id, node })?.probe ?? []);

describe.each(perNode)('for a node elsewhere, $id', ({ runbook }) => {
	const forEveryNode = (claim: (step: Step, resolved: Resolved, node: Node, nodes: readonly Node[]) => void) => {
		fc.assert(
			fc.property(machines, tags, (nodes, old) => {
				// Going back to the script of v1.1 is refused: no step of it is shown.
				const old_tag = runbook.id.endsWith('/roll-back') ? 'v1.6.14' : old;
				const resolved = resolve(runbook, rulesOf(runbook.family), { ...values(nodes), old_tag, ...(old_tag === 'v1.1.4' && { container: 'rancher-ha' }) });
				expect(resolved.refused).toEqual([]);
				for (const step of runbook.steps) for (const node of nodesOf(step, resolved)) if (node && node.ssh !== '') claim(step, resolved, node, nodes);
			}),
			{ numRuns: 30 },
		);
	};

	test('shows a command with that node\'s own address and no other\'s, without a secret', () => {
		forEveryNode((step, resolved, node, nodes) => {
			for (const kind of ['run', 'undo'] as const) {
				const rendered = renderStep(step, kind, resolved, { node, made: { kind: 'container', id: 'ab12'.repeat(16) } });
				if (!rendered) continue;
				const words = [...rendered.argv, ...Object.values(rendered.env)];
				expect(rendered.problems, step.id).toEqual([]);
				for (const other of nodes) if (other !== node && other.address !== node.address) expect(words, `${step.id} ${kind}`).not.toContain(other.address);
				if (words.includes('--advertise-address')) expect(words[words.indexOf('--advertise-address') + 1]).toBe(node.address);
				expect(rendered.display).not.toContain('correct horse');
			}
		});
	});

	test('looks from here at that node and at nothing else, or leaves it to a tick by hand', () => {
		forEveryNode((step, resolved, node) => {
			for (const probe of probesFor(step, resolved, node)) {
				expect(textOf(probe), step.id).toContain(node.address);
				// An engine or a file that is looked at from here is this machine's. The database is everybody's: who is a member of the cluster is asked there, by the node's address.
				const asksDatabase = probe.kind === 'command' && /\n(?:is_member|unsettled) "\$node_address"$/.test(probe.command.argv.at(-1)?.trim() ?? '');
				if (!asksDatabase) expect(textOf(probe), step.id).not.toMatch(/\bdocker /);
				expect(probe.kind, step.id).not.toBe('file');
			}
			const offered = step.doneWhen.some((check) => checkApplies(check, resolved, node));
			expect(offered, step.id).toBe(step.doneWhen.some((check) => prepareCheck(check, resolved, { step: step.id, node }) !== undefined));
		});
	});

	test('can see from here that a server is down, and that one is up', () => {
		const [first, second, third] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address, at) => ({ name: `node-${at}`, ssh: at === 0 ? '' : `root@node-${at}`, address }));
		if (!first || !second || !third) throw new Error('There are three.');
		const resolved = resolve(runbook, rulesOf(runbook.family), values([first, second, third]));
		const seen = runbook.steps.filter((step) => step.each && probesFor(step, resolved, second).length > 0).map((step) => step.id);

		const wanted: Readonly<Record<string, readonly string[]>> = {
			'rancher-1.6/high-availability': ['nodes-answer', 'cluster-port', 'stop', 'start-others', 'members', 'versions'],
			'rancher-1.6/roll-back': ['stop-others', 'start-nodes'],
		};
		expect(seen).toEqual(expect.arrayContaining([...(wanted[runbook.id] ?? [])]));
	});
});

test('nothing but high availability and going back from it has nodes', () => {
	expect(perNode.map(({ id }) => id)).toEqual(['rancher-1.6/high-availability', 'rancher-1.6/roll-back']);
});
