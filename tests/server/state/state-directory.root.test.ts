import { chownSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStateDirectory } from '../../../server/state/state-directory.ts';
import { makeFolder } from '../make-folder.ts';

test("somebody else's folder is refused", () => {
	const path = makeFolder();
	chownSync(path, 65534, 65534);

	const opening = openStateDirectory(path);

	expect(opening).toMatchObject({ kind: 'unavailable', error: { problem: 'state.not-ours' } });
});
