import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { findUnmounted } from '../../server/container.ts';
import { openPass, startDrover } from './drover.ts';
import { previewOf } from './preview-of.ts';

afterEach(() => vi.unstubAllEnvs());

/** As the kernel writes it for a container with the documented mounts, on a machine with one file system and on one with more. Source: proc(5), /proc/pid/mountinfo. */
const mounts = `82 55 0:40 / / rw,relatime master:2 - overlay overlay rw,lowerdir=/a
83 82 0:43 / /proc rw,nosuid - proc proc rw
84 82 0:44 / /dev rw,nosuid - tmpfs tmpfs rw,mode=755
98 84 0:48 / /dev/shm rw,nosuid - tmpfs shm rw
101 82 254:0 /var/lib/docker/containers/2f/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
102 82 254:0 /var/lib/docker/volumes/drover-state/_data /var/lib/drover rw,relatime master:1 - ext4 /dev/vda rw
104 82 254:0 /root/back\\040up /root/back\\040up rw,relatime - ext4 /dev/vda rw
105 82 254:1 /backup /srv/backup rw,relatime - xfs /dev/vdb rw
106 82 254:2 / /mnt/disk rw,relatime - xfs /dev/vdc rw
107 82 254:0 /etc/rancher/ca.crt /etc/rancher/ca.crt ro,relatime - ext4 /dev/vda rw
108 82 0:50 /@/home/me /home/me rw,relatime - btrfs /dev/vdd rw,subvol=/@
109 82 254:0 /srv/other /other rw,relatime - ext4 /dev/vda rw
`;

test.each(['/root/back up/dump.sql', 'dump.sql', './dump.sql', '/srv/backup', '/srv/backup/a/b', '/mnt/disk/x', '/etc/rancher/ca.crt', '/home/me/x'])('%s is the machine\'s own', (path) => {
	expect(findUnmounted([path], '/root/back up', mounts)).toEqual([]);
});

test.each(['/root/dump.sql', '../dump.sql', '/root/back up2/x', '/var/lib/drover/x', '/dev/shm/x', '/etc/rancher/other.crt', '/other/x', '/proc/1/x', '/etc/hosts'])('%s lies in the container, or is another path there', (path) => {
	expect(findUnmounted([path], '/root/back up', mounts)).toEqual([path]);
});

test('in a container no step and no check takes its files for the machine\'s', async () => {
	vi.stubEnv('DROVER_CONTAINER', 'yes');
	const drover = await startDrover();
	onTestFinished(() => drover.close());
	const values = { folder: '/nowhere/of/the/machine', name: 'bella', password: 'opensesame' };
	const pass = await openPass(drover, 'demo/files', values, previewOf('demo/files'));
	onTestFinished(() => pass.close());

	const looked = await pass.look({ step: 'folder-there', for: 'done', values });
	await pass.mark('folder-there', 'overridden', 'it is there');
	for (const step of ['tools']) await pass.look({ step, for: 'done', values });
	for (const step of ['print', 'ask']) await pass.mark(step, 'skipped', 'not today');
	const run = await pass.run('make');

	expect(looked).toMatchObject({ body: { looks: [{ result: 'could-not-check', saw: [{ name: 'not-mounted', slots: { path: '/nowhere/of/the/machine' } }] }] } });
	expect(run).toMatchObject({ body: { problems: [{ name: 'path.not-mounted', slots: { path: '/nowhere/of/the/machine' } }] } });
});
