import type { Stayer } from '../../src/runbook/run/run-state.ts';
import { findAlive, isAlive, type Identity, type ProcessStat } from '../state/identity.ts';
import { errorCode } from '../state/state-error.ts';
import { isMarked, listProcesses, nameProcess } from './files/processes.ts';

/** Who a cancel is about. */
export interface Target {
	readonly run: string;
	readonly holder: Identity;
	readonly program: Identity;
}

/** What became of one signal. */
export interface Sent {
	readonly sent: Stayer[];
	/** Not ours to signal: another user's, started through `sudo` for instance. */
	readonly refused: Stayer[];
}

/**
 * Returns every process of the run that is alive, without its leader. A session has the number of its leader, which a stranger's session
 * may have once that leader is dead: then only the program itself and what carries the run's mark count.
 */
export function findMembers({ run, holder, program }: Target): ProcessStat[] {
	const session = isAlive(holder) === 'alive' ? holder.pid : undefined;
	const isProgram = (stat: ProcessStat): boolean =>
		stat.pid === program.pid && stat.start === program.start && isAlive(program) === 'alive';
	return listProcesses().filter(
		(stat) =>
			stat.pid !== holder.pid &&
			stat.pid !== process.pid &&
			(stat.session === session || isProgram(stat) || isMarked(stat.pid, run)),
	);
}

/** Sends a signal, or 0 to ask only whether we may, if the process is still the one that was seen. */
function signal(stat: ProcessStat, name: NodeJS.Signals | 0): 'sent' | 'refused' | 'gone' {
	if (!findAlive(stat)) return 'gone';
	try {
		process.kill(stat.pid, name);
		return 'sent';
	} catch (error) {
		return errorCode(error) === 'EPERM' ? 'refused' : 'gone';
	}
}

function sendTo(targets: readonly ProcessStat[], name: NodeJS.Signals | 0): Sent {
	const outcomes = targets.map((stat) => ({ stat, outcome: signal(stat, name) }));
	const of = (wanted: string): Stayer[] =>
		outcomes.filter(({ outcome }) => outcome === wanted).map(({ stat }) => nameProcess(stat));
	return { sent: of('sent'), refused: of('refused') };
}

/** Signals each process by itself. */
export function signalEach(targets: readonly ProcessStat[], name: NodeJS.Signals): Sent {
	return sendTo(targets, name);
}

/**
 * Interrupts what the terminal's keys would interrupt: its foreground group, in one step. One process that we may signal makes the system
 * report success for the whole group, so each member is asked for as well.
 */
export function interruptForeground(target: Target): Sent {
	const members = findMembers(target);
	const group = isAlive(target.holder) === 'alive' ? findAlive(target.holder)?.foregroundGroup : undefined;
	const foreground = members.filter((stat) => stat.group === group && stat.session === target.holder.pid);
	if (group === undefined || group <= 1 || foreground.length === 0) {
		return signalEach(
			members.filter(({ pid }) => pid === target.program.pid),
			'SIGINT',
		);
	}
	const before = sendTo(foreground, 0);
	try {
		process.kill(-group, 'SIGINT');
	} catch (error) {
		if (errorCode(error) === 'EPERM') return { sent: [], refused: [...before.sent, ...before.refused] };
	}
	return before;
}
