import { closeSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openToRead } from '../state/durable.ts';
import { checkPrivateFolder } from '../state/private-folder.ts';
import { errorCode, stateError } from '../state/state-error.ts';
import { Plan } from './files/run-files.ts';

/**
 * Returns what a run was meant to be; undefined when a crash came before that was written, so that nothing was ever promised.
 * @throws StateError for a folder that is a link, open to others, or holds something else.
 */
export function readPlan(folder: string): Plan | undefined {
	checkPrivateFolder(folder);
	const path = join(folder, 'plan.json');
	try {
		const fd = openToRead(path);
		try {
			const plan = Plan.parse(JSON.parse(readFileSync(fd, 'utf8')));
			if (plan.run !== basename(folder)) throw new RangeError('The plan is of another run.');
			return plan;
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return undefined;
		throw errorCode(error) ? error : stateError('state.failed', { path, code: 'damaged' }, error);
	}
}
