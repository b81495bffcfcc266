import type { ProblemName, problems } from '../../src/runbook/problem.ts';

/** What can be wrong with durable state: rows of the one catalogue, `src/runbook/problem.ts`. */
export type StateProblemName = Extract<ProblemName, `state.${string}` | `journal.${string}` | `recording.${string}`>;
type Slots<N extends StateProblemName> = Record<(typeof problems)[N][number], string | number>;

/** Durable state cannot be used as asked. `problem` and `slots` say why, for the reader. */
export class StateError extends Error {
	override readonly name = 'StateError';
	readonly problem: StateProblemName;
	readonly slots: Readonly<Record<string, string | number>>;

	constructor(problem: StateProblemName, slots: Readonly<Record<string, string | number>>, cause?: unknown) {
		super(`${problem} ${JSON.stringify(slots)}`, { cause });
		this.problem = problem;
		this.slots = slots;
	}
}

/** Returns the error for a problem; the compiler asks for exactly the slots of its name. */
export function stateError<N extends StateProblemName>(
	name: N,
	slots: Slots<N>,
	cause?: unknown,
): StateError {
	return new StateError(name, slots, cause);
}

/** The system's name of an error (`ENOENT`), or an empty string for anything else that was thrown. */
export function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const byCode: Readonly<Record<string, StateProblemName>> = {
	EROFS: 'state.read-only',
	EACCES: 'state.forbidden',
	EPERM: 'state.forbidden',
	ENOENT: 'state.missing',
	ENOTDIR: 'state.not-a-folder',
	EEXIST: 'state.not-a-folder',
	ELOOP: 'state.symlink',
	ENOSPC: 'state.full',
	EDQUOT: 'state.full',
};

/** Returns a failure of the file system as a problem with a name. */
export function explainFailure(path: string, error: unknown): StateError {
	if (error instanceof StateError) return error;
	const code = errorCode(error);
	const named = byCode[code];
	if (named) return new StateError(named, { path }, error);
	return stateError('state.failed', { path, code: code || String(error) }, error);
}
