import { readContent } from '../../src/content/read-content.ts';
import type { Machines } from '../../src/runbook/values/machine.ts';
import type { RunRequest } from '../../src/runbook/protocol/protocol.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { createRunbookStore } from '../../server/runbooks.ts';
import { fixtureRoot } from './drover.ts';

/** Returns what the page would show of a step of the fixture's runbook. */
export function previewOf(runbookId: string, machines?: Machines): (step: string, kind: 'run' | 'undo', values: RunRequest['values'], node?: string) => string {
	const store = createRunbookStore(readContent(fixtureRoot));
	const runbook = store.get(runbookId);
	return (step, kind, values, node) => {
		const found = runbook.steps.find((one) => one.id === step);
		const nodes = values['nodes'];
		const on = Array.isArray(nodes) ? nodes.find((one) => typeof one !== 'string' && one.name === node) : undefined;
		return (found && renderStep(found, kind, { ...store.resolve(runbook, values), ...(machines && { machines }) }, typeof on === 'object' ? { node: on } : {})?.display) ?? '';
	};
}
