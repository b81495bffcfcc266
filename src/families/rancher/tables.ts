/** Tables of the guide that are drawn from what is known of Rancher. Their words stand on the page that places them. */
import type { Cell, GuideTable } from '../family.ts';
import { dockerSupport } from './docker-support.ts';
import { infrastructureStacks } from './infrastructure-stacks.ts';
import { lastRelease, releases } from './releases.ts';
import { serverFlags } from './server-flags.ts';

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

export const tables: Readonly<Record<string, GuideTable>> = { releases: matrix, schemas, engines, flags, stacks };
