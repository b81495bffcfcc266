/** What was packed has its pages with it, and builds none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureSite } from '../../server/site/ensure-site.ts';
import { stampFile } from '../../server/site/stamp.ts';
import { makeFolder } from '../server/make-folder.ts';

test('packed pages are served as they are, whatever else is in the folder', async () => {
	const root = makeFolder();
	mkdirSync(join(root, 'dist'));
	writeFileSync(join(root, 'dist', stampFile), 'of the checkout that it was packed from');

	expect(await ensureSite(root)).toBe(join(root, 'dist'));
});

test('packed pages that are missing are said to be, by name', async () => {
	const root = makeFolder();

	await expect(ensureSite(root)).rejects.toMatchObject({ problems: [{ name: 'site.missing', slots: { folder: join(root, 'dist') } }] });
});
