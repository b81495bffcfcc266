/**
 * `npm run real`: for whoever has real `rancher/server` images. Upgrades a server of its own from v1.6.14 to v1.6.30 with the walk that the rig uses, holds what it observes against what is believed,
 * and writes a report to send. It makes containers whose names begin with drover-real, removes them with their volumes when everything worked, and touches nothing else. Where something is missing it says so in
 * one sentence and ends with exit code 5: it could not be checked. It is no part of `npm test`, where what is skipped counts as failed.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { images, refuseStandIn, whatIsMissing } from './missing.ts';
import type { Docker } from './observe.ts';
import { upgrade } from './upgrade.ts';

const run = promisify(execFile);
const ask = (args: readonly string[]) => run('docker', [...args], { maxBuffer: 64 * 1024 * 1024 });
const docker: Docker = async (...args) => (await ask(args)).stdout.trimEnd();
const logOf = async (container: string) => {
	const { stdout, stderr } = await ask(['logs', container]);
	return stdout + stderr;
};

const missing = await whatIsMissing(docker);
if (missing === undefined) {
	for (const image of images) await refuseStandIn(docker, image);
	const worked = await upgrade({ docker, logOf, say: (text) => { process.stdout.write(`${text}\n`); } });
	process.exitCode = worked ? 0 : 1;
} else {
	process.stdout.write(`Skipped: ${missing}\n`);
	process.exitCode = 5;
}
