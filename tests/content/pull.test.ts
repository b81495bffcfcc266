/** What Docker says when an image cannot be pulled, and which hint is shown for it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkHint } from '../../server/checks/run-checks.ts';
import { hintWords } from '../../src/content/content.ts';
import { readContent } from '../../src/content/read-content.ts';
import { furtherReadingOf } from '../../src/families/rancher/further-reading.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { isPassed } from '../../src/runbook/session/session.ts';
import { rulesOf } from '../../src/families/families.ts';

const family = readContent(join(import.meta.dirname, '../..')).families.find(({ id }) => id === 'rancher-1.6');

/** Both steps that pull: one image for this server, or all that a network without internet needs. */
const pulling = { 'single-container': 'pull', 'air-gap': 'pull-images' } as const;
type Pulling = keyof typeof pulling;
const names = Object.keys(pulling) as Pulling[];

function stepOf(name: Pulling) {
	const runbook = family?.runbooks.find(({ id }) => id === `rancher-1.6/${name}`);
	const step = runbook?.steps.find(({ id }) => id === pulling[name]);
	if (!runbook || !step) throw new RangeError(`There is no step that pulls in "${name}".`);
	return { runbook, step };
}

/** The hints that hold after a run that printed this. */
async function hintsOf(name: Pulling, printed: string): Promise<string[]> {
	const held: string[] = [];
	const { runbook, step } = stepOf(name);
	const resolved = resolve(runbook, rulesOf('rancher-1.6'), {});
	for (const [name, hint] of Object.entries(step.hints).filter(([, one]) => one.kind === 'printed')) {
		const { result } = await checkHint(hint, resolved, { step: step.id }, { folder: '.', signal: AbortSignal.timeout(60_000) }, () => Promise.resolve(printed));
		if (isPassed(result)) held.push(name);
	}
	return held;
}

const registry = 'https://registry-1.docker.io/v2/';
// As the client prints them. Sources: see the hints of "pull" in family.yaml.
test.each([
	[`Error response from daemon: Get "${registry}": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`, 'unreachable'],
	[`Error response from daemon: Get ${registry}: dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host`, 'unreachable'],
	[`Error response from daemon: Get "${registry}": dial tcp 54.198.86.24:443: i/o timeout`, 'unreachable'],
	[`Error response from daemon: Get "${registry}": net/http: TLS handshake timeout`, 'unreachable'],
	[`Error response from daemon: Get "${registry}": read tcp 10.0.0.5:50312->54.198.86.24:443: read: connection reset by peer`, 'unreachable'],
	[`Error response from daemon: Get "${registry}": EOF`, 'unreachable'],
	['Error response from daemon: failed to resolve reference "docker.io/rancher/server:v1.6.30": failed to do request: Head "https://registry-1.docker.io/v2/rancher/server/manifests/v1.6.30": dial tcp 54.198.86.24:443: connect: connection refused', 'unreachable'],
	['Error response from daemon: manifest for rancher/server:v1.6.99 not found: manifest unknown: manifest unknown', 'no-such-tag'],
	['Error response from daemon: manifest for rancher/server:v1.6.99 not found', 'no-such-tag'],
	['Error response from daemon: failed to resolve reference "docker.io/rancher/server:v1.6.99": docker.io/rancher/server:v1.6.99: not found', 'no-such-tag'],
	["Error response from daemon: pull access denied for corp/server, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", 'login'],
	['Error response from daemon: Get https://registry.corp/v2/rancher/server/manifests/v1.6.30: no basic auth credentials', 'login'],
	['Error response from daemon: Get https://registry.corp/v2/rancher/server/manifests/v1.6.30: unauthorized: authentication required', 'login'],
	['Error: image corp/server:v1.6.30 not found: does not exist or no pull access', 'login'],
	['toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit', 'rate-limit'],
	['Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit', 'rate-limit'],
	['Error response from daemon: Get "https://registry.corp/v2/": x509: certificate signed by unknown authority', 'certificate'],
	['Error response from daemon: Get "https://registry.corp/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2020-05-30T10:48:38Z', 'certificate'],
	['Error response from daemon: Get "https://registry.corp:5000/v2/": http: server gave HTTP response to HTTPS client', 'certificate'],
	['failed to register layer: Error processing tar file(exit status 1): write /usr/lib/jvm/java/rt.jar: no space left on device', 'disk-full'],
	['Error response from daemon: [DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled by default and will be removed in an upcoming release. Suggest the author of docker.io/rancher/server:v1.0.2 to upgrade the image to the OCI Format or Docker Image manifest v2, schema 2. More information at https://docs.docker.com/go/deprecated-image-specs/', 'old-format'],
	['Error response from daemon: not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.oci.image.manifest.v1+json"', 'old-format'],
])('%s', async (printed, hint) => {
	for (const name of names) expect(await hintsOf(name, `v1.6.30: Pulling from rancher/server\n${printed}\n`), name).toEqual([hint]);
});

test('both steps that pull have every reason that Docker prints, each with words of its own kind', () => {
	const printed = names.map((name) => Object.entries(stepOf(name).step.hints).flatMap(([hint, { kind }]) => (kind === 'printed' ? [hint] : [])));

	expect(printed[1]).toEqual(printed[0]);
	for (const words of Object.values(family?.words ?? {})) {
		for (const hint of printed[1] ?? []) {
			expect(hintWords(words, stepOf('air-gap').runbook, 'pull-images', hint)).toMatch(/[.。]$/);
			expect(furtherReadingOf('pull-images', hint)).toBe(furtherReadingOf('pull', hint));
		}
	}
});

test.each(names)('a pull that went well gives no hint by what it printed (%s)', async (name) => {
	expect(await hintsOf(name, 'v1.6.30: Pulling from rancher/server\nDigest: sha256:95b55603122c28baea4e8d94663aa34ad770bbc624a9ed6ef986fb3ea5224d91\nStatus: Downloaded newer image for rancher/server:v1.6.30\ndocker.io/rancher/server:v1.6.30\n')).toEqual([]);
});
