/** A password of 24 random characters through a whole session: it reaches the program, and nothing else. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { mask } from '../../server/runs/masking/masker.ts';
import { secretForms } from '../server/runs/masking/listed-spellings.ts';
import { call } from '../../attack/target.ts';
import { startTargetServer } from './target-server.ts';
import { openRunner, previewOf } from './script-runner.ts';

/** Printable ASCII: what a generator of passwords draws from. Three kinds that quoting and encoding change are always among them. */
function draw(count: number): string[] {
	const letters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
	return fc.sample(fc.array(fc.constantFrom(...letters), { minLength: 21, maxLength: 21 }), count).map((drawn) => `"'%${drawn.join('')}`);
}

/** All that files below a folder hold, by path; and their names. */
function readAll(folder: string): [place: string, text: string][] {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	return files.map(({ parentPath, name }) => [join(parentPath, name), `${name}\n${readFileSync(join(parentPath, name), 'latin1')}\n${readFileSync(join(parentPath, name), 'utf8')}`]);
}

/** Prints every variable in every spelling that programs have, on one line each. */
const howl = `
	set +eu
	printf '%s\\n' "$SECRET"
	printf '%q\\n' "$SECRET"
	printf '%s' "$SECRET" | base64 -w0; echo
	printf 'x%s' "$SECRET" | base64 -w0; echo
	printf 'xy%s' "$SECRET" | base64 -w0; echo
	(set -x; : "$SECRET") 2>&1
	env | grep SECRET
	ls "/nowhere/$SECRET"
	printf '%s' "$SECRET" | head -c 9; sleep 0.3; printf '%s' "$SECRET" | tail -c +10; echo
	echo begun; read -r end`;

test('24 random characters through a whole session are nowhere: not in the state, the answers, the reports, the log, the arguments of the keepers', async () => {
	const [password = '', apiToken = ''] = draw(2);
	const server = await startTargetServer();
	onTestFinished(() => server.close());
	const target = await server.target();
	const answers: [string, string][] = [];
	const note = <T>(place: string, answer: T): T => {
		answers.push([place, JSON.stringify(answer)]);
		return answer;
	};
	const ask = async (method: string, path: string, body?: object) => note(`${method} ${path}`, await call(target, method, path, body));
	const values = { password, grass: 'clover', env: ['CORRAL=red', `API_TOKEN=${apiToken}`] };
	const runner = await openRunner(target, server.folder, values);
	onTestFinished(() => runner.close());
	const all = { folder: server.folder, ...values };
	writeFileSync(join(server.folder, 'scent'), `tracks ${password} ${JSON.stringify(password)} ${Buffer.from(apiToken).toString('base64')}`);

	await ask('PUT', `/api/sessions/${runner.session}/values`, { values: all, detected: [] });
	// As "docker inspect" would: a secret that the step itself has no use for.
	writeFileSync(join(server.folder, 'found'), `API_TOKEN=${apiToken}`);
	const run = await runner.runScript(`cat "$folder/found"; echo\n${howl}`);
	await runner.prints('begun');
	const live = JSON.parse(readFileSync(join(server.stateDir, 'runs', run, 'live.json'), 'utf8')) as Record<'supervisor' | 'holder', { pid: number }>;
	for (const pid of [server.pid, live.supervisor.pid, live.holder.pid]) {
		answers.push([`arguments of ${pid}`, readFileSync(`/proc/${pid}/cmdline`, 'latin1')], [`environment of ${pid}`, readFileSync(`/proc/${pid}/environ`, 'latin1')]);
	}
	await runner.type(`${password}\r`);
	await runner.over();
	await ask('POST', `/api/sessions/${runner.session}/looks`, { step: 'scent', for: 'done', values: all });
	await ask('POST', `/api/sessions/${runner.session}/looks`, { prove: true, values: all });
	const refusals: [changed: object, problem: string][] = [
		[{ values: { ...all, password: `${password}\u0007` } }, 'value.character'],
		[{ values: { ...all, password: password.repeat(5000) } }, 'value.too-long'],
		[{ values: { ...all, password: [password] } }, 'value.not-a-text'],
		[{ values: { ...all, env: [`API-TOKEN=${apiToken}`] } }, 'value.type'],
		[{ values: { ...all, env: [`API_TOKEN=${apiToken}`, `API_TOKEN=${apiToken}x`] } }, 'value.duplicate'],
		[{ values: { ...all, env: [`API_TOKEN=${apiToken}\u0007`] } }, 'value.character'],
		[{ values: all, preview: 'something else' }, 'preview.differs'],
		[{ values: all, node: 'none' }, 'node.unknown'],
		[{ values: all, confirmed: 'yes' }, 'request.invalid'],
	];
	for (const [changed, problem] of refusals) {
		const answer = note(`refused: ${problem}`, await runner.run('lure', { preview: previewOf('lure', all), ...changed }));
		expect(answer.body).toMatchObject({ problems: [{ name: problem }] });
		// A form is kept as it stands, right or wrong.
		if ('values' in changed) await ask('PUT', `/api/sessions/${runner.session}/values`, { values: changed.values, detected: [] });
	}
	const lured = note('a step with it among its arguments', await runner.run('lure'));
	runner.follow((lured.body as { run: string }).run);
	await runner.over();
	await ask('GET', '/api/sessions');
	await ask('GET', `/api/sessions/${runner.session}`);
	const output = await ask('GET', `/api/runs/${run}/output`);
	for (const format of ['md', 'html', 'jsonl']) {
		for (const locale of ['zh', 'en']) expect((await ask('GET', `/api/sessions/${runner.session}/report?format=${format}&locale=${locale}`)).status).toBe(200);
	}

	const places = [...readAll(server.stateDir), ...answers, ['log', server.output()] as const];
	const leaks = places.flatMap(([place, text]) => [password, apiToken].flatMap((secret) => secretForms(secret).filter((form) => text.includes(form) || text.includes(JSON.stringify(form).slice(1, -1))).map((form) => `${place}: ${form}`)));
	expect(leaks).toEqual([]);
	expect(places.length).toBeGreaterThan(30);
	expect(String(output.body).split(mask).length).toBeGreaterThan(10);
}, 120_000);
