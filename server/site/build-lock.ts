/** One build of a project at a time: Astro keeps its map of the content in one file of the project, and two that write it end each other. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { takeKernelLock } from '../state/kernel-lock.ts';

/** How often a build that waits for another one tries again. The lock ends with its owner, however that ends. */
const retryMs = 100;

/** Does `work` when no other build of this project is under way. @throws StateError when nothing can be written there */
export async function whenNoOtherBuilds<T>(root: string, work: () => Promise<T>): Promise<T> {
	const path = join(root, 'node_modules', '.drover-build.lock');
	let lock = takeKernelLock(path);
	while (!lock) {
		await wait(retryMs);
		lock = takeKernelLock(path);
	}
	try {
		return await work();
	} finally {
		lock.close();
	}
}
