/**
 * The releases of Rancher Server that the rig stands in for, read from the sources of each and not from the product's own table: what the product believes is
 * held against it.
 *
 * Source: rancher/rancher, `server/Dockerfile` at each tag; rancher/cattle, `cattle-global.properties` and `changelog.xml` at the version named there.
 */
export interface Release {
	readonly version: string;
	readonly cattle: string;
	readonly agent: string;
	/** Load balancer of 1.2 and later; before, an agent instance that did networking and balancing. */
	readonly balancer: string;
	readonly cli: string;
	readonly compose: string;
	readonly ui: string;
	/** Number of the last change set file, `core-NNN.xml`. */
	readonly schema: number;
}

// prettier-ignore
const rows: readonly (readonly [string, string, string, string, string, string, string, number])[] = [
	['v1.0.2', 'v0.159.8', 'v1.0.1', 'agent-instance:v0.8.1', '', 'v0.7.4', '1.0.5', 83],
	['v1.1.4', 'v0.165.8.4', 'v1.0.2', 'agent-instance:v0.8.3', '', 'v0.8.6', '1.1.14', 89],
	['v1.2.4', 'v0.174.16', 'v1.1.2', 'lb-service-haproxy:v0.4.6', 'v0.4.1', 'v0.12.1', '1.2.40', 107],
	['v1.3.5', 'v0.175.11', 'v1.1.3', 'lb-service-haproxy:v0.4.9', 'v0.4.1', 'v0.12.1', '1.3.6', 108],
	['v1.4.3', 'v0.176.11', 'v1.2.0', 'lb-service-haproxy:v0.5.9', 'v0.4.1', 'v0.12.2', '1.4.9', 112],
	['v1.5.10', 'v0.178.14', 'v1.2.2', 'lb-service-haproxy:v0.6.4', 'v0.5.3', 'v0.12.5', '1.5.9', 121],
	['v1.6.0', 'v0.179.7', 'v1.2.2', 'lb-service-haproxy:v0.7.1', 'v0.6.0', 'v0.12.5', '1.6.1', 121],
	['v1.6.10', 'v0.183.22', 'v1.2.6', 'lb-service-haproxy:v0.7.9', 'v0.6.4', 'v0.12.5', '1.6.23', 122],
	['v1.6.11', 'v0.183.30', 'v1.2.7', 'lb-service-haproxy:v0.7.15', 'v0.6.5', 'v0.12.5', '1.6.30', 122],
	['v1.6.14', 'v0.183.37', 'v1.2.9', 'lb-service-haproxy:v0.7.15', 'v0.6.7', 'v0.12.5', '1.6.37', 123],
	['v1.6.19', 'v0.183.59', 'v1.2.11-rc1', 'lb-service-haproxy:v0.9.3', 'v0.6.11', 'v0.12.5', '1.6.45', 124],
	['v1.6.28', 'v0.183.79', 'v1.2.11', 'lb-service-haproxy:v0.9.11', 'v0.6.13', 'v0.12.5', '1.6.50', 124],
	['v1.6.30', 'v0.183.83', 'v1.2.11', 'lb-service-haproxy:v0.9.14', 'v0.6.14', 'v0.12.5', '1.6.52', 124],
];

export const releases: readonly Release[] = rows.map(([version, cattle, agent, balancer, cli, compose, ui, schema]) => ({
	version,
	cattle,
	agent,
	balancer,
	cli,
	compose,
	ui,
	schema,
}));

/** Tags that move. The registry of the rig says where they stand. */
export const movingTags: Readonly<Record<string, string>> = { latest: 'v1.6.30', stable: 'v1.6.28' };

/** Compares two versions of the form `v1.6.30`: negative when the first is the older. */
export function compareVersions(a: string, b: string): number {
	const [left, right] = [a, b].map((version) => version.slice(1).split(/[.-]/).map(Number));
	for (let part = 0; part < 3; part++) {
		const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}
