import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { escapeControls } from '../server/log.ts';
import { configFile } from '../src/content/content-config.ts';
import { contentSchemas } from '../src/content/json-schema.ts';
import { readConfig } from '../src/content/read-content.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import type { Command, Terminal } from './command.ts';
import { parseOptions } from './options.ts';
import { startFolder } from './start-folder.ts';

/** The family and the runbook of the example that everything new is made from. */
const example = { family: 'containers', runbook: 'stop' };
const usage = 'drover new DIR · drover new family NAME · drover new runbook FAMILY/NAME';
const name = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** `drover new DIR`: a content folder with one small runbook; `drover new family|runbook NAME`: the same inside the content folder. What is there is never written over. */
export const makeNew: Command = async (args, terminal) => {
	const { positionals } = parseOptions(args, { options: {}, allowPositionals: true });
	const [what, given, ...more] = positionals;
	if (what === undefined || more.length > 0) throw new Refusal(problem('command.usage', { detail: usage }));
	const written = given === undefined ? newFolder(resolve(startFolder(terminal.env), what), terminal) : newPart(what, given, terminal);
	for (const file of written) terminal.out(`${escapeControls(file)}\n`);
	return 0;
};

const exampleFolder = ({ root, locale }: Terminal) => join(root, 'examples', locale === 'zh' ? 'minimal-zh' : 'minimal');

/** All of it beside the place first, then moved there: a folder is there whole, or not at all. */
function newFolder(folder: string, terminal: Terminal): readonly string[] {
	if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) throw new Refusal(problem('content.not-empty', { folder }));
	const next = `${folder}.new-${process.pid}`;
	write(folder, () => {
		try {
			mkdirSync(dirname(folder), { recursive: true });
			cpSync(exampleFolder(terminal), next, { recursive: true });
			writeFileSync(join(next, 'README.md'), `${terminal.say('cli.new.readme', { title: basename(folder) })}\n`);
			writeSchemas(next);
			addSchemaLines(next);
			if (existsSync(folder)) rmSync(folder, { recursive: true });
			renameSync(next, folder);
		} finally {
			rmSync(next, { recursive: true, force: true });
		}
	});
	terminal.err(`${terminal.say('cli.new.next', { folder: escapeControls(folder) })}\n`);
	return [folder];
}

function newPart(what: string, given: string, terminal: Terminal): readonly string[] {
	const [family = '', runbook = ''] = what === 'family' ? [given, example.runbook] : given.split('/');
	const isRunbook = what === 'runbook';
	if ((what !== 'family' && !isRunbook) || !name.test(family) && !isRunbook || !name.test(runbook)) throw new Refusal(problem('command.usage', { detail: usage }));
	const { content } = terminal;
	const config = readConfig(content);
	if (!config) throw new Refusal(problem('content.no-config', { folder: content }));
	const definitions = join(content, config.places.runbooks, family);
	const familyFile = join(definitions, 'family.yaml');
	if (isRunbook && !existsSync(familyFile)) throw new Refusal(problem('content.no-family', { family, folder: content }));
	const files = new Map<string, string>();
	const from = exampleFolder(terminal);
	const [own = 'en'] = readdirSync(from).filter((one) => !['drover.yaml', 'runbooks'].includes(one));
	const renamed = (file: string) => readFileSync(join(from, file), 'utf8').replaceAll(`${example.family}/${example.runbook}`, `${family}/${runbook}`).replace(/^family: .*$/m, `family: ${family}`).replace(/^runbooks: \[.*\]$/m, `runbooks: [${runbook}]`);
	const definition = renamed(`runbooks/${example.family}/${example.runbook}.yaml`);
	files.set(join(definitions, `${runbook}.yaml`), isRunbook && !asksFor(familyFile, 'container') ? definition.replace('parameters: [container]', 'parameters: []').replaceAll('${container}', 'my-container') : definition);
	if (!isRunbook) files.set(familyFile, renamed(`runbooks/${example.family}/family.yaml`));
	for (const locale of config.locales) {
		const pages = join(content, locale, 'runbooks', family);
		files.set(join(pages, `${runbook}.mdx`), renamed(`${own}/runbooks/${example.family}/${example.runbook}.mdx`));
		if (!isRunbook) files.set(join(pages, 'family.mdx'), renamed(`${own}/runbooks/${example.family}/family.mdx`));
	}
	const there = [...files.keys()].find((file) => existsSync(file));
	if (there !== undefined) throw new Refusal(problem('content.file-there', { file: there }));
	const order = isRunbook ? withRunbook(familyFile, runbook) : undefined;
	write(content, () => {
		for (const [file, text] of files) {
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, text, { flag: 'wx' });
		}
		if (order !== undefined) writeFileSync(familyFile, order);
		if (existsSync(join(content, 'schemas'))) addSchemaLines(content);
	});
	return [...files.keys()];
}

/** Whether a family has a parameter. */
function asksFor(familyFile: string, parameter: string): boolean {
	const parameters = parseDocument(readFileSync(familyFile, 'utf8'), { logLevel: 'error' }).get('parameters');
	return isMap(parameters) && parameters.has(parameter);
}

/** A family's file with one more runbook in its order, everything else as it was. */
function withRunbook(file: string, runbook: string): string {
	const document = parseDocument(readFileSync(file, 'utf8'));
	const order = document.get('runbooks');
	if (document.errors.length > 0 || !isSeq(order)) throw new Refusal(problem('file.unreadable', { file, detail: document.errors[0]?.message.split('\n')[0] ?? 'runbooks: […]' }));
	const text = readFileSync(file, 'utf8');
	const last = order.items.at(-1);
	if (!isScalar(last) || !last.range) throw new Refusal(problem('file.unreadable', { file, detail: 'runbooks: […]' }));
	const [start, end] = last.range;
	const indent = text.slice(text.lastIndexOf('\n', start) + 1, start);
	return `${text.slice(0, end)}${order.flow === true ? ', ' : `\n${indent}`}${runbook}${text.slice(end)}`;
}

/** What an editor completes and checks with. They stand in the folder: no address, and no place of Drover's, has to be found. */
function writeSchemas(folder: string): void {
	mkdirSync(join(folder, 'schemas'));
	for (const [file, schema] of Object.entries(contentSchemas())) writeFileSync(join(folder, 'schemas', file), `${JSON.stringify(schema, undefined, '\t')}\n`);
}

function addSchemaLines(folder: string): void {
	const config = readConfig(folder);
	if (!config) return;
	const up = (depth: number) => '../'.repeat(depth) || './';
	const add = (file: string, schema: string, depth: number) => {
		const text = readFileSync(join(folder, file), 'utf8');
		if (!text.startsWith('# yaml-language-server')) writeFileSync(join(folder, file), `# yaml-language-server: $schema=${up(depth)}schemas/${schema}\n${text}`);
	};
	add(configFile, 'drover.json', 0);
	const depth = config.places.runbooks.split('/').length + 1;
	for (const family of readdirSync(join(folder, config.places.runbooks))) {
		for (const file of readdirSync(join(folder, config.places.runbooks, family)).filter((one) => one.endsWith('.yaml'))) {
			add(join(config.places.runbooks, family, file), file === 'family.yaml' ? 'family.json' : 'runbook.json', depth);
		}
	}
}

function write(place: string, work: () => void): void {
	try {
		work();
	} catch (error) {
		throw new Refusal(problem('file.unwritable', { file: place, detail: error instanceof Error ? error.message : String(error) }));
	}
}
