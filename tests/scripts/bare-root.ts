/** A machine as small as Debian makes one: a shell, its tools and a C library, without Node, npm and network. Kept in the cache of the rig. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../cli/run-drover.ts';

const cache = join(project, 'tests/rig/.cache');

/** Unpacks the file system of such a machine into a folder. The first time it is made of Debian's packages, which takes half a minute. */
export function unpackBareRoot(folder: string, suite: string, packages: readonly string[]): void {
	const command = ['--quiet', '--variant=essential', '--mode=root', '--dpkgopt=path-exclude=/usr/share/man/*', '--dpkgopt=path-exclude=/usr/share/doc/*', '--dpkgopt=path-exclude=/usr/share/locale/*', `--include=${packages.join(',')}`, suite];
	const file = join(cache, `bare-${createHash('sha256').update(command.join('\n')).digest('hex').slice(0, 16)}.tar`);
	mkdirSync(cache, { recursive: true });
	if (existsSync(file)) utimesSync(file, new Date(), new Date());
	else make(command, file);
	execFileSync('tar', ['--extract', '--file', file, '--directory', folder]);
}

function make(command: readonly string[], file: string): void {
	const work = mkdtempSync(join(cache, 'work-'));
	try {
		execFileSync('mmdebstrap', [...command, join(work, 'root.tar')], { stdio: ['ignore', 'ignore', 'pipe'] });
		renameSync(join(work, 'root.tar'), file);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}
