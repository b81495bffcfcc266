import { once } from 'node:events';
import { closeSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openToRead } from '../state/durable.ts';
import { checkPrivateFolder } from '../state/private-folder.ts';
import { errorCode, explainFailure } from '../state/state-error.ts';
import { ControlAnswer, controlFile, ControlPlace, type ControlRequest } from './protocol.ts';

/** How long a Drover is given to answer. */
const answerMs = 5_000;

/** Asks the Drover that runs on a state directory; undefined when there is none. @throws StateError when the folder is not closed to others */
export async function askControl(folder: string, request: ControlRequest): Promise<ControlAnswer | undefined> {
	const place = readPlace(folder);
	if (place === undefined) return undefined;
	const socket = connect(place);
	const signal = AbortSignal.timeout(answerMs);
	try {
		await once(socket, 'connect', { signal });
		const lines = createInterface({ input: socket });
		socket.write(`${JSON.stringify(request)}\n`);
		const [line] = (await once(lines, 'line', { signal })) as [string];
		return ControlAnswer.parse(JSON.parse(line));
	} catch (error) {
		// The socket of a Drover that was killed, or one that does not answer.
		if (['ECONNREFUSED', 'ENOENT', 'ABORT_ERR'].includes(errorCode(error))) return undefined;
		throw error;
	} finally {
		socket.destroy();
	}
}

/** The socket that a state directory names; undefined when it names none. @throws StateError */
export function readPlace(folder: string): string | undefined {
	try {
		checkPrivateFolder(folder);
		const fd = openToRead(join(folder, controlFile));
		try {
			return ControlPlace.parse(JSON.parse(readFileSync(fd, 'utf8'))).socket;
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		if (errorCode(error) === 'ENOENT') return undefined;
		throw explainFailure(folder, error);
	}
}
