/** Questions to a database of the rig, asked from inside a container: of a running server, or of the database that stands by itself. */
import { run } from './command.ts';

/** Where a database is: behind a running server, or in a container of its own. */
export type DatabaseAt = { readonly container: string } | { readonly db: string; readonly name?: string };

/** Asks a database on some engine. Returns one text a row, columns with tabs between. */
export type Ask = (at: DatabaseAt, statements: string) => Promise<string[]>;

export function askWith(env: Readonly<Record<string, string>>): Ask {
	return async (at, statements) => {
		const answer = await run('docker', ['exec', '--interactive', ...programAt(at)], { env, input: statements });
		return answer === '' ? [] : answer.split('\n');
	};
}

function programAt(at: DatabaseAt): string[] {
	if ('container' in at) return [at.container, '/usr/lib/rancher/sql'];
	return [at.db, 'mysql', '-uroot', '--batch', '--raw', '--skip-column-names', '--default-character-set=utf8mb4', at.name ?? 'cattle'];
}

/** Writes a text as SQL does. */
export function quoteSql(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
