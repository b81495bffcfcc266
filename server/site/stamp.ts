import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file in a built site that says what it was made of. */
export const stampFile = '.stamp';

/** What the built site is made of, from the project's folder. */
const sources = ['{zh,en}/**/*.{json,mdx}', 'src/**/*', 'server/site/*.ts', 'public/**/*', 'astro.config.mjs', 'package-lock.json'];

/** Returns a hash of everything that the site is made of: the same sources, the same stamp. */
export function stampOf(root: string): string {
	const hash = createHash('sha256');
	for (const file of sourceFiles(root)) {
		hash.update(`${file}\0`);
		hash.update(readFileSync(join(root, file)));
	}
	return hash.digest('hex');
}

function sourceFiles(root: string): string[] {
	const entries = globSync(sources, { cwd: root, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
	return [...new Set(files)].sort();
}
