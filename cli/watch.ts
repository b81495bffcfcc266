/** `drover start --watch`: what an author changes is read and built at once, and open pages load again. With an error the pages stay as they are. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import type { Served } from '../server/serve.ts';
import { siteFolder, openCache } from '../server/site/cache-folder.ts';
import { openWarmBuilder } from '../server/site/builder-process.ts';
import { stampOf } from '../server/site/stamp.ts';
import { builderSource, openWorkspace } from '../server/site/workspace.ts';
import { ContentErrors } from '../src/content/content-errors.ts';
import { readContent } from '../src/content/read-content.ts';
import { Refusal } from '../src/runbook/problem.ts';
import { formatProblem } from '../server/words.ts';
import type { Terminal } from './command.ts';
import { printLintErrors } from './content.ts';

/** An editor writes a file in several goes. */
const restMs = 80;

/** Watches a content folder until it is closed. @throws Refusal where pages cannot be built */
export async function watchContent(content: string, served: Pick<Served, 'reload'>, terminal: Terminal): Promise<{ close(): void }> {
	const { root, out, err, say, env } = { ...terminal };
	const [cache, source] = [openCache(env), builderSource(root)];
	const place = content === root ? root : openWorkspace(root, cache);
	const [{ buildSite }, builder] = [await import('../server/site/build-site.ts'), openWarmBuilder(place, content)];
	const stampNow = () => stampOf(source, content === root ? undefined : content);
	let stamp = stampNow();
	let busy = Promise.resolve();
	let timer: NodeJS.Timeout | undefined;

	const build = async () => {
		try {
			const next = stampNow();
			if (next === stamp) return;
			stamp = next;
			const begun = performance.now();
			await buildSite({ root: place, source, content, builder, out: content === root ? join(root, 'dist') : siteFolder(cache, content) });
			const read = readContent(content);
			served.reload(read);
			out(`${say('cli.start.built', { seconds: ((performance.now() - begun) / 1000).toFixed(1) })}\n`);
		} catch (error) {
			if (error instanceof ContentErrors) printLintErrors(error.lintErrors, terminal);
			else if (error instanceof Refusal) for (const one of error.problems) err(`${formatProblem(say, one)}\n`);
			else err(`${error instanceof Error ? error.message : String(error)}\n`);
		}
	};
	const watcher = watch(content, { recursive: true }, () => {
		clearTimeout(timer);
		timer = setTimeout(() => void (busy = busy.then(build)), restMs);
	});
	// The folder may go while it is watched: then nothing changes any more.
	watcher.on('error', (error) => err(`${String(error)}\n`));
	return {
		close: () => {
			clearTimeout(timer);
			watcher.close();
			builder.close();
		},
	};
}
