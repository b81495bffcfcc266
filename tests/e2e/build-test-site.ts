import { buildSite } from '../../server/site/build-site.ts';
import { root, testContent, testSite } from './site-folder.ts';

/** Builds the site of the test's runbooks once. */
export default async function build(): Promise<void> {
	await buildSite({ root, content: testContent, out: testSite });
}
