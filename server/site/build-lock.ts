/** One build of a project at a time: Astro keeps its map of the content in one file of the project, and two that write it end each other. */
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { takeKernelLock, type KernelLock } from '../state/kernel-lock.ts';
import { explainFailure, stateError } from '../state/state-error.ts';

/** How often a build that waits for another one tries again. The lock ends with its owner, however that ends. */
const retryMs = 100;

/** Does `work` when no other build of this project is under way. @throws StateError when nothing can be written there */
export async function whenNoOtherBuilds<T>(root: string, work: () => Promise<T>): Promise<T> {
	const path = join(root, 'node_modules', '.drover-build.lock');
	let lock = take(path);
	while (!lock) {
		await wait(retryMs);
		lock = take(path);
	}
	try {
		return await work();
	} finally {
		lock.close();
	}
}

/** Returns the lock, or undefined when somebody has it. In a checkout of another user it cannot be had, and no build could write. */
function take(path: string): KernelLock | undefined {
	try {
		return takeKernelLock(path);
	} catch (error) {
		const foreign = [path, dirname(path)].find((one) => ![undefined, process.geteuid?.()].includes(lstatSync(one, { throwIfNoEntry: false })?.uid));
		throw foreign === undefined ? explainFailure(path, error) : stateError('state.checkout-not-ours', { path: foreign }, error);
	}
}
