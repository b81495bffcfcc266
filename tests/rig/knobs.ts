/** What a test can change about the stand-in: how long things take, what fails. */
import { quoteSql, type Ask, type DatabaseAt } from './sql.ts';

/** Times are in seconds. The same names, in capitals and after `RIG_`, are variables of a container, which win. */
export interface Knobs {
	/** How long a migration takes in all, when there is anything to migrate. Default 0.3. */
	readonly migration_seconds?: number;
	/** The change set file that fails: `core-123`. */
	readonly fail_at?: string;
	/** How long a server waits for another's lock: of a container's first start, second, …. Default `5,30`. */
	readonly lock_seconds?: string;
	/** How long a stack is upgrading, finishing, cancelling, rolling back. Default 1. */
	readonly transition_seconds?: number;
	/** How long after a start the first pings of hosts have failed. Default 1. */
	readonly ping_seconds?: number;
	/** How long agents take from then until they are back. Default 1. */
	readonly agent_seconds?: number;
	/** Names of hosts that do not come back, with commas between. */
	readonly lost_hosts?: string;
	/** Stacks that are not healthy after an upgrade, with commas between. */
	readonly unhealthy_stacks?: string;
	/** Stacks that never get further than `upgrading`. */
	readonly stuck_stacks?: string;
	/** Stacks that never get further than `upgrading` either, and report an error. */
	readonly failing_stacks?: string;
	/** Whether the address of the catalog answers. Default true. */
	readonly catalog_reachable?: boolean;
}

export async function turnKnobs(ask: Ask, at: DatabaseAt, knobs: Knobs): Promise<void> {
	const rows = Object.entries(knobs).map(([name, value]) => `REPLACE INTO rig VALUES (${quoteSql(name)}, ${quoteSql(`${value}`)});`);
	await ask(at, ['CREATE TABLE IF NOT EXISTS rig (name VARCHAR(64) PRIMARY KEY, value VARCHAR(255) NOT NULL) ENGINE = InnoDB;', ...rows].join('\n'));
}
