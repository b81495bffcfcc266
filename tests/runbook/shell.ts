import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const marker = 'drover-argv';

/**
 * What a real shell makes of many command lines at once: for each, the argv that its program gets and the asked variables of its
 * environment. The program of every line is replaced by one that prints what it was given, NUL-separated.
 */
export function parseByShell(shell: 'bash' | 'sh', lines: readonly { display: string; program: string; env: Readonly<Record<string, string>>; variables: readonly string[] }[]) {
	const folder = mkdtempSync(join(tmpdir(), 'drover-shell-'));
	const program = String.raw`#!/bin/sh
printf '%s\0' "${marker}" "$0" "$@"
for drover_v in $DROVER_VARIABLES; do eval "printf '%s\0' \"\$drover_v=\$$drover_v\""; done
`;
	for (const name of new Set(lines.map((line) => line.program))) {
		writeFileSync(join(folder, name), program);
		chmodSync(join(folder, name), 0o755);
	}
	return lines.map((line) => {
		const result = spawnSync(`/bin/${shell}`, ['-c', line.display], {
			cwd: folder,
			env: { ...line.env, PATH: folder, DROVER_VARIABLES: line.variables.join(' ') },
			encoding: 'utf8',
			maxBuffer: 1 << 26,
		});
		const fields = result.stdout.split('\0').slice(0, -1);
		if (fields[0] !== marker) throw new Error(`${shell} did not run the command: ${line.display}\n${result.stderr}`);
		const variables = line.variables.length;
		const end = fields.length - variables;
		return {
			argv: [(fields[1] ?? '').split('/').at(-1) ?? '', ...fields.slice(2, end)],
			env: Object.fromEntries(fields.slice(end).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
			left: readdirSync(folder).filter((name) => !lines.some((one) => one.program === name)),
		};
	});
}
