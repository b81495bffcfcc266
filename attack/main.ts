/** `npm run attack -- ADDRESS`: hostile requests against a running Drover on this machine. Exit code 1 when one of them was not refused as promised. */
import { join } from 'node:path';
import { readContent } from '../src/content/read-content.ts';
import { parseAddress } from './address.ts';
import type { Row } from './attempt.ts';
import type { KnownRunbook } from './rows/session.ts';
import { attackAll, signIn } from './suite.ts';
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
		const again = await signIn(place, code).then(() => true, () => false);
		const attempts = await attackAll({ ...place, token }, { runbook: knownRunbook(root), onRow: (name) => err(`${name}\n`), ...(only && { only }) });
		const all = [...attempts, { row: 'One-time code', sent: 'the code once more', route: 'POST /api/access', expected: '401', got: again ? '200' : '401', passed: !again }];
		const missed = all.filter(({ passed }) => !passed).length;
		out(`${drawTable(all)}\n\n${all.length} attempts, ${missed} missed.\n`);
		return missed === 0 ? 0 : 1;
	} catch (error) {
		if (!(error instanceof RangeError) && !(error instanceof Error && 'code' in error)) throw error;
		err(`${error.message}\n`);
		return 2;
	}
}

/** A runbook of this checkout, which the server under attack has as well. @throws RangeError when there is none. */
export function knownRunbook(root: string): KnownRunbook {
	for (const { runbooks } of readContent(root).families) {
		for (const { id, steps } of runbooks) {
			const last = steps.at(-1);
			if (last && steps.length > 1 && last.each === undefined) return { id, laterStep: last.id };
		}
	}
	throw new RangeError('There is no runbook with two steps here.');
}

if (import.meta.main) {
	process.exitCode = await main(process.argv.slice(2), join(import.meta.dirname, '..'), { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) });
}
