/** `npm run attack -- ADDRESS`: hostile requests against a running Drover on this machine. Exit code 1 when one of them was not refused as promised. */
import { join } from 'node:path';
import { readContent } from '../src/content/read-content.ts';
import type { Runbook } from '../src/runbook/definition/definition.ts';
import { parseAddress } from './address.ts';
import type { Row } from './attempt.ts';
import { usedCode } from './rows/access.ts';
import type { KnownRunbook } from './rows/session.ts';
import { nothing } from './samples.ts';
import { allRows, attackAll, signIn } from './suite.ts';
import { drawTable } from './table.ts';

export interface Options {
	readonly out: (text: string) => void;
	readonly err: (text: string) => void;
	/** Default: every row. */
	readonly only?: readonly Row[];
}

/** Returns the exit code: 0 all refused, 1 a miss, 2 asked wrongly. */
export async function main(args: readonly string[], root: string, { out, err, only }: Options): Promise<number> {
	try {
		const { code, ...place } = parseAddress(args[0] ?? '');
		const token = await signIn(place, code);
		const runbook = knownRunbook(root);
		const all = await attackAll({ ...place, token }, { runbook, onRow: (name) => err(`${name}\n`), only: [usedCode(code), ...(only ?? allRows(runbook))] });
		const missed = all.filter(({ passed }) => !passed).length;
		out(`${drawTable(all)}\n\n${all.length} attempts, ${missed} missed.\n`);
		return missed === 0 ? 0 : 1;
	} catch (error) {
		if (!(error instanceof RangeError) && !(error instanceof Error && 'code' in error)) throw error;
		err(`${error.message}\n`);
		return 2;
	}
}

/** A runbook of this checkout, which the server under attack has as well: the one that comes to a change after the fewest steps. @throws RangeError when there is none. */
export function knownRunbook(root: string): KnownRunbook {
	const known = readContent(root).families.flatMap(({ runbooks }) => runbooks.flatMap(toKnown)).sort((one, other) => one.before.length - other.before.length);
	if (!known[0]) throw new RangeError('There is no runbook here that changes something after its first step.');
	return known[0];
}

function toKnown({ id, steps, parameters }: Runbook): KnownRunbook[] {
	const index = steps.findIndex((one) => one.effect === 'change' && one.run.length > 0);
	const step = steps[index];
	if (!step || index === 0 || step.each) return [];
	const values = new Map<string, string>();
	for (const [name, parameter] of Object.entries(parameters)) {
		const value = nothing[parameter.type];
		if (value !== undefined && !('default' in parameter && parameter.default !== undefined)) values.set(name, value);
	}
	return [{ id, step: step.id, before: steps.slice(0, index).map((one) => one.id), values: Object.fromEntries(values) }];
}

if (import.meta.main) {
	process.exitCode = await main(process.argv.slice(2), join(import.meta.dirname, '..'), { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) });
}
