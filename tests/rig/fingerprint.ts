/** All rows of a server's database that must be there after an upgrade as they were before it. */
import type { Ask, DatabaseAt } from './sql.ts';

/** Columns that no migration changes, by table. A table of another name before 1.2 is known under the later one. */
const columns = {
	account: ['id', 'name', 'kind', 'uuid', 'description', 'state', 'created'],
	// Its state follows the pings of the server that runs.
	agent: ['id', 'name', 'uuid', 'uri'],
	container_event: ['id', 'name', 'uuid', 'host_id', 'external_status'],
	credential: ['id', 'name', 'account_id', 'kind', 'uuid', 'public_value', 'secret_value', 'state'],
	host: ['id', 'name', 'account_id', 'uuid', 'agent_id', 'state', 'data'],
	service: ['id', 'name', 'account_id', 'uuid', 'stack_id', 'scale', 'state'],
	setting: ['name', 'value'],
	stack: ['id', 'name', 'account_id', 'uuid', 'description', 'external_id', 'state', 'data'],
} as const;

/** One text a row, by table. Two of them are equal when nothing was lost and nothing was added. */
export type Fingerprint = Readonly<Record<string, readonly string[]>>;

/** @throws Error when the database cannot be reached or is none of Rancher's. */
export async function takeFingerprint(ask: Ask, at: DatabaseAt): Promise<Fingerprint> {
	const tables = await ask(at, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('stack', 'environment');");
	const isOld = !tables.includes('stack');
	// All at once: each question is a process in a container.
	const questions = Object.entries(columns).map(([table, names]) => {
		const from = isOld && table === 'stack' ? 'environment' : table;
		const picked = names.map((name) => (isOld && name === 'stack_id' ? 'environment_id' : name)).join(', ');
		return `SELECT CONCAT('${table} ', JSON_ARRAY(${picked})) FROM ${from}${table === 'account' ? " WHERE kind NOT IN ('agent', 'registeredAgent')" : ''} ORDER BY ${picked};`;
	});
	const rows = await ask(at, questions.join('\n'));
	return Object.fromEntries(Object.keys(columns).map((table) => [table, rows.filter((row) => row.startsWith(`${table} `)).map((row) => row.slice(table.length + 1))]));
}
