/**
 * The oldest of each package that a machine may have on which the runbooks are done: that of CentOS 7, of whose time Rancher 1.6 is, with the Docker that its last releases still
 * support; and what is in the image of rancher/server. Whoever has older machines, or moves the promise, changes it here.
 */
import type { Place } from './uses.ts';

export type Package = 'bash' | 'coreutils' | 'util-linux' | 'systemd' | 'docker' | 'curl' | 'grep' | 'sed' | 'findutils' | 'tar' | 'gawk' | 'chrony' | 'ntp' | 'mysql' | 'dash' | 'openssl';

/** Sources: the package lists of CentOS 7 (vault.centos.org/7.0.1406/os/x86_64); of the image: rancher/rancher, `server/Dockerfile`, "FROM ubuntu:14.04", with packages.ubuntu.com/trusty. */
export const floors: Readonly<Record<Place, Readonly<Partial<Record<Package, string>>>>> = {
	machine: { bash: '4.2', coreutils: '8.22', 'util-linux': '2.23', systemd: '219', docker: '1.13', curl: '7.29', grep: '2.20', sed: '4.2.2', findutils: '4.5.11', tar: '1.26', gawk: '4.0', chrony: '1.29', ntp: '4.2.6' },
	image: { bash: '4.3', coreutils: '8.21', curl: '7.35', grep: '2.16', sed: '4.2.2', findutils: '4.4.2', tar: '1.27', mysql: '5.5.35', dash: '0.5.7', openssl: '1.0.1' },
};

/** Whether a version is not after another one: "17.06" is after "1.13". */
export function isWithin(since: string, floor: string): boolean {
	const [one, other] = [since, floor].map((version) => version.split('.').map(Number));
	for (let at = 0; at < Math.max(one?.length ?? 0, other?.length ?? 0); at += 1) {
		const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0);
		if (difference !== 0) return difference < 0;
	}
	return true;
}
