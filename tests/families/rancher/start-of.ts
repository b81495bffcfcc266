/** From what was found to the command of its runbook as the content has it: what the page shows and the server runs. */
import { join } from 'node:path';
import { readContent } from '../../../src/content/read-content.ts';
import type { Found } from '../../../src/families/rancher/detect/found.ts';
import { rancherRules } from '../../../src/families/rancher/rules.ts';
import type { Problem } from '../../../src/runbook/problem.ts';
import { renderStep, type Rendered } from '../../../src/runbook/command/render.ts';
import { resolve } from '../../../src/runbook/values/resolve.ts';
import type { Values } from '../../../src/runbook/values/value.ts';

const content = readContent(join(import.meta.dirname, '../../..'));
const runbooks = content.families.flatMap((family) => family.runbooks);

export interface Start {
	readonly rendered: Rendered;
	readonly refused: readonly Problem[];
	readonly warnings: readonly Problem[];
}

/** Fills the form of a runbook with what was found, and renders its `docker run -d` of the new server, on the first of its nodes. */
export function startOf(found: Found, more: Values = {}, node = { name: 'here', ssh: '', address: '10.0.0.11' }): Start {
	const runbook = runbooks.find(({ id }) => id === found.runbook);
	if (!runbook) throw new RangeError(`There is no runbook ${found.runbook ?? ''}.`);
	const resolved = resolve(runbook, rancherRules, { ...found.values, ...more });
	const commands = runbook.steps.map((step) => renderStep(step, 'run', resolved, step.each ? { node } : {}));
	const rendered = commands.find((one) => one?.argv.slice(0, 3).join(' ') === 'docker run -d');
	if (!rendered) throw new RangeError(`${runbook.id} starts no server.`);
	return { rendered, refused: resolved.refused, warnings: resolved.warnings };
}
