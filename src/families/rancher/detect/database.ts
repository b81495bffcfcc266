import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { databaseParameters, serverFlags } from '../server-flags.ts';
import { readDefaultLinks, readLinks } from './network-options.ts';
import type { FoundParameter } from '../parameters.ts';
import type { Notes } from './notes.ts';
import { readEnvironment, type ContainerStart } from './start.ts';
import { takeVariable, type OwnVariables } from './variables.ts';

/** How an external database is told to the server. `words`: by flags behind a shell or another program. */
export type DatabaseSource = 'flag' | 'words' | 'variable' | 'url' | 'link';

const hostVariable = 'CATTLE_DB_CATTLE_MYSQL_HOST';
/** What a link named `mysql` puts into the environment; somebody may have set it by hand. */
const linkVariable = 'MYSQL_PORT_3306_TCP_ADDR';
const urlVariables = ['CATTLE_DB_CATTLE_MYSQL_URL', 'CATTLE_DB_LIQUIBASE_MYSQL_URL'] as const;

/**
 * Finds out whether the database is elsewhere, and by what. A flag sets its variable, to nothing as well; an empty host is that of a link, and without one the image starts its own
 * MySQL. `localhost` means the container, unless that has the network of its host.
 *
 * Source: rancher/rancher, `server/bin/entry`; `server/artifacts/cattle.sh`, setup_mysql(); rancher/rancher#1555 (link).
 */
export function findDatabase(container: ContainerDocument, start: ContainerStart): DatabaseSource | undefined {
	const environment = environmentOf(container, start);
	const [flag, variable] = [start.values.get('db_host'), environment.get(hostVariable) ?? ''];
	if (start.open.has('db_host')) return 'words';
	const host = flag ?? variable;
	if (host !== '' && !isHere(container, host)) return flag === undefined ? 'variable' : start.how === 'plain' || start.how === 'broken' ? 'flag' : 'words';
	if (environment.get(urlVariables[0])) return 'url';
	if (host !== '') return undefined;
	if (environment.get(linkVariable)) return 'variable';
	return findLink(container) === undefined ? undefined : 'link';
}

function isHere(container: ContainerDocument, host: string): boolean {
	return host === 'localhost' && container.host.read('NetworkMode', shape.text) !== 'host';
}

/** Its own variables, with those that are set on the way to the server. */
function environmentOf(container: ContainerDocument, { variables }: ContainerStart): ReadonlyMap<string, string> {
	return new Map([...readEnvironment(container), ...variables]);
}

/** The link whose alias gives the server its database: in the default network alone, where links are variables. Source: docker run, "--link"; "Legacy container links". */
export function findLink(container: ContainerDocument): string | undefined {
	return readDefaultLinks(container).find((link) => link.endsWith(':mysql'));
}

/** The host of the database that a server uses, as far as it can be known; empty for one inside the container. */
export function databaseHostOf(container: ContainerDocument, start: ContainerStart): string {
	const environment = environmentOf(container, start);
	const source = findDatabase(container, start);
	if (source === undefined) return '';
	if (source === 'link') return 'mysql';
	if (source === 'url') return parseUrl(environment.get(urlVariables[0]) ?? '')?.['db_host'] ?? '';
	return start.values.get('db_host') || environment.get(hostVariable) || environment.get(linkVariable) || '';
}

/** Takes the five values over, by flag before by variable, as the image itself has it. Where words tell them, they stay in the words as well. */
export function carryDatabase(container: ContainerDocument, source: DatabaseSource, start: ContainerStart, own: OwnVariables, notes: Notes): void {
	const environment = environmentOf(container, start);
	const byUrl = source === 'url' ? parseUrl(environment.get(urlVariables[0]) ?? '') : undefined;
	noteSource(container, source, environment, notes);
	const fallback: Readonly<Record<string, string | undefined>> = source === 'link' ? { db_host: 'mysql' } : { ...byUrl };
	const isByWords = start.how !== 'plain' && start.how !== 'broken';
	for (const parameter of databaseParameters as readonly FoundParameter[]) {
		const { flag, variable = '' } = serverFlags.find((one) => one.parameter === parameter) ?? {};
		if (start.open.has(parameter)) {
			notes.warn('words-open', { flag: flag ?? '' });
			continue;
		}
		const byVariable = isByWords ? environment.get(variable) || undefined : takeVariable(own, variable);
		const value = start.values.get(parameter) || byVariable || (parameter === 'db_host' ? environment.get(linkVariable) : undefined) || fallback[parameter];
		if (value) notes.set(parameter, value);
		if (parameter === 'db_password' && value) notes.warn('password-readable', { place: start.values.has(parameter) ? '--db-pass' : variable });
	}
	if (isByWords) notes.set('db_style', 'words');
	else if (source === 'flag' || source === 'variable') notes.set('db_style', source === 'flag' ? 'flags' : 'env');
	if (start.values.has('db_strict')) notes.set('db_strict', 'true');
}

function noteSource(container: ContainerDocument, source: DatabaseSource, environment: ReadonlyMap<string, string>, notes: Notes): void {
	if (source === 'flag') notes.reason('external-by-flag', {});
	if (source === 'words') notes.reason('external-by-words', {});
	if (source === 'variable') notes.reason('external-by-variable', { variable: environment.get(hostVariable) ? hostVariable : linkVariable });
	if (source === 'url') {
		notes.reason('external-by-url', { variable: urlVariables[0] });
		notes.warn('url-database', { variable: urlVariables[0] });
	}
	if (source === 'link') {
		const link = findLink(container) ?? '';
		notes.reason('external-by-link', { link });
		notes.warn('link-legacy', { link });
	}
}

/** `jdbc:mysql://host:3306/cattle?user=…`, by the parameters of the form. Source: MySQL Connector/J, "Connection URL Syntax"; of several hosts the first. */
function parseUrl(url: string): Readonly<Record<string, string | undefined>> | undefined {
	const match = /^jdbc:(?:mysql|mariadb)(?::[a-z]{1,20})?:\/\/(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::(\d{1,5}))?(?:,[^/?]{0,1000})?(?:\/([A-Za-z0-9_.@-]{1,64}))?(?:\?(.*))?$/.exec(url);
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
export function carryInnerDatabase(container: ContainerDocument, start: ContainerStart, own: OwnVariables, notes: Notes): void {
	const link = readLinks(container).find((one) => one.endsWith(':mysql'));
	if (link !== undefined) notes.warn('link-without-address', { link });
	if (own.get(hostVariable) === 'localhost') notes.warn('host-localhost', { variable: hostVariable });
	if (start.how !== 'plain') return;
	for (const { flag, parameter, variable } of serverFlags) {
		const value = start.values.get(parameter);
		if (value === undefined) continue;
		if (variable !== undefined && parameter.startsWith('db_')) own.set(variable, value);
		else notes.warn('flag-without-database', { flag });
	}
}
