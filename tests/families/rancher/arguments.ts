/** Words of `docker run` for a Rancher server: any combination of the options that the documentation names, and of those that operators add. */
import fc from 'fast-check';

const words = (...list: string[]) => fc.constant<readonly string[]>(list);
const sometimes = (arbitrary: fc.Arbitrary<readonly string[]>) => fc.oneof({ weight: 3, arbitrary: words() }, { weight: 1, arbitrary });
const some = (...options: string[]) => fc.subarray(options).map((list): readonly string[] => list);
const oneOf = (name: string, ...values: string[]) => fc.constantFrom(...values).map((value): readonly string[] => [`${name}=${value}`]);

/** A value of an environment variable as people write them, quotes and all. */
const plainValue = fc.string({ unit: fc.constantFrom(...'abcXYZ019 _-.,:;/=\'"$`\\!*?()[]{}<>|&#~%^+@牧道é🐂'), maxLength: 20 });

const network = fc.constantFrom<readonly string[]>([], [], ['--network=host'], ['--network=back', '--network-alias=rancher', '--ip=10.99.0.9'], ['--network=none']);
const publish = fc.constantFrom<readonly string[]>([], ['-p', '8080:8080'], ['-p', '127.0.0.1:9090:8080'], ['-p', '[::1]:80:8080'], ['-p', '8080:8080', '-p', '10.0.0.1:8081:8080'], ['-p', '443:8080', '-p', '514:514/udp', '--expose=99']);
const restart = fc.constantFrom<readonly string[]>([], ['--restart=unless-stopped'], ['--restart=always'], ['--restart=on-failure:3'], ['--restart', 'no']);
const certificate = fc.constantFrom<readonly string[]>([], ['-v', '/etc/ssl/corp.crt:/var/lib/rancher/etc/ssl/ca.crt'], ['-v', '/etc/ssl/corp.crt:/var/lib/rancher/etc/ssl/ca.crt:ro'], ['-v', '/etc/ssl/corp.crt:/ca.crt']);
const proxy = fc.constantFrom<readonly string[]>(
	[],
	['-e', 'http_proxy=http://proxy:3128', '-e', 'https_proxy=http://proxy:3128', '-e', 'no_proxy=localhost,.corp', '-e', 'NO_PROXY=localhost,.corp'],
	['-e', 'http_proxy=http://proxy:3128', '-e', 'https_proxy=http://proxy:3128'],
	['-e', 'http_proxy=http://proxy:3128'],
	['-e', 'http_proxy=http://proxy:3128/', '-e', 'https_proxy=http://proxy:3128/', '-e', 'no_proxy=localhost'],
	['-e', 'http_proxy=http://ops:corral9@proxy:3128', '-e', 'https_proxy=http://ops:corral9@proxy:3128'],
);
const heap = fc.constantFrom<readonly string[]>([], ['-e', 'JAVA_OPTS=-Xmx4096m'], ['-e', 'JAVA_OPTS=-Xmx4g -Dx="a b"'], ['-e', 'JAVA_OPTS=-Djavax.net.ssl.trustStorePassword=changeit']);
const settings = fc.subarray(['CATTLE_UPGRADE_MANAGER=none', 'CATTLE_PROMETHEUS_EXPORTER=true', 'VAULT_ADDR=https://vault:8200', 'VAULT_TOKEN=s.corral9gate', 'JAVA_STORE_PASS=changeit', 'DEFAULT_CATTLE_CATALOG_URL={"catalogs":{"library":{"url":"https://git.corp/rancher-catalog.git","branch":"v1.6-release"}}}', 'TZ=Asia/Shanghai', 'CATTLE_JAVA_OPTS=-Xmx1g']);
const ownVariable = fc.tuple(fc.stringMatching(/^OWN_[A-Z0-9_]{0,8}$/), plainValue).map(([name, value]) => `${name}=${value}`);
const variables = fc.tuple(settings, fc.uniqueArray(ownVariable, { maxLength: 2, selector: (pair) => pair.split('=', 1)[0] })).map(([a, b]): readonly string[] => [...a, ...b].flatMap((pair) => ['-e', pair]));

const carried = fc
	.tuple(
		sometimes(oneOf('--memory', '4g', '8192m', '6442450944')),
		sometimes(oneOf('--memory-swap', '-1', '20g')),
		sometimes(oneOf('--cpus', '0.5', '2')),
		sometimes(some('--log-opt=max-size=10m', '--log-opt=max-file=3')),
		sometimes(oneOf('--log-driver', 'journald', 'none')),
		sometimes(some('--label=team=platform', '--label=note=a=b, c', '--label=empty=')),
		sometimes(some('--ulimit=nofile=1024:65536', '--ulimit=core=0')),
		sometimes(some('--cap-add=NET_ADMIN', '--cap-drop=MKNOD', '--security-opt=no-new-privileges', '--security-opt=systempaths=unconfined', '--group-add=999')),
		sometimes(some('--dns=10.0.0.53', '--dns-search=corp', '--dns-option=ndots:2', '--add-host=git.corp:10.0.0.7')),
		sometimes(some('--device=/dev/fuse', '--device=/dev/null:/dev/nothing:r', '--sysctl=net.core.somaxconn=1024', '--tmpfs=/run:size=64m', '--tmpfs=/tmp')),
		sometimes(some('--init', '--read-only', '--tty', '--privileged', '--shm-size=128m', '--pids-limit=500', '--oom-score-adj=-500', '--stop-timeout=60', '--stop-signal=SIGINT')),
		sometimes(some('--user=root', '--workdir=/var/lib/cattle', '--domainname=corp', '--health-cmd=curl -f localhost:8080/ping', '--health-interval=30s', '--health-retries=3')),
		sometimes(some('--pid=host', '--ipc=host', '--uts=host', '--userns=host', '--cgroupns=private', '--cgroup-parent=/rancher')),
		sometimes(some('-v', '/etc/localtime:/etc/localtime:ro').map((list) => (list.length === 2 ? list : []))),
		sometimes(some('--volume=/srv/logs:/var/log/mysql', '--volume=cattle:/var/lib/cattle', '--volume=/srv/x:/x:Z')),
	)
	.map((lists) => lists.flat());

