/**
 * The flags that `rancher/server` takes after its name, and their twins among environment variables.
 *
 * Source: rancher/rancher, `server/bin/entry` at v1.2.0 to v1.6.30. Images before 1.2 have no such script and know variables only.
 */
import { isAtLeast } from './tags.ts';

export interface ServerFlag {
	readonly flag: string;
	/** The parameter of the form that it carries. */
	readonly parameter: string;
	/** The variable that the flag sets. */
	readonly variable?: string;
	/** A switch has no value. */
	readonly isSwitch?: true;
	readonly since: string;
}

export const serverFlags: readonly ServerFlag[] = [
	{ flag: '--db-host', parameter: 'db_host', variable: 'CATTLE_DB_CATTLE_MYSQL_HOST', since: 'v1.2.0' },
	{ flag: '--db-port', parameter: 'db_port', variable: 'CATTLE_DB_CATTLE_MYSQL_PORT', since: 'v1.2.0' },
	{ flag: '--db-user', parameter: 'db_user', variable: 'CATTLE_DB_CATTLE_USERNAME', since: 'v1.2.0' },
	{ flag: '--db-pass', parameter: 'db_password', variable: 'CATTLE_DB_CATTLE_PASSWORD', since: 'v1.2.0' },
	{ flag: '--db-name', parameter: 'db_name', variable: 'CATTLE_DB_CATTLE_MYSQL_NAME', since: 'v1.2.0' },
	{ flag: '--db-strict-enforcing', parameter: 'db_strict', isSwitch: true, since: 'v1.6.11' },
	{ flag: '--advertise-address', parameter: 'nodes', variable: 'CATTLE_CLUSTER_ADVERTISE_ADDRESS', since: 'v1.2.0' },
	{ flag: '--advertise-http-port', parameter: 'advertise_http_port', variable: 'CATTLE_CLUSTER_ADVERTISE_HTTP_PORT', since: 'v1.2.0' },
];

/** The five values that make a database, in the order of the flags. */
export const databaseParameters = serverFlags.filter(({ flag, isSwitch }) => flag.startsWith('--db-') && !isSwitch).map(({ parameter }) => parameter);

/** Whether the image of a tag understands flags at all. */
export function knowsFlags(tag: string): boolean {
	return isAtLeast(tag, 'v1.2.0');
}

/** Whether it understands `--db-strict-enforcing`; an older one takes it for a program to start, and ends. */
export function knowsStrict(tag: string): boolean {
	return isAtLeast(tag, 'v1.6.11');
}

export interface ServerArguments {
	/** Values by parameter; a switch is `true`. The last of a flag counts. */
	readonly values: ReadonlyMap<string, string>;
	/** From the first word on that is no flag: the script would run these words instead of the server. */
	readonly unknown: readonly string[];
	/** A flag that ends the line, its value missing. */
	readonly unfinished: string | undefined;
}

const byFlag = new Map(serverFlags.map((one) => [one.flag, one]));

/** What the image starts when it is given no words. Source: rancher/rancher, `server/Dockerfile`, CMD. */
export const standardCommand = ['/usr/bin/s6-svscan', '/service'];

/** Reads words as the image's own script does: by position, a value is whatever follows its flag. */
export function parseServerArguments(words: readonly string[]): ServerArguments {
	const values = new Map<string, string>();
	for (let at = 0; at < words.length; at += 1) {
		const known = byFlag.get(words[at] ?? '');
		if (!known) return { values, unknown: isStandard(words.slice(at)) ? [] : words.slice(at), unfinished: undefined };
		if (known.isSwitch) values.set(known.parameter, 'true');
		else if (at + 1 === words.length) return { values, unknown: [], unfinished: known.flag };
		else values.set(known.parameter, words[(at += 1)] ?? '');
	}
	return { values, unknown: [], unfinished: undefined };
}

function isStandard(words: readonly string[]): boolean {
	return words.length === standardCommand.length && words.every((word, index) => word === standardCommand[index]);
}
