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
