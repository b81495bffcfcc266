import type { RunEnd, RunState } from './run-state.ts';

type Kind = RunState['kind'];

const moves: Readonly<Record<Kind, readonly Kind[]>> = {
	asked: ['starting', 'running', 'ended', 'never-started', 'unknown'],
	starting: ['running', 'ended', 'never-started', 'unknown'],
	running: ['running', 'ended', 'unknown'],
	ended: ['ended'],
	'never-started': [],
	unknown: ['unknown', 'running', 'ended', 'never-started'],
};

function sameEnd(one: RunEnd, other: RunEnd): boolean {
	if ('code' in one) return 'code' in other && one.code === other.code;
	return 'signal' in other && one.signal === other.signal;
}

/** Whether a run in this state may come into that one. An end, once told, never turns into another end. */
export function canMove(from: RunState, to: RunState): boolean {
	if (from.kind === 'ended' && to.kind === 'ended') return sameEnd(from.end, to.end);
	return moves[from.kind].includes(to.kind);
}

/** Returns the new state. @throws RangeError when the move is not allowed. */
export function moveRun(from: RunState, to: RunState): RunState {
	if (!canMove(from, to)) throw new RangeError(`Cannot move a run from "${from.kind}" to "${to.kind}".`);
	return to;
}

/** Whether the program may still be at work: nothing else that changes things may start meanwhile. */
export function isRunActive(state: RunState): boolean {
	return state.kind === 'asked' || state.kind === 'starting' || state.kind === 'running';
}

/** Whether the program ended by itself with exit code 0: the only success there is. */
export function isRunSuccess(state: RunState): boolean {
	return state.kind === 'ended' && 'code' in state.end && state.end.code === 0;
}
