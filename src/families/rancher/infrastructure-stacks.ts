/**
 * The infrastructure stacks that the catalog offers to v1.6.30, in the order in which they are upgraded, with the images that a registry without internet must hold.
 *
 * Source: rancher/rancher-catalog, branch v1.6-release, `infra-templates/*` (config.yml and the directory of the default version);
 * order: https://rancher.com/docs/rancher/v1.6/en/upgrading/ ("Upgrading Infrastructure Stacks").
 */
export interface InfrastructureStack {
	readonly name: string;
	readonly version: string;
	/** Number of the template's directory, the end of its id: `library:infra*ipsec:18`. */
	readonly template?: number;
	/** The first release that may run it. */
	readonly needs?: string;
	readonly images: readonly string[];
	/** 1 to 3 one after the other, then 4 in any order. */
	readonly turn: 1 | 2 | 3 | 4;
	/** Part of every new Cattle environment. Source: https://rancher.com/docs/rancher/v1.6/en/environments/ */
	readonly standard: boolean;
}

/**
 * The default template of the standard stacks in the catalog that each image of 1.6 carries: number of the template's directory, and the first release whose image
 * has it as the default. A catalog that offers less is older than the server.
 *
 * Source: rancher/rancher-catalog, branch v1.6-release, `infra-templates/*`/config.yml, at the date of each tag of rancher/rancher.
 */
const defaults: Readonly<Record<string, Readonly<Record<number, number>>>> = {
	'network-policy-manager': { 1: 1, 15: 2, 19: 3 },
	'network-services': { 1: 19, 3: 20, 5: 21, 6: 22, 7: 23, 8: 24, 11: 25, 14: 26, 15: 27, 19: 28, 26: 29 },
	ipsec: { 1: 5, 3: 9, 6: 10, 7: 11, 8: 12, 11: 13, 12: 14, 14: 15, 15: 16, 19: 18 },
	vxlan: { 1: 5, 3: 9, 6: 10, 8: 11, 11: 12, 12: 13 },
	healthcheck: { 1: 3, 8: 4, 14: 5, 15: 6, 19: 7 },
	scheduler: { 1: 6, 3: 7, 4: 8, 7: 9, 14: 10, 18: 11, 19: 12, 26: 13 },
};

/** All of the above as words, `ipsec:19:18` for "from v1.6.19 on, template 18", oldest first: for the check that asks a running server what its catalog offers. */
export const catalogDefaults = Object.entries(defaults)
	.flatMap(([name, since]) => Object.entries(since).map(([patch, template]) => `${name}:${patch}:${template}`))
	.join(' ');

/** What the catalog's volume is called unless the reader says otherwise: one for each release, because what lies in it belongs to one. */
export const catalogVolumePrefix = 'rancher-cattle-';
export const catalogVolumeOf = (tag: string) => `${catalogVolumePrefix}${tag}`;

const net = 'rancher/net:';

// prettier-ignore
export const infrastructureStacks: readonly InfrastructureStack[] = [
	{ name: 'network-policy-manager', version: 'v0.0.4', template: 3, needs: 'v1.6.19', turn: 1, standard: false, images: ['rancher/network-policy-manager:v0.2.8'] },
	{ name: 'network-services', version: 'v0.2.11', template: 29, needs: 'v1.6.26', turn: 2, standard: true, images: ['rancher/dns:v0.17.4', 'rancher/metadata:v0.10.4', 'rancher/network-manager:v0.7.22'] },
	{ name: 'ipsec', version: '0.2.5', template: 18, needs: 'v1.6.19', turn: 3, standard: true, images: [`${net}holder`, `${net}v0.13.17`] },
	{ name: 'vxlan', version: 'v0.3.1', template: 13, turn: 3, standard: false, images: [`${net}holder`, `${net}v0.11.9`, `${net}v0.13.1`] },
	{ name: 'healthcheck', version: 'v0.3.8', template: 7, turn: 4, standard: true, images: ['rancher/healthcheck:v0.3.8'] },
	{ name: 'scheduler', version: 'v0.8.6', template: 13, needs: 'v1.6.26', turn: 4, standard: true, images: ['rancher/scheduler:v0.8.6'] },
	{ name: 'secrets', version: 'v0.0.3', turn: 4, standard: false, images: ['rancher/storage-secrets:v0.9.6'] },
	{ name: 'nfs', version: '0.5.0', turn: 4, standard: false, images: ['rancher/storage-nfs:v0.9.1'] },
	{ name: 'ebs', version: '0.6.1', turn: 4, standard: false, images: ['rancher/storage-ebs:v0.9.8'] },
	{ name: 'container-crontab', version: 'v0.5.0', turn: 4, standard: false, images: ['rancher/container-crontab:v0.5.0'] },
	{ name: 'route53', version: 'v0.7.9', turn: 4, standard: false, images: ['rancher/external-dns:v0.7.9'] },
	{ name: 'k8s', version: 'v1.12.10-rancher1-1', turn: 4, standard: false, images: ['busybox', 'rancher/etc-host-updater:v0.0.3', 'rancher/etcd:v2.3.7-17', 'rancher/k8s:v1.12.10-rancher1-1', 'rancher/kubectld:v0.8.11', 'rancher/kubernetes-agent:v0.6.9', 'rancher/kubernetes-auth:v0.0.8', 'rancher/lb-service-rancher:v0.9.13'] },
	{ name: 'pre-pull-images', version: 'v0.2.2', template: 0, turn: 4, standard: false, images: ['rancher/pre-pull-images:v0.2.2'] },
	{ name: 'network-diagnostics', version: '0.0.2', template: 1, turn: 4, standard: false, images: ['rancher/network-diagnostics:v0.1.2', 'rancher/network-diagnostics-agent:v0.1.0'] },
];
