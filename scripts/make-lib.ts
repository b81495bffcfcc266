/**
 * Makes `lib/`: Drover as it is packed, for npm and for the archive. What server and command line are made of, as JavaScript (Node runs no TypeScript below `node_modules`), with
 * words, runbooks and built pages; without tests. For npm also `builder/`, the sources of pages: content folders of others are built with them. `npm pack` calls it.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { contentSchemas } from '../src/content/json-schema.ts';
import { ensureSite } from '../server/site/ensure-site.ts';
import { readServerFiles } from './server-files.ts';

/** Read by the server when it starts, not imported. */
const content = ['drover.yaml', 'examples/minimal{,-zh}/**/*.{yaml,mdx}', '{zh,en}/*.json', '{zh,en}/{guide,runbooks}/**/*.mdx', 'src/content/runbooks/**/*.yaml'];

/** What pages are built from, without content. */
const pages = ['src/**/*', 'public/**/*', '{zh,en}/*.json', 'astro.config.mjs', 'tsconfig.json', 'package.json'];
const noPages = /^src\/content\/(?:runbooks\/|translations\.json$)|^public\/pictures\//;

/** Makes the folder `lib` of a checkout anew, or one elsewhere. Builds the pages first when they have changed. */
export async function makeLib(root: string, lib = join(root, 'lib'), withBuilder = true): Promise<void> {
	const site = await ensureSite(root);
	rmSync(lib, { recursive: true, force: true });
	const { files } = readServerFiles(root, withBuilder);
	for (const file of new Set([...files, ...globSync(content, { cwd: root })])) {
		if (file.endsWith('.ts')) write(join(lib, `${file.slice(0, -'.ts'.length)}.js`), compile(readFileSync(join(root, file), 'utf8')));
		else write(join(lib, file), readFileSync(join(root, file)));
	}
	const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
	write(join(lib, 'package.json'), `${JSON.stringify({ name, version, private: true, type: 'module' }, null, '\t')}\n`);
	for (const [file, schema] of Object.entries(contentSchemas())) write(join(lib, 'schemas', file), `${JSON.stringify(schema, undefined, '\t')}\n`);
	cpSync(site, join(lib, 'dist'), { recursive: true });
	if (withBuilder) copyBuilder(root, join(lib, 'builder'));
}

function copyBuilder(root: string, builder: string): void {
	const entries = globSync(pages, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile());
	for (const entry of entries) {
		const file = relative(root, join(entry.parentPath, entry.name));
		if (!noPages.test(file)) write(join(builder, file), readFileSync(join(root, file)));
	}
}

/** Types become spaces, as when Node runs the file itself; files are named as they are after this. */
function compile(source: string): string {
	return stripTypeScriptTypes(source, { mode: 'strip' }).replace(/'([\w./-]+)\.ts'/g, "'$1.js'");
}

function write(path: string, text: string | Buffer): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

if (import.meta.main) await makeLib(join(import.meta.dirname, '..'));
