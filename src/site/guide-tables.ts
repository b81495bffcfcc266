/** Tables of the guide that are drawn from what is known of Rancher. Their words stand on the page that places them, the rest lives once, in `src/families/rancher`. */
import { dockerSupport } from '../families/rancher/docker-support.ts';
import { infrastructureStacks } from '../families/rancher/infrastructure-stacks.ts';
import { lastRelease, releases } from '../families/rancher/releases.ts';
import { serverFlags } from '../families/rancher/server-flags.ts';

export interface Cell {
	readonly text: string;
	/** A name or a tag, set as code and never translated. */
	readonly isCode: boolean;
}

/** Columns by their names; the words of a page follow the same names. */
export interface GuideTable {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly Cell[])[];
}

const code = (text: string | undefined): Cell => (text === undefined || text === '' ? { text: '–', isCode: false } : { text, isCode: true });
const plain = (text: string): Cell => ({ text, isCode: false });
const version = (image: string | undefined) => image?.split(':').at(-1);

/** Newest first: who looks something up usually looks for the target. */
const matrix: GuideTable = {
	columns: ['tag', 'date', 'agent', 'balancer', 'cli', 'schema', 'cattle'],
	rows: releases.toReversed().map((one) => [code(one.tag), plain(one.date), code(version(one.agent)), code(version(one.loadBalancer ?? one.agentInstance)), code(one.cli), plain(String(one.schema)), code(one.cattle)]),
};

/** Releases that share a schema, as one row. */
const schemas: GuideTable = {
	columns: ['schema', 'from', 'until'],
	rows: [...Map.groupBy(releases, ({ schema }) => schema)].toReversed().map(([schema, group]) => [plain(String(schema)), code(group[0]?.tag), code(group.at(-1)?.tag)]),
};

const engines: GuideTable = {
	columns: ['docker', 'from', 'until'],
	rows: dockerSupport.toReversed().map(({ docker, from, until }) => [code(docker), code(from ?? releases[0]?.tag), code(until ?? lastRelease)]),
};

const flags: GuideTable = {
	columns: ['flag', 'variable', 'since'],
	rows: serverFlags.map(({ flag, variable, since }) => [code(flag), code(variable), code(since)]),
};

const stacks: GuideTable = {
	columns: ['turn', 'name', 'version', 'needs', 'images'],
	rows: infrastructureStacks.map(({ turn, name, version: own, needs, images }) => [plain(String(turn)), code(name), code(own), code(needs), code(images.join(' '))]),
};

const tables: Readonly<Record<string, GuideTable>> = { releases: matrix, schemas, engines, flags, stacks };

/** @throws RangeError for a table that is not there, or one whose columns have no words. */
export function guideTable(of: string, words: Readonly<Record<string, string>>): GuideTable & { readonly head: readonly string[] } {
	const table = tables[of];
	if (!table) throw new RangeError(`Cannot place table "${of}": there are ${Object.keys(tables).join(', ')}.`);
	const head = table.columns.map((column) => {
		const title = words[column];
		if (title === undefined) throw new RangeError(`Cannot place table "${of}": column "${column}" has no words.`);
		return title;
	});
	return { ...table, head };
}

const element = /<Table\s+([^>]*?)\/>/g;

/** `<Table of="engines" docker="Docker" … />` of a page's source as a table in Markdown. */
export function plainTables(text: string): string {
	return text.replace(element, (_, source: string) => {
		const words = Object.fromEntries([...source.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name ?? '', value ?? '']));
		const { head, rows } = guideTable(words['of'] ?? '', words);
		const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
		return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(({ text: cell, isCode }) => (isCode ? `\`${cell}\`` : cell))))].join('\n');
	});
}
