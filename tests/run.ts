/** `npm test`: everything that needs no root, one part after the other, all parts even when one fails. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Part {
	readonly name: string;
	readonly command: readonly string[];
	/** Why it cannot run here, with the remedy. */
	readonly missing?: string;
}

const root = join(import.meta.dirname, '..');
const inCi = Boolean(process.env['CI']);
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const noChromium = existsSync(chromium) ? {} : { missing: `there is no browser at ${chromium}. Install Chromium ("apt-get install chromium fonts-noto-cjk"), or name one in CHROMIUM.` };

const parts: readonly Part[] = [
	{ name: 'pages are built', command: ['npm', 'run', '--silent', 'build'] },
	{ name: 'types and lint', command: ['npm', 'run', '--silent', 'check'] },
	{ name: 'unit tests', command: ['npx', 'vitest', 'run', '--project', 'unit', '--reporter', inCi ? 'default' : 'dot'] },
	{ name: 'pages in a browser', command: ['npx', 'playwright', 'test'], ...noChromium },
];

const results = parts.map((part) => {
	if (part.missing !== undefined) return { ...part, result: inCi ? 'failed' : 'skipped' };
	process.stdout.write(`\n== ${part.name}\n`);
	const [program = '', ...args] = part.command;
	const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' } });
	return { ...part, result: status === 0 ? 'passed' : 'failed' };
});

process.stdout.write('\n');
for (const { name, result, missing } of results) process.stdout.write(`${result.padEnd(8)} ${name}${missing === undefined ? '' : `: ${missing}`}\n`);
if (!inCi) process.stdout.write('The rig (real Docker engines, needs root) is not part of this: .ci/run walks it.\n');
process.exitCode = results.some(({ result }) => result === 'failed') ? 1 : 0;
