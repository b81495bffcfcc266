/** What is missing for `npm run real`. */
import { dockerVersionsFormat, findTooOldDocker, oldestDocker } from '../../src/runbook/command/oldest-docker.ts';
import type { Docker } from './observe.ts';

export const images = ['rancher/server:v1.6.14', 'rancher/server:v1.6.30'] as const;

/** One sentence that says what is missing and what to do; undefined where everything is there. */
export async function whatIsMissing(docker: Docker): Promise<string | undefined> {
	let versions: string;
	try {
		versions = await docker('version', '--format', dockerVersionsFormat);
	} catch (error) {
		return `no Docker engine answers here (${firstLine(error)}): run it on a machine with Docker ${oldestDocker} or later, as a user who may use it.`;
	}
	const old = findTooOldDocker(versions);
	if (old) return `the Docker ${old.part} is ${old.version}: ${oldestDocker} or later is needed.`;
	const absent: string[] = [];
	for (const image of images) await docker('image', 'inspect', '--format', '{{.Id}}', image).catch(() => absent.push(image));
	if (absent.length > 0) return `${absent.join(' and ')} ${absent.length > 1 ? 'are' : 'is'} not on this engine: pull or load the real ${absent.length > 1 ? 'images' : 'image'} first.`;
	const left = await docker('ps', '--all', '--filter', 'name=^/drover-real', '--format', '{{.Names}}');
	if (left !== '') return `containers of an earlier attempt are still there (${left.replaceAll('\n', ', ')}): look at them, then remove them with their volumes.`;
	return undefined;
}

/** The stand-in has a file that the real image has not. @throws Error for a stand-in: what it shows is known. */
export async function refuseStandIn(docker: Docker, image: string): Promise<void> {
	const said = await docker('run', '--rm', '--network=none', '--entrypoint', 'ls', image, '/usr/lib/rancher/release.json').catch(() => '');
	if (said !== '') throw new Error(`${image} is the rig's stand-in, not the real image.`);
}

function firstLine(error: unknown): string {
	const text = error instanceof Error && 'stderr' in error && String(error.stderr).trim() !== '' ? String(error.stderr) : String(error instanceof Error ? error.message : error);
	return text.trim().split('\n')[0] ?? '';
}
