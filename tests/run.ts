/**
 * `npm test`: everything that needs no root, one part after the other, all of them even when one fails: side by side on two processors they take longer, and what waits for a browser fails. `node tests/run.ts root` runs the
 * parts that need it, for `.ci/run`. A skipped test is told; with `CI` set it is a failure. With `DROVER_TEST_TIMES` set, what each part took and counted is added to that file; with `DROVER_TEST_FAILURES`, what failed to that one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCounts, type Counts } from './counts.ts';

interface Part {
	readonly name: string;
	readonly command: readonly string[];
	/** Which runner writes a report of what it counted; without one the part itself is what is counted. */
	readonly runner?: 'vitest' | 'playwright';
	/** Why it cannot run here, with the remedy. */
	readonly missing?: string;
}

interface Done extends Part, Counts {
	readonly result: 'passed' | 'failed' | 'skipped';
	readonly seconds: number;
}

const root = join(import.meta.dirname, '..');
const inCi = Boolean(process.env['CI']);
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const noChromium = existsSync(chromium) ? {} : { missing: `there is no browser at ${chromium}. Install Chromium ("apt-get install chromium fonts-noto-cjk"), or name one in CHROMIUM.` };

const vitest = (...projects: string[]): string[] => ['npx', 'vitest', 'run', ...projects.flatMap((name) => ['--project', name]), '--reporter', inCi ? 'default' : 'dot'];
/** A network of its own: Docker's bridges and rules change nothing for the pages that a browser beside it loads. */
const ownNetwork = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

const parts: Readonly<Record<string, readonly Part[]>> = {
	ordinary: [
		{ name: 'pages are built', command: ['npm', 'run', '--silent', 'build'] },
		{ name: 'types and lint', command: ['npm', 'run', '--silent', 'check'] },
		{ name: 'unit tests', command: vitest('unit'), runner: 'vitest' },
		{ name: 'pages in a browser', command: ['npx', 'playwright', 'test', `--reporter=${inCi ? 'list' : 'line'},json`], runner: 'playwright', ...noChromium },
	],
	root: [
		{ name: 'tests of two users', command: vitest('root'), runner: 'vitest' },
		{ name: 'images of the rig', command: ['npx', 'node', 'tests/rig/images/build-images.ts'] },
		{ name: 'the rig', command: [...ownNetwork, ...vitest('rig', 'rig-alone')], runner: 'vitest' },
	],
};

const reports = mkdtempSync(join(tmpdir(), 'drover-reports-'));

async function run(part: Part): Promise<Done> {
	const none: Counts = { passed: 0, failed: 0, skipped: 0, files: [], failures: [] };
	if (part.missing !== undefined) return { ...part, ...none, ...(inCi ? { result: 'failed', failed: 1 } : { result: 'skipped', skipped: 1 }), seconds: 0 };
	process.stdout.write(`\n== ${part.name}\n`);
	const report = join(reports, `${part.name.replaceAll(' ', '-')}.json`);
	const [program = '', ...args] = [...part.command, ...(part.runner === 'vitest' ? ['--reporter', 'json', `--outputFile.json=${report}`] : [])];
	// Each test has a state directory of its own: the processes of its runs would all compile the same code.
	const compiled = join(root, 'node_modules/.cache/compiled');
	const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', PLAYWRIGHT_JSON_OUTPUT_NAME: report, NODE_COMPILE_CACHE: compiled };
	const started = performance.now();
	const child = spawn(program, args, { cwd: root, stdio: 'inherit', env });
	const [status] = (await once(child, 'close')) as [number | null];
	const seconds = (performance.now() - started) / 1000;
	const hasPassed = status === 0;
	const counted: Counts = part.runner && existsSync(report) ? readCounts(report) : { ...none, passed: hasPassed ? 1 : 0 };
	// A runner that fails without a failed test has not come to its tests.
	const failed = hasPassed ? counted.failed : Math.max(1, counted.failed);
	return { ...part, ...counted, failed, seconds, result: failed > 0 || (inCi && counted.skipped > 0) ? 'failed' : 'passed' };
}

const wanted = parts[process.argv[2] ?? 'ordinary'];
if (!wanted) throw new RangeError(`There are no tests called "${process.argv[2]}": say nothing, or "root".`);
const done: Done[] = [];
for (const part of wanted) done.push(await run(part));
rmSync(reports, { recursive: true, force: true });

process.stdout.write('\n');
for (const { name, result, missing, seconds, passed, failed, skipped, files } of done) {
	process.stdout.write(`${result.padEnd(8)} ${name}${missing === undefined ? ` (${Math.round(seconds)} s)` : `: ${missing}`}${skipped > 0 ? `; ${skipped} skipped${inCi ? ', which is a failure at the gate' : ''}` : ''}\n`);
	const line = [name, result, Math.round(seconds), passed, failed, skipped, files.slice(0, 6).map(([file, of]) => `${file} ${Math.round(of)}`).join(', ')];
	if (process.env['DROVER_TEST_TIMES']) appendFileSync(process.env['DROVER_TEST_TIMES'], `${line.join('\t')}\n`);
}
// Once more at the end: what failed first is far above by now, and whoever keeps the end of an output has it.
for (const { name, failures } of done) for (const failure of failures) {
	process.stdout.write(`failed   ${name}: ${failure}\n`);
	if (process.env['DROVER_TEST_FAILURES']) appendFileSync(process.env['DROVER_TEST_FAILURES'], `failed   ${name}: ${failure}\n`);
}
const sum = (of: (one: Done) => number): number => done.reduce((all, one) => all + of(one), 0);
if (!inCi && wanted === parts['ordinary']) process.stdout.write('The rig (real Docker engines, needs root) is not part of this: .ci/run walks it.\n');
process.stdout.write(`${sum((one) => one.passed)} passed, ${sum((one) => one.failed)} failed\n`);
process.exitCode = done.some(({ result }) => result === 'failed') ? 1 : 0;
