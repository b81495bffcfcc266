/** What is known of each release, by its tag. */
import { releaseRows } from './release-rows.ts';
import { compareTags } from './tags.ts';

export interface Release {
	readonly tag: string;
	/** Day of the release, `YYYY-MM-DD`. */
	readonly date: string;
	/** Version of the engine inside. */
	readonly cattle: string;
	/** Image that hosts run as their agent. */
	readonly agent: string;
	/** Image of load balancers; before 1.2 they were agent instances. */
	readonly loadBalancer: string | undefined;
	/** Image of network agents, before 1.2 only. */
	readonly agentInstance: string | undefined;
	/** Version of the `rancher` command that it offers, from 1.2 on. */
	readonly cli: string | undefined;
	/** Number of the last change set of its database: 124 stands for `core-124`. */
	readonly schema: number;
}

const imageOf = (repository: string, tag: string) => (tag === '' ? undefined : `${repository}:${tag}`);

/** Every release, oldest version first. */
export const releases: readonly Release[] = releaseRows.map(([tag, date, cattle, agent, loadBalancer, agentInstance, cli, schema]) => ({
	tag,
	date,
	cattle,
	agent: `rancher/agent:${agent}`,
	loadBalancer: imageOf('rancher/lb-service-haproxy', loadBalancer),
	agentInstance: imageOf('rancher/agent-instance', agentInstance),
	cli: cli === '' ? undefined : cli,
	schema,
}));

const byTag = new Map(releases.map((release) => [release.tag, release]));

/** The last release of the 1.x line. Source: https://github.com/rancher/rancher/releases/tag/v1.6.30 */
export const lastRelease = 'v1.6.30';

export function releaseOf(tag: string): Release | undefined {
	return byTag.get(tag);
}

/** The agent image that a server of this tag asks of its hosts, without registry; undefined when the tag is no known release. */
export function agentImageOf(tag: string): string | undefined {
	return releaseOf(tag)?.agent;
}

/** Returns the image of the load balancers, before 1.2 of the agent instances, that a release makes; undefined when it is none of the matrix. */
export function balancerImageOf(tag: string): string | undefined {
	const release = releaseOf(tag);
	return release?.loadBalancer ?? release?.agentInstance;
}

/** Bounds of the schema of a tag, the same number twice when it is certain. A tag between two releases has a schema between theirs: it only ever grew. */
export function schemaRangeOf(tag: string): readonly [least: number, most: number] | undefined {
	const exact = releaseOf(tag);
	if (exact) return [exact.schema, exact.schema];
	const below = releases.findLast((release) => (compareTags(release.tag, tag) ?? 1) <= 0);
	const above = releases.find((release) => (compareTags(release.tag, tag) ?? -1) >= 0);
	return below && above ? [below.schema, above.schema] : undefined;
}

/** The schema of a tag, where it is certain. */
export function schemaOf(tag: string): number | undefined {
	const [least, most] = schemaRangeOf(tag) ?? [];
	return least === most ? least : undefined;
}

/**
 * Whether the schema differs between two tags. Two of the same number read and write the same database; where it differs an older server
 * runs on a newer schema by luck only, because there are no migrations back.
 *
 * Source: rancher/cattle, `resources/content/db/`: change sets without rollback.
 */
export function schemaMoves(a: string, b: string): 'yes' | 'no' | 'unknown' {
	const [one, other] = [schemaRangeOf(a), schemaRangeOf(b)];
	if (!one || !other) return 'unknown';
	if (one[1] < other[0] || other[1] < one[0]) return 'yes';
	return one[0] === one[1] && other[0] === other[1] ? 'no' : 'unknown';
}

/**
 * Tables that grow with what a Rancher does, and the files of change sets that touch them.
 *
 * Source: rancher/cattle v0.183.83, `resources/content/db/core-084.xml` to `core-124.xml`, without what is for H2 alone (core-101). No file touches `service_event`.
 */
const touchedTables: Readonly<Record<string, readonly number[]>> = {
	audit_log: [84],
	volume: [85, 94, 97, 98],
	instance: [98, 100, 113],
	process_instance: [104, 110],
	container_event: [124],
};

/** The growing tables that a migration between two tags touches, sorted by name; all that may be when the schema of a tag is not known for certain. */
export function migratedTables(old: string, next: string): string[] {
	const [from, to] = [schemaRangeOf(old)?.[0] ?? 0, schemaRangeOf(next)?.[1] ?? Infinity];
	return Object.entries(touchedTables).filter(([, files]) => files.some((file) => file > from && file <= to)).map(([table]) => table).sort();
}
