/**
 * Drover's image on an engine as old as Rancher 1.x: under the seccomp profile and the API of Docker 1.13. A reader does the preflight of the simplest upgrade through it, and the
 * container ends in the middle of a run.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { buildDroverImage, oldProfile } from '../image/drover-image.ts';
import { startOldApi, type OldApi } from '../image/old-api.ts';
import { startRig, type Rig } from '../rig.ts';
import { launchChromium, patienceMs, Reader, seen } from './reader.ts';

let rig: Rig;
let browser: Browser;
let api: OldApi;
/** The engine's socket, as the container gets it. */
let socket: string;
/** The directory of the backup, on the machine and in the container. */
let folder: string;
let port: number;

beforeAll(async () => {
	rig = await startRig();
	folder = rig.folder();
	socket = join(rig.folder(), 'docker.sock');
	api = await startOldApi(socket, rig.env.DOCKER_HOST.replace('unix://', ''));
	port = await rig.freePort();
	await buildDroverImage(rig);
	browser = await launchChromium();
});
afterAll(async () => {
	await browser?.close();
	await api?.close();
	await rig?.close();
});

/** As documented, but for the place of the socket, the directory and the port. */
const documented = () => ['--network', 'host', '--security-opt', 'label=disable', '-v', `${socket}:/var/run/docker.sock`, '-v', 'drover-state:/var/lib/drover', '-v', `${folder}:${folder}`, '-w', folder];
const old = ['--security-opt', `seccomp=${oldProfile}`];

/** The address that the newest server in the container has printed. */
async function addressIn(logs: () => Promise<string>): Promise<string> {
	let found: string | undefined;
	await expect.poll(async () => (found = (await logs()).match(/http:\/\/127\.0\.0\.1:\d+\/#code=\S+/g)?.at(-1)), { timeout: patienceMs }).toBeDefined();
	return found ?? '';
}

/** Processes of the container as the machine numbers them, with their arguments. */
async function processes(): Promise<{ pid: number; words: string }[]> {
	const rows = (await rig.docker('top', 'drover', '-eo', 'pid,args')).split('\n').slice(1);
	return rows.map((row) => ({ pid: Number(row.trim().split(/\s+/)[0]), words: row }));
}

/** While the engine stands still, what asks it is in its middle. */
async function whileEngineStands(act: () => Promise<void>): Promise<void> {
	const engine = Number(readFileSync(join(rig.place.scratch, 'main', 'dockerd.pid'), 'utf8'));
	process.kill(engine, 'SIGSTOP');
	try {
		await act();
	} finally {
		process.kill(engine, 'SIGCONT');
	}
}

test('what Docker 1.13 does not know of the kernel is refused to the container as it was then', async () => {
	// statx, io_uring_setup, rseq, clone3, openat2, faccessat2: EPERM, 1.
	const asks = 'for my $call (332, 425, 334, 435, 437, 439) { syscall($call, 0, 0, 0, 0, 0); print $! + 0, " " }';

	expect(await rig.docker('run', '--rm', ...old, '--entrypoint', 'perl', 'drover', '-e', asks)).toBe('1 1 1 1 1 1');
	// The programs of the base that ask by statx.
	expect(await rig.docker('run', '--rm', ...old, '--entrypoint', 'sh', 'drover', '-ec', 'stat --format=%a:%u /etc/shadow; ls -l /etc/passwd')).toMatch(/^640:0\n-rw-r--r-- 1 root root \d+ .* \/etc\/passwd$/);
});

test('a reader checks an old server by it: what it cannot see is not checked, and the end of the container is an unknown end', async () => {
	const publish = `127.0.0.1:${await rig.freePort()}`;
	await rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${publish}:8080`, '--restart=always'] });
	await rig.docker('run', '-d', '--name', 'drover', ...documented(), ...old, 'drover', '--port', `${port}`);
	const reader = await Reader.open(browser, 'en', 'single-container');
	const { page, t } = reader;

	await page.goto(await addressIn(() => rig.docker('logs', 'drover')));
	await page.getByRole('button', { name: t('detect.start'), exact: true }).click();
	await page.getByRole('button', { name: t('detect.use', { runbook: reader.words.runbooks[reader.runbook.id]?.title ?? '' }), exact: true }).click();
	await reader.ready();
	await seen(reader.field('publish')).toHaveValue(publish);
	await reader.field('new_container').fill('rancher-new');
	await reader.shoot('image-ready');

	// A directory of the machine that the container does not have.
	await reader.field('backup_file').fill('/root/rancher-backup.sql');
	for (const step of reader.steps({ container: 'rancher', old_tag: 'v1.6.14' }).filter((one) => one.phase === 'preflight')) {
		await reader.button(step.id, 'step.check').click();
		if (step.id === 'free-space') {
			await reader.stands(step.id, 'status.could-not-check');
			await seen(reader.step(step.id)).toContainText('/root');
			await reader.field('backup_file').fill('rancher-backup.sql');
			await reader.button(step.id, 'step.check').click();
		}
		await reader.stands(step.id, ...(step.id === 'started-by' || step.id === 'clock' ? (['status.could-not-check'] as const) : (['status.verified', 'status.warned'] as const)));
		if (step.id === 'started-by' || step.id === 'clock') await reader.override(step.id, 'Checked on the machine');
	}
	await reader.shoot('image-preflight');

	const [first] = await processes();
	await whileEngineStands(async () => {
		await reader.run(reader.stepOf('definition'));
		await reader.stands('definition', 'status.running');
		process.kill(first!.pid, 'SIGKILL');
	});
	await expect.poll(() => rig.docker('container', 'inspect', '--format', '{{.State.Running}}', 'drover'), { timeout: patienceMs }).toBe('false');
	await rig.docker('start', 'drover');
	await reader.ready();
	await reader.stands('definition', 'status.unknown');
	await reader.shoot('image-unknown');
});

test('the image travels as a file', async () => {
	const file = join(rig.folder(), 'drover-image.tar');
	await rig.docker('save', '--output', file, 'drover');
	await rig.docker('image', 'rm', '--force', 'drover');
	await rig.docker('load', '--input', file);

	expect(await rig.docker('run', '--rm', ...old, '--entrypoint', 'drover', 'drover', '--help')).toContain('drover');
});
