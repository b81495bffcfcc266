import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { whenNoOtherBuilds } from '../../../server/site/build-lock.ts';

const module = join(import.meta.dirname, '../../../server/site/build-lock.ts');
let project = '';
beforeEach(() => {
	project = mkdtempSync(join(tmpdir(), 'drover-build-'));
	mkdirSync(join(project, 'node_modules'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** A process that builds until it is ended. */
async function startBuild() {
	const program = `import { whenNoOtherBuilds } from ${JSON.stringify(module)}; await whenNoOtherBuilds(${JSON.stringify(project)}, () => { console.log('builds'); return new Promise((done) => setTimeout(done, 1e9)); });`;
	const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
	await once(child.stdout, 'data');
	return child;
}

test('a build waits until the one before has ended, however it ends', async () => {
	const other = await startBuild();
	const said: string[] = [];
	const waiting = whenNoOtherBuilds(project, async () => void said.push('ours'));
	// Asked four times meanwhile.
	await new Promise((done) => setTimeout(done, 400));
	expect(said).toEqual([]);

	other.kill('SIGKILL');
	await waiting;

	expect(said).toEqual(['ours']);
});

test('two that begin at once in one process build one after the other, also when one fails', async () => {
	let underWay = 0;
	const most: number[] = [];
	const build = async (fails: boolean): Promise<void> => {
		most.push(++underWay);
		await new Promise((done) => setTimeout(done, 50));
		underWay--;
		if (fails) throw new Error('A build failed.');
	};

	const ended = await Promise.allSettled([true, false, false].map((fails) => whenNoOtherBuilds(project, () => build(fails))));

	expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
	expect(most).toEqual([1, 1, 1]);
});
