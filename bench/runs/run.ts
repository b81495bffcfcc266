/**
 * What it costs that a run outlives its server: added latency of a keystroke, throughput, memory, start, each against the plain design
 * (terminal inside the server) in the same process, in turn. Then what a reader waits for: a server that starts, a step whose button is pressed.
 *
 * Prints a table and keeps the figures in `results.json` with the machine they were taken on. `npm exec -- node bench/runs/run.ts [rounds]`, after `npm run build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { openStateDirectory } from '../../server/state/state-directory.ts';
import { droverDesign, plainDesign, type Contestant } from './contestants.ts';
import { measureKeystrokes, measureMemory, measureStart, measureThroughput } from './measures.ts';
import { measurePresses, measureServerStart } from './whole.ts';

const rounds = Number(process.argv[2] ?? 5);
const keystrokes = 200;
const megabytes = 100;
const runsAtOnce = 4;
const presses = 20;

function median(values: readonly number[]): number {
	const sorted = values.toSorted((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1
		? (sorted[middle] ?? 0)
		: ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

interface Measure {
	readonly name: string;
	readonly unit: string;
	take(contestant: Contestant): Promise<number>;
}

const measures: readonly Measure[] = [
	{ name: 'start to first output', unit: 'ms', take: measureStart },
	{
		name: 'keystroke to echo',
		unit: 'ms',
		take: async (one) => median(await measureKeystrokes(one, keystrokes)),
	},
	{ name: 'throughput to a reader', unit: 'MB/s', take: (one) => measureThroughput(one, megabytes) },
	{ name: 'memory of a run (PSS)', unit: 'MiB', take: (one) => measureMemory(one, runsAtOnce) },
];

const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
const opening = openStateDirectory(join(folder, 'state'));
if (opening.kind !== 'ready') throw opening.error;
const plain = plainDesign();
const drover = droverDesign(opening.state);
const alive = setInterval(() => {}, 1_000_000);

const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const results: Record<string, unknown> = { machine, node: process.version, rounds };
const round = (value: number): number => Math.round(value * 100) / 100;
console.log(`${machine}, Node ${process.versions.node}, medians of ${rounds} rounds`);
console.log(['', 'plain', 'drover', 'added', 'ratio'].map((head) => head.padStart(14)).join(''));
for (const { name, unit, take } of measures) {
	await take(plain);
	await take(drover);
	const pairs: { readonly plain: number; readonly drover: number }[] = [];
	for (let round = 0; round < rounds; round += 1)
		pairs.push({ plain: await take(plain), drover: await take(drover) });
	const of = (pick: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(pick));
	const figures = [
		of((pair) => pair.plain),
		of((pair) => pair.drover),
		of((pair) => pair.drover - pair.plain),
	];
	const factor = of((pair) => pair.drover / pair.plain);
	const ratio = Number.isFinite(factor) ? factor.toFixed(2) : '–';
	const [plainly, ours, added] = figures.map(round);
	results[`${name} (${unit})`] = { plain: plainly, drover: ours, added, ...(Number.isFinite(factor) && { ratio: round(factor) }) };
	console.log(
		`${name} (${unit})\n${''.padStart(14)}${[...figures.map((figure) => figure.toFixed(2)), ratio].map((text) => text.padStart(14)).join('')}`,
	);
}


/** What has no plain translation. */
function report(name: string, values: readonly number[]): void {
	const figures = { median: round(median(values)), worst: round(Math.max(...values)) };
	results[name] = figures;
	console.log(`${name}\n${''.padStart(14)}${JSON.stringify(figures)}`);
}

report('pressing Run to the first byte at the page (ms)', (await measurePresses(presses + 1)).slice(1));
const starts: number[] = [];
for (let time = 0; time <= rounds; time += 1) starts.push(await measureServerStart());
report('start of the server to its first page (ms)', starts.slice(1));
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, undefined, '\t')}\n`);

plain.close();
drover.close();
clearInterval(alive);
rmSync(folder, { recursive: true, force: true });
