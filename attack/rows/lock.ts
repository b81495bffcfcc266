/** Who else would use the state directory of the Drover under attack, or keep it from using it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { takeKernelLock } from '../../server/state/kernel-lock.ts';
import type { Row } from '../attempt.ts';
import { abstractNamesOf, findListener, openFilesOf } from '../server-process.ts';

const module = join(import.meta.dirname, '../../server/state/kernel-lock.ts');

/** Says `refused`, `taken`, or nothing where no such namespace can be made. */
function takeElsewhere(path: string): string {
	const script = `const { takeKernelLock } = await import(${JSON.stringify(module)}); console.log(takeKernelLock(${JSON.stringify(path)}) ? 'taken' : 'refused');`;
	return spawnSync('unshare', [process.geteuid?.() === 0 ? '-n' : '-rn', process.execPath, '--input-type=module', '--eval', script], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

export const secondDrover: Row = {
	name: 'Second Drover',
	run: async (attack) => {
		const pid = findListener(attack.target.port);
		if (pid === undefined) return;
		const path = openFilesOf(pid).find((file) => file.endsWith('/lock.db'));
		await attack.note('a question for its lock', '', 'on a file', path === undefined ? 'none' : 'on a file', path !== undefined);
		const names = abstractNamesOf(pid);
		await attack.note('a name that a stranger could take first', '/proc/net/unix', 'none', names.join(' ') || 'none', names.length === 0);
		if (path === undefined) return;
		const lock = takeKernelLock(path);
		lock?.close();
		await attack.note('another process takes the lock', 'lock.db', 'refused', lock ? 'taken' : 'refused', lock === undefined);
		const elsewhere = takeElsewhere(path);
		if (elsewhere !== '') await attack.note('a process of another network namespace takes the lock', 'lock.db', 'refused', elsewhere, elsewhere === 'refused');
	},
};
