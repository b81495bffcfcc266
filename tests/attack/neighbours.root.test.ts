/** Another user of the machine: only root can be one. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startTargetServer } from './target-server.ts';
import { openRunner } from './script-runner.ts';

/** Runs a Node script as nobody: started as we are, so that Node itself can be read, and then somebody else. */
function asNobody(script: string): string {
	return execFileSync(process.execPath, ['--input-type=module', '-e', `process.setgroups([]); process.setgid(65534); process.setuid(65534);\n${script}`], { encoding: 'utf8' });
}

test('another user of the machine comes to the port, and no further: no token, no state, no socket of a run', async () => {
	const server = await startTargetServer();
	onTestFinished(() => server.close());
	const runner = await openRunner(await server.target(), server.folder);
	await runner.runScript('echo here; read -r end');
	await runner.prints('here');
	const [socket] = readdirSync(join(server.stateDir, 's'));
	// The folder above is open to all: what keeps the neighbour out is Drover's own.
	chmodSync(server.home, 0o755);

	const said = asNobody(`
		import { connect } from 'node:net';
		import { readdirSync, readFileSync } from 'node:fs';
		const own = { authorization: 'Bearer ' + 'A'.repeat(43) };
		for (const headers of [{}, own]) console.log((await fetch('http://127.0.0.1:${server.port}/api/sessions', { headers })).status);
		for (const path of ${JSON.stringify([server.stateDir, join(server.stateDir, 'tokens.json'), join(server.stateDir, 's')])}) try { readdirSync(path); console.log('read'); } catch (error) { console.log(error.code); }
		const socket = connect(${JSON.stringify(join(server.stateDir, 's', socket ?? ''))});
		await new Promise((resolve) => { socket.on('connect', () => { console.log('connected'); resolve(); }); socket.on('error', (error) => { console.log(error.code); resolve(); }); });
		socket.destroy();
	`);

	expect(socket).toMatch(/\.sock$/);
	expect(said.trim().split('\n')).toEqual(['401', '401', 'EACCES', 'EACCES', 'EACCES', 'EACCES']);
	await runner.type('\n');
	await runner.over();
});
