/** Cancelling a run on another machine: the same signals, sent there by a script of ours, which knows what the run started. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stayer } from '../../src/runbook/run/run-state.ts';
import type { FarMachine } from '../../src/runbook/values/machine.ts';
import { signalScript, type FarSignal } from '../ssh/scripts.ts';
import type { Ssh } from '../ssh/ssh.ts';
import type { CancelOptions } from './cancel.ts';

const pollMs = 500;
const killRounds = 5;
const listedAtMost = 50;
const answerSeconds = 30;

/** One answer of the script, by the word before each process. */
type Signalled = Record<'sent' | 'refused' | 'left', Stayer[]>;

/** Ends all that a run started there. Rejects when the machine does not answer: what became of it is not known then. */
export async function cancelFar(run: string, machine: FarMachine, ssh: Ssh, { graceMs, report, signal: closing }: CancelOptions): Promise<void> {
	const send = async (name: FarSignal): Promise<Signalled> => parse((await ssh.answer(machine, { argv: signalScript(run, name), seconds: answerSeconds, signal: closing })).output.toString('utf8'));
	const left = async (): Promise<Stayer[]> => (await send('0')).left;
	const tell = (name: 'SIGINT' | 'SIGTERM' | 'SIGKILL', { sent, refused }: Signalled) => {
		const unlisted = Math.max(0, sent.length - listedAtMost) + Math.max(0, refused.length - listedAtMost);
		report({ type: 'run.signalled', run, signal: name, sent: sent.slice(0, listedAtMost), refused: refused.slice(0, listedAtMost), unlisted });
	};
	const isGone = async (): Promise<boolean> => {
		for (let waited = 0; ; waited += pollMs) {
			if ((await left()).length === 0) return true;
			if (waited >= graceMs || closing.aborted) return false;
			await sleep(pollMs, undefined, { signal: closing });
		}
	};
	tell('SIGINT', await send('INT'));
	if (!(await isGone())) {
		tell('SIGTERM', await send('TERM'));
		if (!(await isGone())) {
			const all: Signalled = { sent: [], refused: [], left: [] };
			// What forks faster than we look needs more than one round.
			for (let round = 0; round < killRounds; round += 1) {
				const { sent, refused } = await send('KILL');
				if (sent.length + refused.length === 0) break;
				all.sent.push(...sent.filter(({ pid }) => !all.sent.some((one) => one.pid === pid)));
				all.refused.push(...refused.filter(({ pid }) => !all.refused.some((one) => one.pid === pid)));
			}
			tell('SIGKILL', all);
		}
	}
	const remaining = await left();
	report({ type: 'run.cancelled', run, remaining: remaining.slice(0, listedAtMost), unlisted: Math.max(0, remaining.length - listedAtMost) });
}

function parse(text: string): Signalled {
	const found: Signalled = { sent: [], refused: [], left: [] };
	for (const line of text.split('\n')) {
		const [, how, pid, name = ''] = /^(sent|refused|left) (\d+) (.*)$/.exec(line) ?? [];
		if (how === 'sent' || how === 'refused' || how === 'left') found[how].push({ pid: Number(pid), name });
	}
	return found;
}
