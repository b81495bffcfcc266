/** One real session in which everything happens: runs that end well, fail, are cancelled, lost, never start; skips, overrides, hints, nodes, the way back. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readContent } from '../../../src/content/read-content.ts';
import type { RunRequest } from '../../../src/runbook/protocol/protocol.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { Live } from '../../../server/runs/files/run-files.ts';
import { createRunbookStore } from '../../../server/runbooks.ts';
import { openPass, startDrover, type Drover, type Pass } from '../drover.ts';

export const nightRoot = join(import.meta.dirname, 'content');
export const nightStore = createRunbookStore(readContent(nightRoot));

export const secrets = { password: 'Zq8vT3mKx9LpR2wYb6Nc4HdJ', token: 'Gf7sA1uEo5BiV0tXk3MzQ8yP' };

/** What a program can print against a report: markup, fences, links, mentions, titles, the clipboard, another order of reading. */
export const hostile = [
	'</script><script>window.hurt = 1</script>',
	'<img src=x onerror="window.hurt = 1">',
	'````',
	'[link](javascript:window.hurt=1) <http://evil.example> @everyone #1',
	'# heading',
];

const drum = `#!/bin/bash
printf '\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007'
printf '\\033[31mred\\033[0m and \\033[1;32mgreen\\033[0m\\n'
for i in 1 2 3; do printf '\\rbeat %s' "$i"; sleep 0.15; done
echo
printf '%s\\n' "$@"
printf 'gnp.\\u202egnihton\\n'
cat <<'END'
${hostile.join('\n')}
END
echo dumm dumm
`;

export interface Night {
	readonly drover: Drover;
	readonly pass: Pass;
	readonly id: string;
	/** The report as it was while a step was running. */
	readonly during: string;
}

/** `note` is a value that the reader gave. */
export const note = 'it`s `<b>late</b>` [x](javascript:1) | *soon*';

export async function passTheNight(): Promise<Night> {
	const drover = await startDrover({ root: nightRoot });
	const { folder } = drover;
	writeFileSync(join(folder, 'drum.sh'), drum);
	chmodSync(join(folder, 'drum.sh'), 0o755);
	const values: RunRequest['values'] = { folder, note, password: secrets.password, env: [`API_TOKEN=${secrets.token}`, 'LANTERN=oil'], nodes };
	const pass = await openPass(drover, 'night/watch', values, preview);
	await pass.look({ step: 'field', for: 'done', values });
	await finish(pass, 'drum', values);
	await finish(pass, 'tell', values);
	await pass.run('here');
	await pass.until((session) => session.steps.get('here')?.kind === 'found');

	const rest = await begin(pass, 'rest');
	const during = String((await drover.call('GET', `/api/sessions/${pass.id}/report?format=md&locale=en`)).body);
	await drover.call('DELETE', `/api/runs/${rest}`, {});
	await over(pass, rest);
	await pass.mark('rest', 'overridden', 'We are `rested` <enough>');

	const lost = await begin(pass, 'lost');
	const live = Live.parse(JSON.parse(readFileSync(join(drover.stateDir, 'runs', lost, 'live.json'), 'utf8')));
	for (const { pid } of [live.supervisor, live.holder, live.program]) process.kill(pid, 'SIGKILL');
	await over(pass, lost);
	await pass.mark('lost', 'skipped', 'Nobody knows');

	await finish(pass, 'pen', values);
	await pass.until((session) => session.steps.get('pen')?.kind === 'verified');
	await drover.call('PUT', `/api/sessions/${pass.id}/values`, { values: { ...values, note: 'quiet now' }, detected: ['folder'] });
	await finish(pass, 'trip', values);
	await pass.until((session) => (session.hints.get('trip') ?? []).includes('dark'));
	await pass.mark('trip', 'overridden', 'Only a bruise');
	await finish(pass, 'ghost', values);
	await pass.mark('ghost', 'skipped', 'It was only the wind');
	const pen = (await pass.session()).steps.get('pen');
	if (pen?.kind !== 'verified') throw new Error(`The pen is ${pen?.kind ?? 'not there'}.`);
	await over(pass, await asked(pass, 'trip', { kind: 'undo' }));
	await over(pass, await asked(pass, 'pen', { kind: 'undo' }));
	await pass.until((session) => session.steps.get('pen')?.kind === 'undone');
	await pass.mark('pen', 'by-hand');
	await pass.mark('trip', 'by-hand', 'stood up again');
	for (const node of ['east', 'west']) {
		await over(pass, await asked(pass, 'lead', { node }));
		await pass.until((session) => session.steps.get(`lead@${node}`)?.kind === 'verified');
	}
	await pass.mark('sign', 'by-hand', 'Page 7');
	// In the morning one is gone, and the pen is not there either.
	rmSync(join(folder, 'east'));
	await pass.look({ prove: true, values });
	await pass.until((session) => ['lead@east', 'pen'].every((key) => session.steps.get(key)?.kind === 'stale'));
	return { drover, pass, id: pass.id, during };
}

const nodes = [{ name: 'east', ssh: '', address: '10.0.0.1' }, { name: 'west', ssh: '', address: '10.0.0.2' }];

function preview(step: string, kind: 'run' | 'undo', given: RunRequest['values'], node?: string): string {
	const runbook = nightStore.get('night/watch');
	const on = nodes.find((one) => one.name === node);
	return renderStep(nightStore.step(runbook, step), kind, nightStore.resolve(runbook, given), on ? { node: on } : {})?.display ?? '';
}

/** Another session, whose server may go while the drum is beaten. */
export async function beginOther(stateDir: string): Promise<{ session: string; run: string; close: () => Promise<void> }> {
	const drover = await startDrover({ root: nightRoot, stateDir });
	writeFileSync(join(drover.folder, 'drum.sh'), drum);
	const values: RunRequest['values'] = { folder: drover.folder };
	const pass = await openPass(drover, 'night/watch', values, preview);
	await pass.look({ step: 'field', for: 'done', values });
	const run = await begin(pass, 'drum');
	return {
		session: pass.id,
		run,
		close: async () => {
			pass.close();
			await drover.close();
		},
	};
}

async function asked(pass: Pass, step: string, more: Partial<RunRequest> = {}): Promise<string> {
	const { status, body } = await pass.run(step, more);
	if (status !== 201) throw new Error(`Step "${step}" was not run: ${status} ${JSON.stringify(body)}`);
	return (body as { run: string }).run;
}

/** Runs a step until its program is there. */
async function begin(pass: Pass, step: string): Promise<string> {
	const run = await asked(pass, step);
	await pass.until((session) => session.runs.get(run)?.state.kind === 'running');
	return run;
}

async function over(pass: Pass, run: string): Promise<void> {
	await pass.until((session) => {
		const state = session.runs.get(run)?.state;
		return state?.kind === 'unknown' || state?.kind === 'never-started' || (state?.kind === 'ended' && state.terminal === 'closed');
	});
}

async function finish(pass: Pass, step: string, values: RunRequest['values']): Promise<void> {
	await over(pass, await asked(pass, step, { values }));
}
