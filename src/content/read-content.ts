import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { problem, Refusal } from '../runbook/problem.ts';
import type { SourceFile } from '../runbook/definition/yaml-file.ts';
import { configFile, parseConfig, type ContentConfig } from './content-config.ts';
import { makeContent, type Content } from './content.ts';

/** Reads the content of a folder. @throws Refusal when it is none; what the file system throws */
export function readContent(root: string): Content {
	return makeContent(readFiles(root));
}

/** Returns every file of a content folder, by path: `drover.yaml`, definitions, pages of runbooks; with `guide` those of the guide too. With a wrong `drover.yaml`, that alone. @throws Refusal when it is no content folder */
export function readFiles(root: string, { guide = false }: { readonly guide?: boolean } = {}): readonly SourceFile[] {
	const file = readConfigFile(root);
	const { config } = parseConfig(file);
	if (!config) return [file];
	const paths = globSync(patternsOf(config, guide), { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();
	return [file, ...paths.map((path) => readSource(root, path))];
}

/** Files of a content folder, from its root. */
export function patternsOf({ places, locales }: ContentConfig, guide: boolean): readonly string[] {
	return [`${places.runbooks}/**/*.yaml`, ...locales.flatMap((locale) => [`${locale}/interface.json`, `${locale}/runbooks/**/*.mdx`, ...(guide ? [`${locale}/guide/*.mdx`] : [])])];
}

/** What a folder's `drover.yaml` says; undefined without a right one. */
export function readConfig(root: string): ContentConfig | undefined {
	return existsSync(join(root, configFile)) ? parseConfig(readSource(root, configFile)).config : undefined;
}

function readConfigFile(root: string): SourceFile {
	const kind = statSync(root, { throwIfNoEntry: false });
	if (!kind?.isDirectory()) throw new Refusal(problem(kind ? 'content.not-a-folder' : 'content.missing', { folder: root }));
	if (!statSync(join(root, configFile), { throwIfNoEntry: false })) throw new Refusal(problem('content.no-config', { folder: root }));
	return readSource(root, configFile);
}

function readSource(root: string, path: string): SourceFile {
	try {
		return { path, text: readFileSync(join(root, path), 'utf8') };
	} catch (error) {
		throw new Refusal(problem('file.unreadable', { file: join(root, path), detail: error instanceof Error ? error.message : String(error) }));
	}
}
