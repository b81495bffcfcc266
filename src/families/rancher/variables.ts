/**
 * Environment variables of `rancher/server`: which come from its image, which must not be taken over, and which have a field of their own.
 *
 * Source: rancher/rancher, `server/Dockerfile` and `server/artifacts/cattle.sh` over all tags; rancher/cattle, `config-defaults/defaults.properties` (what overrides a setting);
 * https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/
 */

/** Say which release it is: a new server that gets those of an old image tells the old version and offers old templates. */
const versionVariables = ['CATTLE_RANCHER_SERVER_VERSION', 'CATTLE_RANCHER_SERVER_IMAGE', 'CATTLE_CATTLE_VERSION', 'CATTLE_RANCHER_COMPOSE_VERSION', 'CATTLE_RANCHER_CLI_VERSION', 'DEFAULT_CATTLE_API_UI_INDEX', 'CATTLE_API_UI_URL', 'CATTLE_HOME', 'S6_SERVICE_DIR', 'CATTLE_DB_CATTLE_DATABASE', 'CATTLE_USE_LOCAL_ARTIFACTS'];

const downloads = ['COMPOSE', 'CLI'].flatMap((tool) => ['LINUX', 'DARWIN', 'WINDOWS'].map((system) => `DEFAULT_CATTLE_RANCHER_${tool}_${system}_URL`));
const services = ['MACHINE', 'COMPOSE_EXECUTOR', 'CATALOG', 'AUTH_SERVICE', 'WEBHOOK_SERVICE', 'SECRETS_API'].map((service) => `DEFAULT_CATTLE_${service}_EXECUTE`);

/** In the image too, but somebody may well have set them: a mirror of the downloads, a service switched off. */
const settableVariables = [...downloads, ...services, 'DEFAULT_CATTLE_API_UI_JS_URL', 'DEFAULT_CATTLE_API_UI_CSS_URL', 'CATTLE_HOST_API_PROXY_MODE', 'PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'DEBIAN_FRONTEND'];

/** Must not be repeated, whatever their value. */
export const bakedVariables: ReadonlySet<string> = new Set(versionVariables);

/** Come with every image, by name. What to subtract when the image is gone; when it is there, its exact pairs are. */
export const imageVariables: ReadonlySet<string> = new Set([...versionVariables, ...settableVariables]);

/** Came with some image by this very value, otherwise somebody set them. */
export function isImageValue(name: string, value: string): boolean {
	if (name === 'no_proxy') return value === 'localhost,127.0.0.1,localaddress,.localdomain.com';
	if (name === 'DEFAULT_CATTLE_CATALOG_URL') return isStandardCatalog(value);
	return imageVariables.has(name);
}

/** Every address in it is one of the two catalogs of Rancher Labs: at GitHub up to 1.1, at git.rancher.io from 1.2 on. */
function isStandardCatalog(value: string): boolean {
	const addresses = value.match(/https?:\/\/[^",]+/g) ?? [];
	const branches = [...value.matchAll(/"branch":"([^"]*)"/g)].map(([, branch]) => branch ?? '');
	const standard = addresses.every((address) => /^https:\/\/(?:git\.rancher\.io|github\.com\/rancher)\/(?:rancher|community)-catalog\.git$/.test(address));
	return addresses.length > 0 && standard && branches.every((branch) => ['master', 'v1.6-release', '${RELEASE}'].includes(branch));
}

/** Mean nothing to an image of 1.2 or later. Source: the pages of v1.0 and v1.1; `cattle.sh`, clustering before 1.2. */
export const obsoleteVariables: ReadonlySet<string> = new Set(['CATTLE_AGENT_INSTANCE_IMAGE', 'CATTLE_REDIS_HOSTS', 'CATTLE_ZOOKEEPER_CONNECTION_STRING']);

/**
 * Settings that an older server read and no later one does: the variable that sets one is repeated for nothing, and what it did has to be done elsewhere.
 *
 * Source: the names in rancher/cattle (`ArchaiusUtil.get…`, `*defaults.properties`, `cattle-global.properties`) at v0.159.8 (v1.0.2) and v0.165.8.4 (v1.1.4), less those at v0.174.3 (v1.2.0).
 */
const removedSettings = ['docker.network.subnet.cidr', 'docker.compute.auto.add.host.ip', 'docker.auto.create.external.pool', 'simple.allocator.spread', 'instance.compute.default', 'allocator.fail.not.handled', 'agent.groups', 'agent.retries', 'agent.timeout.millis', 'agent.packages.node.services', 'agent.connection.management.lock.wait.millis', 'agent.reconnect.disconnect.every.seconds', 'ha.container', 'cluster.image.name', 'help.enabled'];

/** The release from which on a setting means nothing; undefined when it is still read, or never was. */
export function removedSince(setting: string): string | undefined {
	return removedSettings.includes(setting) || /^(?:agent\.package\.(?:agent\.binaries|cadvisor|node\.agent|rancher\.(?:dns|metadata|net))\.url|hazelcast\.aws(?:\..*)?)$/.test(setting) ? 'v1.2.0' : undefined;
}

/** Make the image download or build another server than its own. Source: `cattle.sh`, URL and master(). */
export const developerVariables: ReadonlySet<string> = new Set(['URL', 'REPOS', 'CATTLE_MASTER']);

/** Deletes the change-log lock at every start, whoever holds it. Source: rancher/cattle, `db-loader/…/Loader.java`. */
export const lockRelease = 'CATTLE_DB_RELEASE_CHANGE_LOCK';

/** The field in which the value of a variable belongs. */
export const fieldOfVariable: Readonly<Record<string, string>> = {
	CATTLE_DB_CATTLE_MYSQL_HOST: 'db_host',
	CATTLE_DB_CATTLE_MYSQL_PORT: 'db_port',
	CATTLE_DB_CATTLE_USERNAME: 'db_user',
	CATTLE_DB_CATTLE_PASSWORD: 'db_password',
	CATTLE_DB_CATTLE_MYSQL_NAME: 'db_name',
	CATTLE_CLUSTER_ADVERTISE_ADDRESS: 'nodes',
	CATTLE_CLUSTER_ADVERTISE_HTTP_PORT: 'advertise_http_port',
	CATTLE_BOOTSTRAP_REQUIRED_IMAGE: 'agent_image',
	JAVA_OPTS: 'java_opts',
	http_proxy: 'proxy',
	https_proxy: 'proxy',
	no_proxy: 'no_proxy',
	NO_PROXY: 'no_proxy',
};

/** Of the program and not of a setting, although they begin with CATTLE_. Source: `cattle.sh`, `server/bin/entry`. */
const ofTheProgram = /^CATTLE_(?:DB|GRAPHITE|LOGBACK|MODULE|JAVA_OPTS$|PROMETHEUS_EXPORTER$|REDIS|ZOOKEEPER|HOME$|MASTER$)/;

/**
 * The setting that a variable decides, so that what Rancher's own page says of it no longer counts: `upgrade.manager` for CATTLE_UPGRADE_MANAGER. Undefined when it
 * decides none; DEFAULT_CATTLE_… only fills in what nobody has set.
 */
export function settingOf(variable: string): string | undefined {
	if (!variable.startsWith('CATTLE_') || ofTheProgram.test(variable) || imageVariables.has(variable) || obsoleteVariables.has(variable)) return undefined;
	return variable.slice('CATTLE_'.length).toLowerCase().replaceAll('_', '.');
}
