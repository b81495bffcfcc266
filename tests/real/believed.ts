/** What is believed of the real image, from the sources that `tests/rig/README.md` and the stand-in name. A test of the rig holds the stand-in to it; `npm run real` holds the real image to it. */
import type { Observed } from './observe.ts';

export const believed: readonly Observed[] = [
	{ about: 'volumes', observed: 'volume /var/lib/cattle, volume /var/lib/mysql, volume /var/log/mysql' },
	{ about: 'log of the first start', observed: 'Running mysql_install_db, Importing schema, Starting DB migration, DB migration done, Startup Succeeded, Listening on port 8081' },
	{ about: 'owner of the database', observed: '102:105' },
	{ about: 'the catalog is in a volume', observed: 'yes' },
	{ about: 'answer without a login', observed: '200' },
	{ about: 'agents\' accounts without a host', observed: '0' },
	{ about: 'lock of the migration', observed: '0' },
	{ about: 'a plain stop', observed: 'ends long before its time is over' },
	{ about: 'the same container starts again', observed: 'yes' },
	{ about: 'the database was shut down by a plain stop', observed: 'no' },
	{ about: 'last line of the database', observed: 'it is ready' },
];

export interface Difference extends Observed {
	readonly believed: string;
}

/** Where what was observed is not what is believed. */
export function differences(observed: readonly Observed[]): readonly Difference[] {
	return believed.flatMap(({ about, observed: expected }) => {
		const found = observed.find((one) => one.about === about)?.observed ?? 'not observed';
		return found === expected ? [] : [{ about, observed: found, believed: expected }];
	});
}
