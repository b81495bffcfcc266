/** Drover as an image, built as a reader builds it, by the rig's own engine and without a network: Debian's packages are in the image that it starts from. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeBundle } from '../../../scripts/bundle.ts';
import { makeDebianRoot } from '../images/build-images.ts';
import { run } from '../command.ts';
import type { Rig } from '../rig.ts';

const root = join(import.meta.dirname, '../../..');

/** What an old engine lets a container ask of the kernel. */
export const oldProfile = join(import.meta.dirname, 'seccomp-1.13.json');

/** Builds the image `drover` on an engine. The base stands for `debian:11-slim`, which is Debian's smallest system as well. */
export async function buildDroverImage({ docker, env, folder }: Pick<Rig, 'docker' | 'env' | 'folder'>): Promise<void> {
	const base = 'drover-rig/debian:11';
	await docker('import', await makeDebianRoot(), base);
	const context = folder();
	for (const folder of ['archive', 'scripts']) mkdirSync(join(context, folder));
	for (const file of ['Dockerfile', '.dockerignore', 'scripts/statx.c']) copyFileSync(join(root, file), join(context, file));
	await makeBundle(root, join(context, 'archive'));
	// The classic builder, which every engine has.
	await run('docker', ['build', '--quiet', '--network', 'none', '--build-arg', `BASE=${base}`, '--tag', 'drover', context], { env: { ...env, DOCKER_BUILDKIT: '0' } });
}
