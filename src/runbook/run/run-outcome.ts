import type { RunEnd, RunState } from './run-state.ts';

/**
 * Every way a run can stand, by permanent name, with the slots of its sentence. The sentences are `run.<name>` in `zh/` and `en/`.
 * An exit code that only resembles a signal and a real signal have different names: 137 may come from a container, SIGKILL came
 * from this machine.
 */
export const runOutcomes = {
	asked: [],
	starting: [],
	running: [],
	'running.stopped': [],
	'running.unseen': ['since'],
	'running.signals-only': [],
	'running.stopped.signals-only': [],
	'ended.success': [],
	'ended.failed': ['code'],
	'ended.not-executable-126': ['code'],
	'ended.not-found-127': ['code'],
	'ended.like-ctrl-c-130': ['code'],
	'ended.like-killed-137': ['code'],
	'ended.like-terminated-143': ['code'],
	'ended.ctrl-c': ['signal'],
	'ended.terminated': ['signal'],
	'ended.killed': ['signal'],
	'ended.hung-up': ['signal'],
	'ended.crashed': ['signal'],
	'ended.signal': ['signal'],
	'never-started.no-command': ['subject'],
	'never-started.no-interpreter': ['subject'],
	'never-started.not-executable': ['subject'],
	'never-started.no-folder': ['subject'],
	'never-started.too-long': ['subject'],
	'never-started.no-terminal': ['subject'],
	'never-started.no-keeper': ['subject'],
	'never-started.not-connected': ['subject'],
	'never-started.interrupted': ['subject'],
	'never-started.refused-by-system': ['subject'],
	'unknown.keepers-gone': [],
	'unknown.rebooted': [],
	'unknown.not-comparable': [],
	'unknown.damaged': [],
	'unknown.later-version': [],
	'unknown.far-rebooted': [],
	'unknown.far-lost': [],
	'unknown.far-ended': [],
} as const satisfies Record<string, readonly string[]>;

export type RunOutcomeName = keyof typeof runOutcomes;

/** The one name for how a run stands, and what its sentence needs. */
export interface RunOutcome {
	readonly name: RunOutcomeName;
	readonly slots: Readonly<Record<string, string | number>>;
}

const codes: Readonly<Record<number, RunOutcomeName>> = {
	0: 'ended.success',
	126: 'ended.not-executable-126',
	127: 'ended.not-found-127',
	130: 'ended.like-ctrl-c-130',
	137: 'ended.like-killed-137',
	143: 'ended.like-terminated-143',
};

const signals: Readonly<Record<string, RunOutcomeName>> = {
	SIGINT: 'ended.ctrl-c',
	SIGTERM: 'ended.terminated',
	SIGKILL: 'ended.killed',
	SIGHUP: 'ended.hung-up',
	SIGABRT: 'ended.crashed',
	SIGBUS: 'ended.crashed',
	SIGFPE: 'ended.crashed',
	SIGILL: 'ended.crashed',
	SIGSEGV: 'ended.crashed',
	SIGSYS: 'ended.crashed',
	SIGTRAP: 'ended.crashed',
};

function nameEnd(end: RunEnd): RunOutcome {
	if ('signal' in end) return { name: signals[end.signal] ?? 'ended.signal', slots: { signal: end.signal } };
	const slots = end.code === 0 ? {} : { code: end.code };
	return { name: codes[end.code] ?? 'ended.failed', slots };
}

function nameRunning(state: RunState & { kind: 'running' }): RunOutcomeName {
	if (state.reach === 'full') return state.stopped ? 'running.stopped' : 'running';
	return state.stopped ? 'running.stopped.signals-only' : 'running.signals-only';
}

/** Returns the named outcome of a state. */
export function runOutcome(state: RunState): RunOutcome {
	switch (state.kind) {
		case 'asked':
		case 'starting':
			return { name: state.kind, slots: {} };
		case 'running':
			if (state.unseenSince !== undefined) return { name: 'running.unseen', slots: { since: state.unseenSince } };
			return { name: nameRunning(state), slots: {} };
		case 'ended':
			return nameEnd(state.end);
		case 'never-started':
			return { name: `never-started.${state.error.name}`, slots: { subject: state.error.subject } };
		case 'unknown':
			return { name: `unknown.${state.reason}`, slots: {} };
	}
}
