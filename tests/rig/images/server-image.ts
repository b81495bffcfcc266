/** What `docker image inspect` shows of `rancher/server`: the same variables in the same order, entry point, volumes and ports as the real images. */
import { compareVersions, type Release } from './releases.ts';

/** The part of an image that is not files. Names are those of the image specification. */
export interface ImageConfig {
	readonly Env: readonly string[];
	readonly Cmd?: readonly string[];
	readonly Entrypoint?: readonly string[];
	readonly Volumes?: Readonly<Record<string, object>>;
	readonly ExposedPorts?: Readonly<Record<string, object>>;
	readonly Labels?: Readonly<Record<string, string>>;
}

export function serverConfig(release: Release): ImageConfig {
	return {
		Env: environmentOf(release),
		Cmd: ['/usr/bin/s6-svscan', '/service'],
		// Before, there was no program that reads flags: the server was told everything by variables.
		...(compareVersions(release.version, 'v1.2.0') >= 0 && { Entrypoint: ['/usr/bin/entry'] }),
		Volumes: { '/var/lib/cattle': {}, '/var/lib/mysql': {}, '/var/log/mysql': {} },
		ExposedPorts: { '3306/tcp': {}, '8080/tcp': {} },
	};
}

function environmentOf(release: Release): string[] {
	const { version, cattle, cli, compose, ui } = release;
	const since = (first: string): boolean => compareVersions(version, first) >= 0;
	return [
		'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
		...(since('v1.2.0') ? ['LANG=en_US.UTF-8', 'LANGUAGE=en_US:en', 'LC_ALL=en_US.UTF-8'] : []),
		'DEBIAN_FRONTEND=noninteractive',
		'CATTLE_HOME=/var/lib/cattle',
		...(since('v1.2.0') ? ['CATTLE_API_UI_URL=//releases.rancher.com/api-ui/1.0.8'] : []),
		'CATTLE_DB_CATTLE_DATABASE=mysql',
		'CATTLE_USE_LOCAL_ARTIFACTS=true',
		'no_proxy=localhost,127.0.0.1,localaddress,.localdomain.com',
		'S6_SERVICE_DIR=/service',
		'CATTLE_HOST_API_PROXY_MODE=embedded',
		since('v1.1.0') ? `CATTLE_RANCHER_SERVER_VERSION=${version}` : `CATTLE_RANCHER_SERVER_IMAGE=${version}`,
		`DEFAULT_CATTLE_API_UI_INDEX=//releases.rancher.com/ui/${ui}`,
		`CATTLE_CATTLE_VERSION=${cattle}`,
		...(cli === '' ? [] : [`CATTLE_RANCHER_CLI_VERSION=${cli}`]),
		`CATTLE_RANCHER_COMPOSE_VERSION=${compose}`,
		`DEFAULT_CATTLE_CATALOG_URL=${catalogOf(version)}`,
		...urlsOf('COMPOSE', 'compose/{v}/rancher-compose', compose),
		...(cli === '' ? [] : urlsOf('CLI', 'cli/{v}/rancher', cli)),
		...(since('v1.2.0') ? ['DEFAULT_CATTLE_API_UI_JS_URL=/api-ui/ui.min.js', 'DEFAULT_CATTLE_API_UI_CSS_URL=/api-ui/ui.min.css'] : []),
		...executed(since).map((program) => `DEFAULT_CATTLE_${program}_EXECUTE=true`),
		...(since('v1.1.0') ? ['CATTLE_RANCHER_SERVER_IMAGE=rancher/server'] : []),
	];
}

function urlsOf(program: string, path: string, version: string): string[] {
	return [
		['LINUX', 'linux', 'tar.gz'],
		['DARWIN', 'darwin', 'tar.gz'],
		['WINDOWS', 'windows', 'zip'],
	].map(([name = '', system = '', ending = '']) => {
		const machine = system === 'windows' ? '386' : 'amd64';
		return `DEFAULT_CATTLE_RANCHER_${program}_${name}_URL=https://releases.rancher.com/${path.replace('{v}', version)}-${system}-${machine}-${version}.${ending}`;
	});
}

function executed(since: (first: string) => boolean): string[] {
	return [
		'MACHINE',
		'COMPOSE_EXECUTOR',
		'CATALOG',
		...(since('v1.2.0') ? ['AUTH_SERVICE'] : []),
		...(since('v1.3.0') ? ['WEBHOOK_SERVICE'] : []),
		...(since('v1.5.0') ? ['SECRETS_API'] : []),
	];
}

/** Address and branch of the library, together, as the cache of catalog-service names its folders: by the MD5 of this. */
export function librarySource(version: string): string {
	const text = catalogOf(version);
	if (!text.startsWith('{')) return `${/library=([^,]*)/.exec(text)?.[1] ?? ''}master`;
	return ['url', 'branch'].map((field) => new RegExp(`"library":\\{[^}]*"${field}":"([^"]*)"`).exec(text)?.[1] ?? '').join('');
}

function catalogOf(version: string): string {
	if (compareVersions(version, 'v1.2.0') < 0) return 'library=https://github.com/rancher/rancher-catalog.git,community=https://github.com/rancher/community-catalog.git';
	if (compareVersions(version, 'v1.5.0') < 0) return 'community=https://git.rancher.io/community-catalog.git,library=https://git.rancher.io/rancher-catalog.git';
	const branch = compareVersions(version, 'v1.6.1') < 0 ? 'master' : 'v1.6-release';
	const of = (name: string, of: string): object => ({ url: `https://git.rancher.io/${name}-catalog.git`, branch: of });
	return JSON.stringify({ catalogs: { community: of('community', 'master'), library: of('rancher', branch) } });
}
