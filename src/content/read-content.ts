import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContent, type Content } from './content.ts';

/** Files of runbooks, from the folder of the content. */
export const contentPatterns: readonly string[] = ['src/content/runbooks/**/*.yaml', '{zh,en}/runbooks/**/*.mdx'];

/** Reads the content below the project's folder. Throws what the file system throws. */
export function readContent(root: string): Content {
	const paths = globSync(contentPatterns, { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();
	return makeContent(paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })));
}