const values = { host: fc.constantFrom('db.corp', '10.0.0.5', 'fd00::5'), user: fc.constantFrom('ranch', 'cattle'), password: fc.oneof(fc.constantFrom('cattle', '-corral', "o'brien $9", '--db-name'), fc.stringMatching(/^[!-~]{6,20}$/)), name: fc.constantFrom('rancher', 'cattle'), port: fc.constantFrom('3306', '13306') };
const pairsOf = (names: readonly string[], give: (name: string, value: string) => readonly string[]) =>
	fc.record(values).chain((all) => fc.subarray(names.slice(1)).map((more) => [names[0] ?? '', ...more].flatMap((name) => give(name, all[name as keyof typeof all]))));

const fields = ['host', 'port', 'user', 'password', 'name'];
const flagOf: Readonly<Record<string, string>> = { host: '--db-host', port: '--db-port', user: '--db-user', password: '--db-pass', name: '--db-name' };
const variableOf: Readonly<Record<string, string>> = { host: 'MYSQL_HOST', port: 'MYSQL_PORT', user: 'USERNAME', password: 'PASSWORD', name: 'MYSQL_NAME' };
const byFlags = pairsOf(fields, (name, value) => [flagOf[name] ?? '', value]);
const byVariables = pairsOf(fields, (name, value) => ['-e', `CATTLE_DB_CATTLE_${variableOf[name] ?? ''}=${value}`]);

export interface Arguments {
	readonly path: 'single-container' | 'bind-mount' | 'external-database' | 'high-availability';
	/** Before the image. */
	readonly options: readonly string[];
	readonly image: string;
	/** After the image. */
	readonly words: readonly string[];
	/** The container whose volumes it has. */
	readonly dataContainer: string | undefined;
}

const none: readonly string[] = [];
const storage: fc.Arbitrary<Omit<Arguments, 'image'>> = fc.oneof(
	fc.constant({ path: 'single-container' as const, options: none, words: none, dataContainer: undefined }),
	fc.constantFrom('rancher-data', 'rancher-data:rw', 'old_one').map((from) => ({ path: 'single-container' as const, options: [`--volumes-from=${from}`], words: none, dataContainer: from.replace(':rw', '') })),
	fc.constant({ path: 'single-container' as const, options: ['-v', 'rancher-db:/var/lib/mysql'], words: none, dataContainer: undefined }),
	fc.constantFrom('/srv/mysql', '/srv/my sql/', "/srv/o'brien").map((folder) => ({ path: 'bind-mount' as const, options: ['-v', `${folder}:/var/lib/mysql`], words: none, dataContainer: undefined })),
	byFlags.map((list) => ({ path: 'external-database' as const, options: none, words: list, dataContainer: undefined })),
	byVariables.map((list) => ({ path: 'external-database' as const, options: list, words: none, dataContainer: undefined })),
	byFlags.map((list) => ({ path: 'high-availability' as const, options: ['-p', '9345:9345'], words: [...list, '--advertise-address', '10.0.0.1'], dataContainer: undefined })),
	byFlags.map((list) => ({ path: 'high-availability' as const, options: ['-p', '9345:9345'], words: ['--advertise-http-port', '80', '--advertise-address', '10.0.0.1', ...list], dataContainer: undefined })),
);
const linked: fc.Arbitrary<Omit<Arguments, 'image'>> = fc.constant({ path: 'external-database' as const, options: ['--link=mysql-1:mysql'], words: none, dataContainer: undefined });

const image = fc.constantFrom('rancher/server:v1.6.14', 'rancher/server:latest', 'rancher/server', 'registry.corp:5000/rancher/server:v1.6.14', 'localhost/mirror/rancher/server:v1.6.14', 'docker.io/rancher/server:v1.6.14');

/** Every kind of server, with any options beside what makes its path. */
export const serverArguments: fc.Arbitrary<Arguments> = fc
	.tuple(fc.oneof({ weight: 8, arbitrary: storage }, { weight: 1, arbitrary: linked }), network, publish, restart, certificate, proxy, heap, variables, carried, image)
	.map(([path, net, ports, ...rest]) => {
		const [policy, cert, proxied, memory, own, more, reference] = rest;
		// A link of the old kind is of the default network; a server of a cluster has no address of its own in its command.
		const joined = path.options.some((option) => option.startsWith('--link')) || path.path === 'high-availability' ? net.filter((option) => option === '--network=host' && path.path === 'high-availability') : net;
		return { ...path, options: [...path.options, ...joined, ...ports, ...policy, ...cert, ...proxied, ...memory, ...own, ...more], image: reference };
	});
