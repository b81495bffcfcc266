/** The upgrade of a single-container server by the command line: `drover run` on a terminal, on a real engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTerminal } from '../../../server/runs/supervisor/terminal.ts';
import { useScene } from './scene.ts';

const scene = useScene('run-command.test.ts');
const root = join(import.meta.dirname, '../../..');

interface Spoken {
	readonly text: string;
	readonly code: number;
}

/** Runs a command of Drover on a terminal of its own, and types an answer where it is asked for. */
async function onTerminal(args: readonly string[], env: Readonly<Record<string, string>>, answers: readonly (readonly [asked: string, answer: string])[]): Promise<Spoken> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const left = [...answers];
	let text = '';
	const terminal = openTerminal({
		file: '/bin/sh',
		args: ['-c', '"$@"; echo "exit code: $?"', 'sh', process.execPath, join(root, 'bin/drover.js'), ...args],
		env: { ...(process.env as Record<string, string>), ...env, LANG: 'en_US.UTF-8' },
		columns: 160,
		rows: 40,
		onBytes: (bytes) => {
			text += Buffer.from(bytes).toString('utf8');
			const [asked, answer] = left[0] ?? [];
			if (asked === undefined || !text.includes(asked)) return;
			left.shift();
			terminal.write(Buffer.from(`${answer}\r`));
		},
		onExit: () => resolve(),
	});
	await promise;
	terminal.drain();
	return { text, code: Number(/exit code: (\d+)/.exec(text)?.[1] ?? -1) };
}

test('leads from a detected v1.6.14 to v1.6.30 with one word typed, and loses no row', async () => {
	await scene.rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${scene.publish}:8080`, '--restart=always'] });
	const before = await scene.rig.fingerprint({ container: 'rancher' });
	const folder = scene.rig.folder();
	const [stateDir, junit] = [join(folder, 'state'), join(folder, 'junit.xml')];
	const env = { ...(scene.rig.env as Record<string, string>), INIT_CWD: folder };

	const { text, code } = await onTerminal(
		['run', 'rancher-1.6/single-container', '--detect', '--set', 'new_tag=v1.6.30', '--yes', 'prepare,change,point-of-no-return', '--junit', junit, '--state-dir', stateDir],
		env,
		[['This deletes rancher. Type its name: ', 'rancher']],
	);

	expect(code, text).toBe(0);
	const names = (await scene.rig.docker('ps', '--all', '--format', '{{.Names}} {{.Image}}')).split('\n');
	expect(names).toEqual([expect.stringMatching(/ rancher\/server:v1\.6\.30$/), 'rancher-data rancher/server:v1.6.14']);
	expect(await scene.rig.fingerprint({ container: names[0]?.split(' ')[0] ?? '' })).toEqual(before);
	expect(text).toContain('All steps are complete.');
	// Warnings alone hold nobody up: an engine newer than Rancher, a machine without a time server.
	expect(text).not.toMatch(/✗|\? /);
	const xml = readFileSync(junit, 'utf8');
	expect(xml).toMatch(/<testsuite name="change" tests="\d+" failures="0" errors="0"/);
	expect(xml).not.toMatch(/<failure|<error/);
});
