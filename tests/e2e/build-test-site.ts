import { buildSite } from '../../server/site/build-site.ts';
import { ensureSite } from '../../server/site/ensure-site.ts';
import { root, testContent, testSite } from './site-folder.ts';

/** Builds the site of the test's runbooks, and the manual's when it has changed, once: a site that is built anew under a page that is open loses that page its parts. */
export default async function build(): Promise<void> {
	await ensureSite(root);
	await buildSite({ root, content: testContent, out: testSite });
}
