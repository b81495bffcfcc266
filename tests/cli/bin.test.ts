import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from './run-drover.ts';

test('a reader who goes before all is said gets no stack, and the command ends well', async () => {
	const child = spawn(process.execPath, [join(project, 'bin/drover.js'), 'list', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
	child.stdout.destroy();
	const ended = new Promise((resolve) => child.once('close', resolve));

	expect([await text(child.stderr), await ended]).toEqual(['', 0]);
});
