/** The machines of a session: choosing them, holding them while something is changed there, and leaving nothing of ours behind. */
import { problem, Refusal } from '../../src/runbook/problem.ts';
import type { MachineRequest } from '../../src/runbook/protocol/protocol.ts';
import { machineOf, type FarMachine } from '../../src/runbook/values/machine.ts';
import type { Node } from '../../src/runbook/values/value-types.ts';
import { log } from '../log.ts';
import { lockScript, removeScript, unlockScript } from '../ssh/scripts.ts';
import { probe } from '../ssh/probe.ts';
import type { Ssh } from '../ssh/ssh.ts';
import type { LiveSession } from './session-store.ts';
import { whoOpens } from './who.ts';

const seconds = 30;

/** Sets where a session's commands run; each machine is asked first whether they can. @throws Refusal with the reason when one cannot */
export async function setMachine(live: LiveSession, { ssh: destination, nodes }: MachineRequest, ssh: Ssh): Promise<void> {
	const before = live.session.machines;
	const named = nodes ? destinationsOf(live) : [];
	const all = [...new Set([destination, ...named].filter((one) => one !== ''))];
	const differs = destination !== before.session || nodes !== before.nodes;
	if (differs && [...live.session.runs.values()].some((run) => run.state.kind !== 'never-started')) throw new Refusal(problem('machine.in-use', { session: live.id }));
	const found = await Promise.all(all.map((one) => probe(ssh, one)));
	const wrong = found.filter((one) => 'name' in one);
	if (wrong.length > 0) throw new Refusal(...wrong);
	const sudo = found.flatMap((one) => ('machine' in one && one.machine.sudo ? [one.machine.ssh] : []));
	const same = !differs && JSON.stringify(sudo) === JSON.stringify(before.sudo);
	if (!same) live.append({ type: 'machine.set', ssh: destination, nodes, sudo });
}

function destinationsOf({ session }: LiveSession): string[] {
	const nodes = session.values['nodes'];
	return Array.isArray(nodes) ? nodes.flatMap((one) => (typeof one === 'object' ? [(one as Node).ssh] : [])) : [];
}

/** Takes a machine for the changes of a session, or finds that it has it. @throws Refusal where another Drover has it */
export async function lockMachine(machine: FarMachine, session: string, ssh: Ssh, signal?: AbortSignal): Promise<void> {
	const { user, host } = whoOpens();
	const { output } = await ssh.answer(machine, { argv: lockScript(session, `${user}@${host} ${session}`), seconds, ...(signal && { signal }) });
	const [result, other = '?', since = '?'] = output.toString('utf8').split('\n');
	if (result !== 'taken') throw new Refusal(problem('ssh.locked', { machine: machine.ssh, who: other.slice(0, 200), since: since.slice(0, 40) }));
}

/** Gives the machines of a closed session back: its lock, the folders of its runs, the connection. What cannot be reached keeps its folders, and the log says which. */
export async function leaveMachines(live: LiveSession, ssh: Ssh): Promise<void> {
	const { machines, runs } = live.session;
	const node = (name: string | undefined, values: Readonly<Record<string, unknown>>): Node | undefined => {
		const nodes = values['nodes'];
		return Array.isArray(nodes) ? (nodes as Node[]).find((one) => typeof one === 'object' && one.name === name) : undefined;
	};
	const used = new Map<string, { machine: FarMachine; runs: string[] }>();
	for (const run of runs.values()) {
		const machine = machineOf(machines, run.node === undefined ? undefined : node(run.node, run.values));
		if (!machine) continue;
		const entry = used.get(machine.ssh) ?? { machine, runs: [] };
		entry.runs.push(run.id);
		used.set(machine.ssh, entry);
	}
	await Promise.all([...used.values()].map(async ({ machine, runs: ids }) => {
		const ask = async (argv: readonly string[]) => (await ssh.answer(machine, { argv, seconds })).output.toString('utf8');
		try {
			await ask(unlockScript(live.id));
			for (const id of ids) {
				const said = await ask(removeScript(id));
				if (said !== 'removed') log('error', { session: live.id, machine: machine.ssh, run: id, message: said });
			}
			await ssh.disconnect(machine.ssh);
		} catch (error) {
			log('error', { session: live.id, machine: machine.ssh, runs: ids.join(' '), message: error instanceof Refusal ? (error.problems[0]?.name ?? '') : String(error) });
		}
	}));
}
