/**
 * A process that builds pages again and again, for `drover start --watch`: the builder is loaded once. Its content and cache are in its environment; each message names the
 * folder to build into, each answer says what went wrong.
 */
import { build } from 'astro';

process.on('message', (asked: { readonly root: string; readonly out: string }) => {
	void build({ root: asked.root, outDir: asked.out, logLevel: 'silent' }).then(
		() => process.send?.({}),
		(error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
	);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
