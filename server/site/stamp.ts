import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFiles } from '../../src/content/read-content.ts';

/** The file in a built site that says what it was made of. */
export const stampFile = '.stamp';

/** What the built site is made of, from the project's folder. */
const sources = ['drover.yaml', '{zh,en}/**/*.{json,mdx}', 'src/**/*', 'server/site/*.ts', 'public/**/*', 'astro.config.mjs', 'package-lock.json'];

/** Returns a hash of everything that a site is made of: what builds it and, where that is another folder, its content. The same sources, the same stamp. */
export function stampOf(root: string, content?: string): string {
	const hash = createHash('sha256');
	for (const file of sourceFiles(root)) {
		hash.update(`${file}\0`);
		hash.update(readFileSync(join(root, file)));
	}
	for (const { path, text } of content === undefined ? [] : readFiles(content, { guide: true })) hash.update(`${path}\0${text}`);
	return hash.digest('hex');
}

function sourceFiles(root: string): string[] {
	const entries = globSync(sources, { cwd: root, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
	return [...new Set(files)].sort();
}
