import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeContent, type Content } from './content.ts';

/** Reads the content below the project's folder. Throws what the file system throws. */
export function readContent(root: string): Content {
	const patterns = ['src/content/runbooks/**/*.yaml', '{zh,en}/runbooks/**/*.mdx'];
	const paths = globSync(patterns, { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();
	return makeContent(paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })));
}
