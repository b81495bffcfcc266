/**
 * `npm run search`: the property tests again and again, each time with other seeds, and the parsers fuzzed for longer: for whoever looks for faults. `npm run search -- 30` goes on for 30 minutes, 10 unless said. What it finds is printed with
 * its seed; DROVER_SEED=<that seed> gives it once more. Keep it as an example beside its property, then fix it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) throw new RangeError(`"${process.argv[2]}" is no number of minutes.`);

const files = globSync('tests/**/*.test.ts', { cwd: root, exclude: ['tests/rig/**', 'tests/e2e/**'] }).filter((file) => /\bfc\.(?:assert|sample)\(|\bfuzz\(/.test(readFileSync(join(root, file), 'utf8'))).sort();
const env = { DROVER_FUZZ_SECONDS: '10', ...process.env, DROVER_SEED: process.env['DROVER_SEED'] ?? 'random' };
const over = performance.now() + minutes * 60_000;
let rounds = 0;
let red = 0;
do {
	rounds += 1;
	process.stdout.write(`\n== round ${rounds}, ${files.length} files\n`);
	const child = spawn('npx', ['vitest', 'run', '--project', 'unit', '--reporter', 'dot', ...files], { cwd: root, stdio: 'inherit', env });
	const [status] = (await once(child, 'close')) as [number | null];
	if (status !== 0) red += 1;
} while (performance.now() < over);

process.stdout.write(`\n${rounds} rounds, ${red} of them found something\n`);
process.exitCode = red > 0 ? 1 : 0;
