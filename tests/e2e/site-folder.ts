import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '../..');
/** The built manual. */
export const ownSite = join(root, 'dist');
/** Runbooks and pages for tests. */
export const testContent = join(import.meta.dirname, 'content');
/** Where the site of the tests is built, once a run of Playwright: two checkouts do not meet there. */
export const testSite = process.env['DROVER_TEST_SITE'] ?? join(tmpdir(), `drover-test-site-${createHash('sha256').update(`${process.getuid?.() ?? 0} ${root}`).digest('hex').slice(0, 12)}`);
