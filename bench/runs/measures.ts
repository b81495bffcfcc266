import { readFileSync } from 'node:fs';
import type { Contestant } from './contestants.ts';

async function firstText(start: () => void, onText: (take: (text: string) => void) => void): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	onText(() => resolve());
	start();
	await promise;
}

/** Milliseconds from the start of a run to the first thing it prints. */
export async function measureStart(contestant: Contestant): Promise<number> {
	const before = performance.now();
	const session = contestant.start(['echo', 'x']);
	const { promise, resolve } = Promise.withResolvers<number>();
	session.onText(() => resolve(performance.now() - before));
	const took = await promise;
	await session.ended;
	return took;
}

/** Milliseconds from a keystroke to its echo by the program, many times on one terminal. */
export async function measureKeystrokes(contestant: Contestant, times: number): Promise<number[]> {
	const session = contestant.start(['sh', '-c', 'stty raw -echo; echo ready; exec cat']);
	await firstText(() => {}, session.onText.bind(session));
	const all: number[] = [];
	for (let time = 0; time < times; time += 1) {
		const before = performance.now();
		await firstText(() => session.write('k'), session.onText.bind(session));
		all.push(performance.now() - before);
	}
	await session.end();
	return all;
}

/** Megabytes a second that reach a reader, of a program that prints as fast as it can. */
export async function measureThroughput(contestant: Contestant, megabytes: number): Promise<number> {
	const before = performance.now();
	const session = contestant.start([
		'sh',
		'-c',
		`yes ${'0123456789'.repeat(8)} | head -c ${megabytes}000000`,
	]);
	let length = 0;
	session.onText((text) => {
		length += text.length;
	});
	await session.ended;
	return length / 1_000 / (performance.now() - before);
}

/** Proportional memory of a process in MiB: what it shares with others is divided among them. */
function memoryOf(pid: number): number {
	const [, kibibytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
	return Number(kibibytes) / 1024;
}

/** MiB that each of several runs costs at once, in the server and in processes of its own. */
export async function measureMemory(contestant: Contestant, count: number): Promise<number> {
	const before = memoryOf(process.pid);
	const sessions = Array.from({ length: count }, () =>
		contestant.start(['sh', '-c', 'echo ready; exec sleep 600']),
	);
	await Promise.all(sessions.map((session) => firstText(() => {}, session.onText.bind(session))));
	const keepers = sessions.flatMap((session) => session.pids()).reduce((sum, pid) => sum + memoryOf(pid), 0);
	const grown = Math.max(0, memoryOf(process.pid) - before);
	await Promise.all(sessions.map((session) => session.end()));
	return (keepers + grown) / count;
}
