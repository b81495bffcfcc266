import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { databaseParameters, serverFlags, type ServerArguments } from '../server-flags.ts';
import { readLinks } from './network-options.ts';
import type { FoundParameter } from '../parameters.ts';
import type { Notes } from './notes.ts';
import { takeVariable, type OwnVariables } from './variables.ts';

/** How an external database is told to the server. */
export type DatabaseSource = 'flag' | 'variable' | 'url' | 'link';

const hostVariable = 'CATTLE_DB_CATTLE_MYSQL_HOST';
const urlVariables = ['CATTLE_DB_CATTLE_MYSQL_URL', 'CATTLE_DB_LIQUIBASE_MYSQL_URL'] as const;

/**
 * Finds out whether the database is elsewhere, and by what. `localhost` in the variable means the image's own MySQL, unless the container has the network of its host.
 *
 * Source: rancher/rancher, `server/artifacts/cattle.sh`, setup_mysql(); rancher/rancher#1555 (link).
 */
export function findDatabase(container: ContainerDocument, flags: ServerArguments, own: OwnVariables): DatabaseSource | undefined {
	const host = own.get(hostVariable) ?? '';
	const isHere = host === 'localhost' && container.host.read('NetworkMode', shape.text) !== 'host';
	if (flags.values.get('db_host')) return 'flag';
	if (host !== '' && !isHere) return 'variable';
	if (own.get(urlVariables[0])) return 'url';
	return host === '' && findLink(container) !== undefined ? 'link' : undefined;
}

/** The link whose alias gives the server its database. */
export function findLink(container: ContainerDocument): string | undefined {
	return readLinks(container).find((link) => link.endsWith(':mysql'));
}

/** Takes the five values over, by flag before by variable, as the image itself has it. */
export function carryDatabase(container: ContainerDocument, source: DatabaseSource, flags: ServerArguments, own: OwnVariables, notes: Notes): void {
	const url = parseUrl(own.get(urlVariables[0]) ?? '');
	if (source === 'flag') notes.reason('external-by-flag', {});
	if (source === 'variable') notes.reason('external-by-variable', { variable: hostVariable });
	if (source === 'url') noteUrl(notes);
	if (source === 'link') noteLink(container, notes);
	const byUrl = source === 'url' ? url : undefined;
	const fallback: Readonly<Record<string, string | undefined>> = source === 'link' ? { db_host: 'mysql' } : { ...byUrl };
	for (const parameter of databaseParameters as readonly FoundParameter[]) {
		const variable = serverFlags.find((one) => one.parameter === parameter)?.variable ?? '';
		const byVariable = takeVariable(own, variable);
		const value = flags.values.get(parameter) || byVariable || fallback[parameter];
		if (value) notes.set(parameter, value);
		if (parameter === 'db_password' && value) notes.warn('password-readable', { place: flags.values.has(parameter) ? '--db-pass' : variable });
	}
	if (source === 'flag' || source === 'variable') notes.set('db_style', source === 'flag' ? 'flags' : 'env');
	if (flags.values.has('db_strict')) notes.set('db_strict', 'true');
}

function noteUrl(notes: Notes): void {
	notes.reason('external-by-url', { variable: urlVariables[0] });
	notes.warn('url-database', { variable: urlVariables[0] });
}

function noteLink(container: ContainerDocument, notes: Notes): void {
	const link = findLink(container) ?? '';
	notes.reason('external-by-link', { link });
	notes.warn('link-legacy', { link });
}

/** `jdbc:mysql://host:3306/cattle?user=…`, by the parameters of the form. Source: MySQL Connector/J, "Connection URL Syntax", with one host. */
function parseUrl(url: string): Readonly<Record<string, string | undefined>> | undefined {
	const match = /^jdbc:(?:mysql|mariadb):\/\/(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::(\d{1,5}))?(?:\/([A-Za-z0-9_.@-]{1,64}))?(?:\?(.*))?$/.exec(url);
	if (match?.[1] === undefined) return undefined;
	const settings = new Map((match[4] ?? '').split('&').map((pair) => [pair.split('=', 1)[0] ?? '', decode(pair.slice(pair.indexOf('=') + 1))]));
	return { db_host: match[1].replace(/^\[|\]$/g, ''), db_port: match[2], db_name: match[3], db_user: settings.get('user'), db_password: settings.get('password') };
}

function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** A server with its own MySQL may have another user and name there: by flags those become variables, which say the same. */
export function carryInnerDatabase(flags: ServerArguments, own: OwnVariables, notes: Notes): void {
	for (const { flag, parameter, variable } of serverFlags) {
		const value = flags.values.get(parameter);
		if (value === undefined) continue;
		if (variable !== undefined && parameter.startsWith('db_')) own.set(variable, value);
		else notes.warn('flag-without-database', { flag });
	}
}
