/** Every image that the rig's registry has. */
import { movingTags, releases, type Release } from './releases.ts';
import { serverConfig, type ImageConfig } from './server-image.ts';

export interface ImageSpec {
	/** Without registry: `rancher/server:v1.6.30`. */
	readonly name: string;
	/** What it is made of: the stand-in of the server, a database, or one small file. */
	readonly files: 'server' | 'database' | 'small';
	readonly config: ImageConfig;
	/** Of an image of the server: what it is. */
	readonly release?: Release;
}

/** Images of the infrastructure templates that v1.6.30 offers, and of the ones before. Source: rancher/rancher-catalog, `infra-templates`, branch v1.6-release. */
const templateImages = [
	'network-policy-manager:v0.2.8',
	'network-policy-manager:v0.2.4',
	'dns:v0.17.4',
	'dns:v0.15.3',
	'metadata:v0.10.4',
	'metadata:v0.9.5',
	'network-manager:v0.7.22',
	'network-manager:v0.7.19',
	'net:holder',
	'net:v0.13.17',
	'net:v0.13.7',
	'net:v0.13.1',
	'net:v0.11.9',
	'healthcheck:v0.3.8',
	'healthcheck:v0.3.3',
	'scheduler:v0.8.6',
	'scheduler:v0.8.3',
	'storage-secrets:v0.9.6',
	'storage-nfs:v0.9.1',
	'storage-ebs:v0.9.8',
	'container-crontab:v0.5.0',
	'external-dns:v0.7.9',
	'pre-pull-images:v0.2.2',
	'network-diagnostics:v0.1.2',
	'network-diagnostics-agent:v0.1.0',
];

/** The database that stands outside of a server. */
export const databaseImage = 'drover-rig/database:1';

export function listImages(): ImageSpec[] {
	const servers = releases.map((release) => ({ name: `rancher/server:${release.version}`, files: 'server' as const, config: serverConfig(release), release }));
	const moving = Object.entries(movingTags).flatMap(([tag, version]) =>
		servers.filter(({ name }) => name === `rancher/server:${version}`).map((server) => ({ ...server, name: `rancher/server:${tag}` })),
	);
	const companions = releases.flatMap(({ agent, balancer }) => [`agent:${agent}`, balancer]);
	const small = [...new Set([...companions, 'agent:v1.2.10', ...templateImages])].map((name) => smallImage(`rancher/${name}`));
	return [...servers, ...moving, ...small, { name: databaseImage, files: 'database', config: databaseConfig }];
}

/** Labels make two images with the same files differ. */
function smallImage(name: string): ImageSpec {
	return { name, files: 'small', config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/image'], Labels: { 'drover.rig': name } } };
}

const databaseConfig: ImageConfig = {
	Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
	Cmd: ['/usr/bin/external-database'],
	ExposedPorts: { '3306/tcp': {} },
	Volumes: { '/var/lib/mysql': {} },
};
