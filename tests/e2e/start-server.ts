/** A real Drover server on a free port, with the test's own runbooks, state and folder. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Served, type ServeOptions } from '../../server/serve.ts';
import { readContent } from '../../src/content/read-content.ts';
import { testContent, testSite } from './site-folder.ts';

export interface TestServer {
	readonly served: Served;
	readonly origin: string;
	/** What its sessions have written down, for who asks why a test failed. */
	journals(): string;
	readonly stateDir: string;
	/** Folder that the test's commands may use. */
	readonly folder: string;
	close(): Promise<void>;
}

export async function startServer(stateDir?: string, port = 0, more: Pick<ServeOptions, 'nowMs'> = {}): Promise<TestServer> {
	const content = readContent(testContent);
	if (content.lintErrors.length > 0) throw new SyntaxError(content.lintErrors.map((one) => `${one.file}:${one.line} ${one.message}`).join('\n'));
	const own = mkdtempSync(join(tmpdir(), 'drover-e2e-'));
	const folder = mkdtempSync(join(tmpdir(), 'drover-field-'));
	const options = { content, site: testSite, folder, version: 'test', stateDir: stateDir ?? join(own, 'state'), port, exactPort: port !== 0, ...more };
	const served = await serve(options);
	return {
		served,
		origin: `http://127.0.0.1:${served.port}`,
		folder,
		stateDir: options.stateDir,
		journals: () => globSync('sessions/*/*.jsonl', { cwd: options.stateDir }).map((file) => readFileSync(join(options.stateDir, file), 'utf8')).join('\n'),
		close: async () => {
			// A run outlives its server, which is its task; nobody would end one that a test has left.
			const running = served.runtime.ready ? served.runtime.runs.list().filter(({ state }) => state.kind === 'running') : [];
			await Promise.allSettled(running.map((run) => run.cancel()));
			await served.close();
			for (const path of [own, folder]) rmSync(path, { recursive: true, force: true });
		},
	};
}
