/**
 * A run beside ttyd, the same program on the same machine in the same run: from the press to the first byte, a key and its echo, the same while another run floods,
 * output to a reader, processor time, the end of short programs. Ratios first: the numbers are the machine's.
 *
 * `TTYD=/path/to/ttyd npm exec -- node bench/terminal/run.ts [rounds]`. Without ttyd it says so and measures Drover alone.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { startDrover, startTtyd, type Peer } from './peers.ts';
import type { Terminal } from './terminal.ts';

const rounds = Number(process.argv[2] ?? 3);
const megabytes = 32;
const keys = 200;
const ticksPerSecond = 100;
/** A reader does not press again sooner. */
const betweenPressesMs = 300;
const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
const big = join(folder, 'big');
const short = join(folder, 'short');
const line = 'INFO pull layer sha256: 升级 数据库 server schema 迁移 done waiting 8080 ok → volume\n';
const bigBytes = Buffer.byteLength(line) * Math.round((megabytes * 1e6) / Buffer.byteLength(line));
writeFileSync(big, line.repeat(bigBytes / Buffer.byteLength(line)));
writeFileSync(short, line.repeat(200));

const sorted = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);
const quantile = (values: readonly number[], q: number): number => sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? Number.NaN;

async function press(peer: Peer): Promise<{ terminal: Terminal; ms: number }> {
	const start = await peer.prepare();
	await rest(betweenPressesMs);
	const before = performance.now();
	const terminal = await start();
	await terminal.untilReady();
	return { terminal, ms: performance.now() - before };
}

/** Seconds of processor that the server has used, and what keeps its runs: its descendants but the programs. */
function processorSeconds({ root }: Peer): number {
	const stats = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
		try {
			const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
			const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
			return [{ pid: Number(pid), name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
		} catch {
			return [];
		}
	});
	const parents = new Map(stats.map(({ pid, parent }) => [pid, parent]));
	const isOurs = (pid: number): boolean => pid === root.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
	return stats.filter(({ pid, name }) => isOurs(pid) && !['sh', 'cat', 'yes', 'stty'].includes(name)).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond;
}

async function measurePresses(peer: Peer): Promise<Record<string, number>> {
	const times: number[] = [];
	for (let time = 0; time < 10; time += 1) {
		const { terminal, ms } = await press(peer);
		terminal.close();
		times.push(ms);
	}
	return { 'press to first byte, p50 (ms)': quantile(times, 0.5), 'press to first byte, worst of 10 (ms)': Math.max(...times) };
}

async function typeKeys(terminal: Terminal): Promise<number[]> {
	terminal.send('echo\n');
	await rest(50);
	const times: number[] = [];
	for (let key = 0; key < keys; key += 1) {
		const before = performance.now();
		const count = terminal.received + 1;
		terminal.send('x');
		await terminal.untilBytes(count);
		times.push(performance.now() - before);
		await rest(2 + (key % 5));
	}
	return times;
}

async function measureKeys(peer: Peer): Promise<Record<string, number>> {
	const { terminal } = await press(peer);
	const times = await typeKeys(terminal);
	terminal.close();
	return { 'key to echo, p50 (ms)': quantile(times, 0.5), 'key to echo, p99 (ms)': quantile(times, 0.99) };
}

async function measureOutput(peer: Peer): Promise<Record<string, number>> {
	const { terminal } = await press(peer);
	await rest(betweenPressesMs);
	const used = processorSeconds(peer);
	const goal = terminal.received + bigBytes;
	const before = performance.now();
	terminal.send(`cat ${big}\n`);
	await terminal.untilBytes(goal);
	const seconds = (performance.now() - before) / 1000;
	const processor = processorSeconds(peer) - used;
	terminal.close();
	return { 'output to a reader (MB/s)': bigBytes / 1e6 / seconds, 'processor of the server (s/GB)': processor / (bigBytes / 1e9) };
}

/** Programs that print 20 kB and end at once: of how many does the end not arrive? */
async function measureEnds(peer: Peer): Promise<Record<string, number>> {
	let lost = 0;
	const bytes = Buffer.byteLength(line) * 200;
	for (let time = 0; time < 20; time += 1) {
		const { terminal } = await press(peer);
		const goal = terminal.received + bytes;
		terminal.send(`last ${short}\n`);
		await Promise.race([terminal.untilBytes(goal), rest(2_000)]);
		if (terminal.received < goal) lost += 1;
		terminal.close();
	}
	return { 'ends lost, of 20 short programs': lost };
}

const measures = [measurePresses, measureKeys, measureOutput];
const ttyd = await startTtyd();
if (!ttyd) console.log('ttyd is not here, and is skipped: set TTYD to the program, built from its public source.');
const peers = [...(ttyd ? [ttyd] : []), await startDrover()];
const samples = new Map<string, Map<string, number[]>>();
const keep = (peer: Peer, figures: Record<string, number>): void => {
	for (const [name, value] of Object.entries(figures)) {
		const row = samples.get(name) ?? new Map<string, number[]>();
		samples.set(name, row.set(peer.name, [...(row.get(peer.name) ?? []), value]));
	}
};
for (let round = 0; round < rounds; round += 1) {
	for (const measure of measures) for (const peer of round % 2 === 0 ? peers : peers.toReversed()) keep(peer, await measure(peer));
}
for (const peer of peers) keep(peer, await measureEnds(peer));
for (const peer of peers) await peer.close();
rmSync(folder, { recursive: true, force: true });

const round = (value: number): number => Number(value.toPrecision(3));
const results: Record<string, unknown> = { machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores`, node: process.version, rounds, load: loadavg().map(round) };
for (const [name, row] of samples) {
	const figures = Object.fromEntries([...row].map(([peer, values]) => [peer, round(quantile(values, 0.5))]));
	const ratio = figures['ttyd'] ? round((figures['drover'] ?? 0) / figures['ttyd']) : undefined;
	results[name] = { ...(ratio !== undefined && { ratio }), ...figures };
	console.log(`${ratio === undefined ? '' : `×${ratio}`.padStart(8)}  ${name}: ${JSON.stringify(figures)}`);
}
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, undefined, '\t')}\n`);
