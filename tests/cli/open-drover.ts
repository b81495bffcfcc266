/** Drover as a command line, in a place of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { stampFile, stampOf } from '../../server/site/stamp.ts';
import { fixtureRoot } from '../server/drover.ts';

export interface Place {
	readonly home: string;
	stateDir: string;
	start(env?: Readonly<Record<string, string>>): Promise<{ server: ChildProcess; origin: string }>;
	ask(...args: string[]): Promise<{ code: number | null; out: string; err: string }>;
}

/** A project whose site counts as built, with a state directory of its own; both are gone after the test. */
export function makePlace(): Place {
	const home = mkdtempSync(join(tmpdir(), 'drover-open-'));
	onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
	const root = join(home, 'project');
	cpSync(fixtureRoot, root, { recursive: true });
	writeFileSync(join(root, 'package.json'), '{ "version": "0.0.0" }');
	mkdirSync(join(root, 'dist'));
	writeFileSync(join(root, 'dist', stampFile), stampOf(root));

	const place: Place = { home, stateDir: join(home, 'state'), start: (env) => start(env), ask: (...args) => ask(...args) };

	/** Runs a command of Drover, without a terminal. */
	const drover = (args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess => {
		const child = spawn(process.execPath, [join(import.meta.dirname, 'start-process.ts'), root, ...args, '--state-dir', place.stateDir], { env: { PATH: process.env['PATH'], HOME: home, LANG: 'en_US.UTF-8', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
		onTestFinished(() => void child.kill('SIGKILL'));
		return child;
	};

	const start: Place['start'] = async (env = { CI: '1' }) => {
		const server = drover(['start', '--port', '0'], env);
		for await (const line of createInterface({ input: server.stdout! })) {
			const found = /^ {4}(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
			if (found !== undefined) return { server, origin: found };
		}
		throw new Error(await text(server.stderr!));
	};

	const ask: Place['ask'] = async (...args) => {
		const child = drover(['open', ...args], { CI: '1' });
		const [out, err, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'exit')]);
		return { code: code as number | null, out, err };
	};
	return place;
}
