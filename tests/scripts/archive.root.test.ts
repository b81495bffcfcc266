/** The archive on a machine that has nothing of what it brings: no Node, no npm, no network. */
import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeBundle } from '../../scripts/bundle.ts';
import { readWords } from '../../server/words.ts';
import { project } from '../cli/run-drover.ts';
import { Reader, seen } from '../rig/page/reader.ts';
import { until } from '../server/until.ts';
import { unpackBareRoot } from './bare-root.ts';
import { startEmptyMachine, writeProgram, type EmptyMachine } from './empty-machine.ts';

/** Stands for the client of Docker: its pulls wait for a file. The rig has the real one. */
const docker = `#!/bin/sh
case "$*" in
	version*println*) printf 'client 20.10.24\\nengine 20.10.24\\n' ;;
	version*) echo 20.10.24 ;;
	info*) echo /nowhere ;;
	image*) for last; do :; done; [ -e "/pulled/$(echo "$last" | tr / _)" ] && echo sha256:00 || { echo "Error: No such image: $last" >&2; exit 1; } ;;
	pull*) echo "pulling $2"; until [ -e /go ]; do sleep 0.05; done; mkdir -p /pulled; : > "/pulled/$(echo "$2" | tr / _)"; echo "pulled $2" ;;
	*) echo "docker $*: not known here" >&2; exit 1 ;;
esac
`;

const root = mkdtempSync(join(tmpdir(), 'drover-empty-machine-'));
let machine: EmptyMachine;
let drover = '';

beforeAll(async () => {
	unpackBareRoot(root, 'bookworm', ['libstdc++6', 'busybox-static']);
	const folder = mkdtempSync(join(tmpdir(), 'drover-archive-'));
	const { file } = await makeBundle(project, folder);
	machine = await startEmptyMachine(root);
	execFileSync('cp', [file, join(root, 'opt')]);
	rmSync(folder, { recursive: true });
	machine.run('tar', '--extract', '--gzip', '--file', `/opt/${basename(file)}`, '--directory', '/opt');
	drover = `/opt/${basename(file, '.tar.gz')}/drover`;
	writeProgram(root, 'usr/local/bin/docker', docker);
	mkdirSync(join(root, 'root'), { recursive: true });
}, 600_000);
afterAll(async () => {
	await machine?.close();
	rmSync(root, { recursive: true, force: true });
});

test('the machine has no Node, no npm and no network', () => {
	expect(machine.run('sh', '-c', 'command -v node npm npx curl || echo none')).toBe('none\n');
	expect(machine.run('cat', '/proc/net/dev').split('\n').filter((line) => line.includes(':')).map((line) => line.split(':')[0]?.trim())).toEqual(['lo']);
});

test('the shells of small machines start it, and refuse an old C library in one sentence', () => {
	writeProgram(root, 'old/getconf', '#!/bin/sh\necho "glibc 2.17"\n');
	const words = readWords(project);

	for (const shell of [['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
		expect(machine.run(...shell, drover, '--help')).toContain('drover render RUNBOOK');
		expect(machine.run('sh', '-c', 'PATH=/old:$PATH LANG=zh_CN.UTF-8 "$@" 2>&1 || :', 'sh', ...shell, drover)).toBe(`${words.zh('cli.old-system', { found: 'glibc 2.17' })}\n`);
	}
});

test('without libstdc++ it says what to install', () => {
	const library = machine.run('sh', '-c', 'echo /usr/lib/*/libstdc++.so.6').trim();
	machine.run('mv', library, `${library}.away`);

	expect(machine.run('sh', '-c', 'LANG=en_US.UTF-8 "$1" 2>&1 || :', 'sh', drover)).toBe(`${readWords(project).en('cli.no-library')}\n`);
	machine.run('mv', `${library}.away`, library);
});

/** Starts the server inside; resolves with the address that it prints. */
async function startServer(): Promise<{ server: ChildProcess; address: string }> {
	const server = machine.start([drover, 'start', '--port', '4600'], { LANG: 'en_US.UTF-8' });
	for await (const line of createInterface({ input: server.stdout! })) {
		const [address] = /http:\/\/127\.0\.0\.1:4600\/#code=\S+/.exec(line) ?? [];
		if (address === undefined) continue;
		server.stdout?.resume();
		return { server, address };
	}
	throw new Error('The server ended before it was ready.');
}

/** A Chromium of this machine in the network of that one. */
async function launchInside(): Promise<Browser> {
	const program = join(mkdtempSync(join(tmpdir(), 'drover-chromium-')), 'chromium');
	onTestFinished(() => rmSync(join(program, '..'), { recursive: true }));
	writeProgram('/', program, `#!/bin/sh\nexec ${machine.network.join(' ')} ${process.env['CHROMIUM'] ?? '/usr/bin/chromium'} "$@"\n`);
	return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

test('its page runs a step, and finds the run again after the server was killed', async () => {
	const { server, address } = await startServer();
	const browser = await launchInside();
	onTestFinished(() => browser.close());
	const reader = await Reader.open(browser, 'en', 'air-gap');

	await reader.page.goto(address.replace('/#', '/en/rancher-1.6/air-gap/#'));
	await reader.ready();
	await reader.field('new_tag').fill('v1.6.14');
	await reader.take(reader.stepOf('engine'));
	await reader.skip(reader.stepOf('room'), 'A small disk');
	await reader.button('further-images', 'step.by-hand').click();
	await reader.stands('further-images', 'status.by-hand');
	await reader.run(reader.stepOf('pull-images'));
	await reader.stands('pull-images', 'status.running');
	await until(() => globSync('root/.local/state/drover/runs/**/recording*.cast', { cwd: root }).length > 0, 'the recording');
	await machine.kill(server);
	const again = await startServer();
	await reader.ready();
	await reader.stands('pull-images', 'status.running');
	writeFileSync(join(root, 'go'), '');

	await reader.stands('pull-images', 'status.verified');
	// The terminal went with the end of the run.
	await reader.unfold('pull-images');
	await reader.button('pull-images', 'step.output').click();
	await seen(reader.page.getByRole('log').filter({ hasText: 'pulled rancher/agent' }).first()).toBeVisible();
	expect(reader.errors).toEqual([]);
	expect(existsSync(join(root, 'pulled/rancher_server:v1.6.14'))).toBe(true);
	await machine.kill(again.server);
});
