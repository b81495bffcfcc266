import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mask } from '../../../server/runs/masking/masker.ts';
import { secretForms } from './masking/listed-spellings.ts';
import { begun, reachOver, readLive, setStage } from './harness.ts';

const secret = `aZ9'"$&+/ é%7qWe2x!KpL;`;

/** Returns all that files below a folder hold, by path. */
function readAll(folder: string): Map<string, string> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
		entry.isFile(),
	);
	return new Map(
		files.map(({ parentPath, name }) => [
			join(parentPath, name),
			readFileSync(join(parentPath, name), 'utf8'),
		]),
	);
}

test('a secret is nowhere but in the program: not in files, not in arguments, not in the journal', async () => {
	const { start, state, told, runs } = setStage();
	const script = `
		printf '%s\\n' "$SECRET"
		printf '%q\\n' "$SECRET"
		printf '%s' "$SECRET" | base64 -w0; echo
		printf 'x%s' "$SECRET" | base64 -w0; echo
		printf 'xy%s' "$SECRET" | base64 -w0; echo
		printf '%s\\n' "$JSON" "$URL"
		for part in a b c; do printf '%s' "$SECRET" | head -c 10; sleep 0.01; printf '%s' "$SECRET" | tail -c +11; echo; done
		stty -echo; read -r typed; printf '%s\\n' "$typed"
		echo begun; read -r end`;
	const env = { SECRET: secret, JSON: JSON.stringify(secret), URL: encodeURIComponent(secret) };
	const run = start({ argv: ['bash', '-c', script], env, secrets: [secret] });
	await run.input('1', Buffer.from(''));
	const typing = setInterval(() => void run.input('2', Buffer.from(`${secret}\n`)), 50);
	await begun(run);
	clearInterval(typing);

	const live = readLive(state, run.id);
	const commandLines = [process.pid, live.supervisor.pid, live.holder.pid].map((pid) =>
		readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
	);
	const supervisorEnvironments = [live.supervisor.pid, live.holder.pid].map((pid) =>
		readFileSync(`/proc/${pid}/environ`, 'utf8'),
	);
	await run.input('3', Buffer.from('\n'));
	await reachOver(run);
	const failed = start({ argv: [`no-such-${secret}`], secrets: [] });
	failed.close();

	const places = new Map([
		...readAll(state.path),
		['journal', JSON.stringify(told)],
		['arguments', commandLines.join('\n')],
		['environments of the keepers', supervisorEnvironments.join('\n')],
		['states', JSON.stringify(runs.list().map((one) => [one.plan, one === failed ? 0 : one.state]))],
	]);
	for (const form of secretForms(secret)) {
		for (const [place, text] of places) expect(text.includes(form), `"${form}" in ${place}`).toBe(false);
	}
	const output = await run.output();
	expect(output.split(mask).length - 1).toBeGreaterThanOrEqual(10);
	expect(output).not.toContain(secret.slice(0, 5));
});

test('a secret that comes slowly shows at most three characters', async () => {
	const { start } = setStage();
	const script = 'for c in k 7 Q m 2 z X p 9 w; do printf %s "$c"; sleep 0.25; done; echo';

	const run = start({ argv: ['sh', '-c', script], secrets: ['k7Qm2zXp9w'] });

	await reachOver(run);
	expect(await run.output()).toBe(`k7Q${mask}\r\n`);
});

test('a prompt that ends like a secret begins is shown at once', async () => {
	const { start } = setStage();
	const run = start({ argv: ['sh', '-c', 'printf "type k7Q"; read x'], secrets: ['k7Qm2zXp9w'] });

	for await (const event of run.follow(1, new AbortController().signal)) {
		if (event.kind === 'output' && (await run.output()) === 'type k7Q') break;
	}
	await run.input('1', Buffer.from('\n'));

	await reachOver(run);
});
