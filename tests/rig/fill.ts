/** What an old server holds before it is upgraded: accounts, keys, environments, hosts, stacks, services, settings, history; with every kind of text in it. */
import { createHash } from 'node:crypto';
import { compareVersions, releases } from './images/releases.ts';
import { quoteSql } from './sql.ts';

export interface ApiKey {
	readonly accessKey: string;
	readonly secretKey: string;
}

/** Keys that `fillStatements` puts into a server. The admin may change settings, the user may not. */
export const apiKeys = {
	admin: { accessKey: 'C0FFEE0000000000ADM1', secretKey: 'aDm1n-s3cret-Zq8vK2mN5xR7tW9yB4dF6hJ' },
	user: { accessKey: 'C0FFEE0000000000USR1', secretKey: 'uS3r-s3cret-Lp3kM8nQ2wE5rT7yU1iO9aS' },
} as const satisfies Record<string, ApiKey>;

/** Names of the default environment's infrastructure stacks, from 1.2 on. */
export const infrastructureStacks = ['network-services', 'ipsec', 'scheduler', 'healthcheck'] as const;

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** Returns SQL that fills the database of a server of that version. */
export function fillStatements(version: string, accessControl: boolean): string {
	const isOld = compareVersions(version, 'v1.2.0') < 0;
	const [stack, stackId] = isOld ? ['environment', 'environment_id'] : ['stack', 'stack_id'];
	return [
		...accounts.map((row) => insert('account', row)),
		...credentials.map((row) => insert('credential', row)),
		...settings.map(([name, value]) => insert('setting', { name, value })),
		`UPDATE setting SET value = '${accessControl}' WHERE name = 'api.security.enabled';`,
		...hosts.flatMap(([agent, host]) => [insert('agent', agent), insert('host', host)]),
		...labels(version),
		...(isOld ? [] : infrastructureOf(version).map((row) => insert('stack', row))),
		...(isOld ? [] : ['UPDATE stack SET `system` = 1;']),
		...userStacks.map((row) => insert(stack, row)),
		...services.map(({ stack_id, ...row }) => insert('service', { ...row, [stackId]: stack_id })),
		...history.map((row) => insert('container_event', row)),
	].join('\n');
}

function insert(table: string, row: Row): string {
	const values = Object.values(row).map((value) => (typeof value === 'string' ? quoteSql(value) : `${value}`));
	return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')});`;
}

const created = '2018-03-01 08:00:00';

function common(id: number, name: string, account: number | null, kind: string): Record<string, Value> {
	return { id, name, account_id: account, kind, uuid: `00000000-0000-4000-8000-${kind.length.toString(16).padStart(4, '0')}${id.toString(16).padStart(8, '0')}`, state: 'active', created };
}

const quoted = String.raw`O'Brien "Bo" \ back\slash %s ${'`'}tick${'`'} 🐂`;

const accounts: readonly Row[] = [
	{ ...common(7, '王小明', null, 'user'), description: '运维；值班「夜里」' },
	{ ...common(8, quoted, null, 'user'), description: 'line one\nline two\ttab' },
	{ ...common(9, '生产环境 🐄', null, 'project'), description: '' },
	// Of the agents of two containers, which come and go with them. Source: rancher/cattle v0.183.83, AgentCreate.java, AccountConstants.java.
	{ ...common(20, '', null, 'agent'), uuid: 'agentAccount20' },
	{ ...common(21, '', null, 'registeredAgent'), uuid: 'registeredAgent21' },
];

const credentials: readonly Row[] = [
	{ ...common(1, 'admin key', 1, 'apiKey'), public_value: apiKeys.admin.accessKey, secret_value: sha256(apiKeys.admin.secretKey) },
	{ ...common(2, '用户密钥', 7, 'apiKey'), public_value: apiKeys.user.accessKey, secret_value: sha256(apiKeys.user.secretKey) },
	{ ...common(3, 'registration', 5, 'registrationToken'), public_value: 'registrationToken', secret_value: 'a1b2c3d4' },
];

const settings: readonly (readonly [string, string])[] = [
	['api.host', 'http://rancher.example:8080'],
	['telemetry.opt', 'out'],
	['ui.pl', '牧道 "Rancher" 🤠'],
];

const hosts: readonly (readonly [Row, Row])[] = [
	[
		{ ...common(1, 'agent-1', null, 'agent'), uri: 'event:///instanceId=1' },
		{ ...common(1, '主机-一号', 5, 'docker'), agent_id: 1, physical_host_id: 1, data: '{"fields":{"labels":{"区域":"华东","quoted":"it\'s \\"fine\\""}}}' },
	],
	// A host has no name of its own until somebody renames it; what Rancher's pages show is what its agent reports.
	[{ ...common(2, 'agent-2', null, 'agent'), uri: 'event:///instanceId=2' }, { ...common(2, '', 5, 'docker'), name: null, agent_id: 2, physical_host_id: 2, data: '{"fields":{"hostname":"host-2.example","labels":{}}}' }],
];

/** What the agents of that version report of themselves. */
function labels(version: string): string[] {
	const agent = releases.find((release) => release.version === version)?.agent ?? '';
	const reported = { 'io.rancher.host.agent_image': `rancher/agent:${agent}`, 'io.rancher.host.docker_version': '17.03' };
	return [1, 2].flatMap((host) =>
		Object.entries(reported).flatMap(([key, value], at) => {
			const id = host + 10 * at;
			return [
				insert('label', { ...common(id, '', 5, 'label'), type: 'host', '`key`': key, value }),
				insert('host_label_map', { ...common(id, '', 5, 'hostLabelMap'), host_id: host, label_id: id }),
			];
		}),
	);
}

/** Folders of the catalog that a server of that version would have offered, and that a later one replaces. */
function infrastructureOf(version: string): Row[] {
	const recent = compareVersions(version, 'v1.6.0') >= 0;
	const folders = recent ? [compareVersions(version, 'v1.6.11') >= 0 ? 26 : 18, compareVersions(version, 'v1.6.11') >= 0 ? 15 : 0, 10, 4] : [0, 0, 0, 0];
	return infrastructureStacks.map((name, at) => ({
		...common(at + 1, name, 5, 'stack'),
		external_id: `catalog://library:infra*${name}:${folders[at]}`,
		health_state: 'healthy',
		data: JSON.stringify({ fields: { environment: name === 'ipsec' ? { MTU: '1400', RANCHER_DEBUG: 'false', NOTE: '保留："1400" {ok}' } : null } }),
	}));
}

const userStacks: readonly Row[] = [
	{ ...common(11, '网站-前端', 5, 'stack'), external_id: '', health_state: 'healthy', description: '面向客户；不要停' },
	{ ...common(12, quoted, 5, 'stack'), external_id: '', health_state: 'healthy' },
	{ ...common(13, 'billing', 9, 'stack'), external_id: '', health_state: 'healthy' },
];

const services: readonly (Row & { readonly stack_id: number })[] = [
	{ ...common(1, 'web', 5, 'service'), stack_id: 11, scale: 3, health_state: 'healthy' },
	{ ...common(2, '数据库', 5, 'service'), stack_id: 11, scale: 1, health_state: 'healthy' },
	{ ...common(3, 'invoices', 9, 'service'), stack_id: 13, scale: 2, health_state: 'healthy' },
];

const history: readonly Row[] = Array.from({ length: 50 }, (_, at) => ({ ...common(at + 1, `event-${at}`, 5, 'containerEvent'), host_id: 1 + (at % 2), external_status: 'start' }));

function sha256(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
