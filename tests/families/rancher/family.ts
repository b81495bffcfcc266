import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FamilySource, type Runbook } from '../../../src/runbook/definition/definition.ts';
import { loadFamily } from '../../../src/runbook/definition/load.ts';
import { resolve, type Resolved } from '../../../src/runbook/values/resolve.ts';
import { rancherRules } from '../../../src/families/rancher/rules.ts';
import type { Values } from '../../../src/runbook/values/value.ts';

const definitions = join(import.meta.dirname, '../../../src/content/runbooks/rancher-1.6');
const source = parse(readFileSync(join(definitions, 'family.yaml'), 'utf8'));

/** The parameters of the family, as its definition has them. */
export const family = { parameters: FamilySource.shape.parameters.parse(source.parameters), derived: FamilySource.shape.derived.parse(source.derived) };

/** A runbook of the family that asks for these parameters and runs this snippet. */
export function runbookOf(id: string, parameters: readonly string[] = Object.keys(family.parameters), run: unknown = 'true'): Runbook {
	const { parameters: all, derived } = source;
	const familyText = JSON.stringify({ family: 'rancher-1.6', parameters: all, derived, steps: {}, runbooks: [id] });
	const runbookText = JSON.stringify({ id: `rancher-1.6/${id}`, parameters, steps: [{ id: 'start', phase: 'prepare', run }] });
	const { family: loaded, lintErrors } = loadFamily({ path: 'rancher-1.6/family.yaml', text: familyText }, [{ path: `rancher-1.6/${id}.yaml`, text: runbookText }]);
	const runbook = loaded?.runbooks[0];
	if (!runbook) throw new SyntaxError(JSON.stringify(lintErrors));
	return runbook;
}

/** What each runbook with a form for a server asks for, as its definition has it. */
export const asked: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
	['single-container', 'bind-mount', 'external-database', 'high-availability', 'roll-back'].map((id) => [id, parse(readFileSync(join(definitions, `${id}.yaml`), 'utf8')).parameters as string[]]),
);

/** Values that a runbook's form needs to be without a result but those that a test is about. */
export function resolveIn(id: string, values: Values): Resolved {
	const runbook = runbookOf(id, asked[id]);
	return resolve(runbook, rancherRules, values);
}
