/** The process of `warm-builder.ts`, from the side of the server. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WarmBuilder {
	/** Builds the pages of its content into a folder, one build after the other. @throws Error with what the builder said */
	build(out: string): Promise<void>;
	close(): void;
}

/** Starts it; `root` is where the sources of the pages are. */
export function openWarmBuilder(root: string, content: string): WarmBuilder {
	const cache = mkdtempSync(join(tmpdir(), 'drover-watch-'));
	const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', DROVER_CONTENT: content, DROVER_CACHE: cache };
	const child = fork(join(import.meta.dirname, 'warm-builder.ts'), { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
	const ended = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`The builder of the pages ended with exit code ${code}.`))));
	ended.catch(() => undefined);
	const answer = () => new Promise<{ readonly error?: string }>((resolve) => child.once('message', (said) => resolve(said as { error?: string })));
	let before: Promise<unknown> = Promise.race([answer(), ended]);
	return {
		build: async (out) => {
			const mine = before.then(async () => {
				const said = answer();
				child.send({ root, out });
				const { error } = await Promise.race([said, ended]);
				if (error !== undefined) throw new Error(`Cannot build the site: ${error}`);
			});
			before = mine.catch(() => undefined);
			await mine;
		},
		close: () => {
			child.kill();
			rmSync(cache, { recursive: true, force: true });
		},
	};
}
