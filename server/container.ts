/**
 * Drover in a container of its own (`Dockerfile`): its files are not the machine's, unless they are mounted at the same path, and neither are its services. What asks for
 * those cannot be answered there, and what writes them would write into the container.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const isInContainer = (env: NodeJS.ProcessEnv = process.env): boolean => env['DROVER_CONTAINER'] !== undefined;

interface Mount {
	/** What is mounted, as a path in its file system. */
	readonly root: string;
	readonly point: string;
	readonly type: string;
}

/** Returns those of some paths that are not the machine's own. Relative ones start in `folder`. */
export function findUnmounted(paths: readonly string[], folder: string, mountinfo = readFileSync('/proc/self/mountinfo', 'utf8')): string[] {
	const mounts = readMounts(mountinfo);
	return paths.filter((path) => {
		const place = resolve(folder, path);
		const mount = mounts.filter(({ point }) => point === '/' || `${place}/`.startsWith(`${point}/`)).reduce((nearest, one) => (one.point.length >= nearest.point.length ? one : nearest));
		return !isMachines(mount);
	});
}

/** Source: proc(5), /proc/pid/mountinfo; blanks in a path are written as `\040`. */
function readMounts(mountinfo: string): readonly Mount[] {
	const plain = (text = '') => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
	return mountinfo.trimEnd().split('\n').map((line) => {
		const [before = '', after = ''] = line.split(' - ');
		const [, , , root, point] = before.split(' ');
		return { root: plain(root), point: plain(point), type: after.split(' ')[0] ?? '' };
	});
}

/**
 * Whether a mount brings a place of the machine at the path that it has there: what is mounted ends the path, whichever file system of the machine it lies on. Btrfs puts the name of a subvolume
 * before it. The engine mounts files of its own below /etc, and the kernel's below /dev, /proc and /sys.
 */
function isMachines({ root, point, type }: Mount): boolean {
	if (point === '/' || /^\/(?:dev|proc|sys)(?:\/|$)/.test(point)) return false;
	const whole = root === '/' ? '' : root;
	return point.endsWith(whole) || (type === 'btrfs' && whole.endsWith(point));
}
