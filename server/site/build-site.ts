/**
 * Builds the site: Astro's pages into a folder beside the present one, links made relative, the search index, then the swap. A build that fails leaves
 * the present site as it is. `npm run build -- --base /drover/` names the address of the page for missing pages, the only one that must know it.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ContentErrors } from '../../src/content/content-errors.ts';
import { lintFolder } from '../../src/content/lint.ts';
import { StateError } from '../state/state-error.ts';
import { readWords, formatProblem } from '../words.ts';
import { whenNoOtherBuilds } from './build-lock.ts';
import type { WarmBuilder } from './builder-process.ts';
import { makeLinksRelative, makeUrlsRelative } from './relative-links.ts';
import { writeSearchIndex } from './search-index.ts';
import { stampFile, stampOf } from './stamp.ts';

export interface SiteOptions {
	/** The project's folder. */
	readonly root: string;
	/** The content folder, with its `drover.yaml`; the project's own unless said. */
	readonly content?: string;
	/** Folder that the site is put into; `dist` of the project unless said. */
	readonly out?: string;
	/** Where the sources of the pages are that `root` was made of; `root` unless said. */
	readonly source?: string;
	/** A builder that is loaded already, of the same root and content. */
	readonly builder?: WarmBuilder;
	/** Address that the site will stand at, with slashes at both ends. */
	readonly base?: string;
}

/** Builds the site, after another build of the project that is under way. @throws ContentErrors before anything is built; Error with what the builder printed. */
export function buildSite(options: SiteOptions): Promise<void> {
	return whenNoOtherBuilds(options.root, () => build(options));
}

/** Builds a site unless `isBuilt`, which is asked once no other build is under way. @throws as `buildSite` */
export function buildUnless(options: SiteOptions, isBuilt: () => boolean): Promise<void> {
	return whenNoOtherBuilds(options.root, async () => {
		if (!isBuilt()) await build(options);
	});
}

async function build({ root, source = root, content = root, out = join(root, 'dist'), builder, base = '/' }: SiteOptions): Promise<void> {
	// Before a compiler sees the pages: what is no prose would be a program there.
	const lintErrors = lintFolder(content);
	if (lintErrors.length > 0) throw new ContentErrors(lintErrors);
	const stamp = stampOf(source, content === root ? undefined : content);
	// Astro renders pages from below the folder that it builds into, when that is in the project.
	for (const left of globSync('node_modules/.drover-build-*', { cwd: root })) rmSync(join(root, left), { recursive: true, force: true });
	const work = mkdtempSync(join(root, 'node_modules', '.drover-build-'));
	try {
		const made = join(work, 'site');
		const cache = content === root ? {} : { DROVER_CACHE: join(work, 'cache') };
		if (builder) await builder.build(made);
		else await run(root, ['node_modules/astro/bin/astro.mjs', 'build', '--root', root, '--outDir', made, '--silent'], { DROVER_CONTENT: content, ...cache });
		rewriteLinks(made, base);
		await writeSearchIndex(made);
		writeFileSync(join(made, stampFile), stamp);
		swap(made, out);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

/** Puts what was made in the place of what is there. */
function swap(made: string, out: string): void {
	const [next, old] = [`${out}.next`, `${out}.old`];
	for (const folder of [next, old]) rmSync(folder, { recursive: true, force: true });
	move(made, next);
	if (existsSync(out)) renameSync(out, old);
	renameSync(next, out);
	rmSync(old, { recursive: true, force: true });
}

/** To another disk only a copy leads. */
function move(from: string, to: string): void {
	try {
		renameSync(from, to);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
		cpSync(from, to, { recursive: true });
	}
}

function rewriteLinks(site: string, base: string): void {
	for (const path of globSync('**/*.{html,css}', { cwd: site })) {
		const file = join(site, path);
		const text = readFileSync(file, 'utf8');
		const page = path.replaceAll('\\', '/');
		if (page === '404.html') writeFileSync(file, text.replace(/((?:href|src)=")\/(?!\/)/g, `$1${base}`));
		else writeFileSync(file, page.endsWith('.css') ? makeUrlsRelative(text, page) : makeLinksRelative(text, page));
	}
}

/** Runs a script of a dependency to its end. */
async function run(root: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let said = '';
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
	const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
	if (code !== 0) throw new Error(`Cannot build the site: ${args[0]} ended with exit code ${code}.\n${said.trim()}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { values } = parseArgs({ options: { out: { type: 'string' }, base: { type: 'string' }, content: { type: 'string' } } });
	const root = process.cwd();
	try {
		await buildSite({
			root,
			...(values.out !== undefined && { out: resolve(values.out) }),
			...(values.base !== undefined && { base: values.base }),
			...(values.content !== undefined && { content: resolve(values.content) }),
		});
	} catch (error) {
		const said = error instanceof StateError ? formatProblem(readWords(root).en, { name: error.problem, slots: error.slots }) : error instanceof Error ? error.message : error;
		console.error(said);
		process.exitCode = 1;
	}
}
