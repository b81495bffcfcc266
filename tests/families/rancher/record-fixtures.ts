/**
 * Records what a Docker engine prints of containers that were made with many combinations of options: `node tests/families/rancher/record-fixtures.ts`, on a machine with
 * Docker. The containers are made of an empty image, never started, and removed.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageVariables } from './engine.ts';

const prefix = 'drover-test';
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Words of `docker run` but for the image; `IMAGE` stands for it. */
const cases: Readonly<Record<string, { version: string; args: readonly string[]; reference?: string }>> = {
	'quick-start': { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', 'IMAGE'] },
	'no-restart': { version: 'v1.6.30', args: ['-p', '127.0.0.1:9090:8080', 'IMAGE'] },
	'v1.0': { version: 'v1.0.2', args: ['--restart=always', '-p', '8080:8080', '-v', '/etc/ssl/corp.crt:/ca.crt', '-e', 'CATTLE_AGENT_INSTANCE_IMAGE=rancher/agent-instance:v0.8.1', 'IMAGE'] },
	'external-by-variables': {
		version: 'v1.1.4',
		args: ['--restart=always', '-p', '8080:8080', '-e', 'CATTLE_DB_CATTLE_MYSQL_HOST=db.example', '-e', 'CATTLE_DB_CATTLE_MYSQL_PORT=3307', '-e', 'CATTLE_DB_CATTLE_MYSQL_NAME=rancher', '-e', 'CATTLE_DB_CATTLE_USERNAME=ranch', '-e', 'CATTLE_DB_CATTLE_PASSWORD=corral-gate-9', 'IMAGE'],
	},
	'external-by-flags': { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', 'IMAGE', '--db-host', 'db.example', '--db-port', '3306', '--db-user', 'ranch', '--db-pass', '-corral gate$9', '--db-name', 'rancher', '--db-strict-enforcing'] },
	'external-by-link': { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', '--link', `${prefix}-db:mysql`, 'IMAGE'] },
	cluster: { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', '-p', '9345:9345', 'IMAGE', '--db-host', 'db.example', '--db-user', 'ranch', '--db-pass', 'corral-gate-9', '--advertise-address', '10.0.0.1'] },
	'bind-mount': { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', '-v', '/srv/rancher/mysql/:/var/lib/mysql', 'IMAGE'] },
	'named-volume': { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', '-v', `${prefix}-volume:/var/lib/mysql`, 'IMAGE'] },
	'data-container': { version: 'v1.6.14', args: ['--restart=unless-stopped', '-p', '8080:8080', '--volumes-from', `${prefix}-data`, 'IMAGE'] },
	'air-gap': {
		version: 'v1.6.14',
		reference: 'registry.example:5000/mirror/rancher/server:v1.6.14',
		args: ['--restart=unless-stopped', '-p', '8080:8080', '-e', 'CATTLE_BOOTSTRAP_REQUIRED_IMAGE=registry.example:5000/mirror/rancher/agent:v1.2.9', 'IMAGE'],
	},
	repeated: {
		version: 'v1.6.14',
		args: [
			'--restart=on-failure:5', '-p', '8080:8080', '-v', '/etc/ssl/corp.crt:/var/lib/rancher/etc/ssl/ca.crt', '-e', 'http_proxy=http://proxy.example:3128', '-e', 'https_proxy=http://proxy.example:3128',
			'-e', 'no_proxy=localhost,127.0.0.1,.example', '-e', 'NO_PROXY=localhost,127.0.0.1,.example', '-e', 'JAVA_OPTS=-Xmx4096m -Dfile.encoding=UTF-8', '-e', 'CATTLE_UPGRADE_MANAGER=none', '-e', 'VAULT_TOKEN=s.corral9gate',
			'-e', 'MOTD=it\'s "fine" & $PATH\u3000*', 'IMAGE',
		],
	},
	limits: {
		version: 'v1.6.14',
		args: ['-p', '8080:8080', '--memory=4g', '--memory-reservation=2g', '--cpus=1.5', '--cpu-shares=512', '--shm-size=128m', '--pids-limit=500', '--oom-score-adj=-500', '--ulimit=nofile=1024:65536', '--ulimit=core=-1', '--device-read-bps=/dev/null:1m', '--init', '--read-only', '--tmpfs=/run:size=64m', '--tmpfs=/tmp', '--stop-timeout=60', '--stop-signal=SIGINT', 'IMAGE'],
	},
	'memory-swap': { version: 'v1.6.14', args: ['-p', '8080:8080', '--memory=4g', '--memory-swap=-1', '--cpu-period=100000', '--cpu-quota=50000', '--cpuset-cpus=0', '--oom-kill-disable', 'IMAGE'] },
	logs: { version: 'v1.6.14', args: ['-p', '8080:8080', '--log-opt=max-size=10m', '--log-opt=max-file=3', '--label=team=platform', '--label=note=a=b, c', 'IMAGE'] },
	syslog: { version: 'v1.6.14', args: ['-p', '8080:8080', '--log-driver=syslog', '--log-opt=syslog-address=udp://10.0.0.9:514', 'IMAGE'] },
	privileges: { version: 'v1.6.14', args: ['-p', '8080:8080', '--privileged', '--pid=host', '--ipc=host', '--uts=host', '--device=/dev/null', '-v', '/var/run/docker.sock:/var/run/docker.sock', 'IMAGE'] },
	security: { version: 'v1.6.14', args: ['-p', '8080:8080', '--cap-add=NET_ADMIN', '--cap-drop=MKNOD', '--security-opt=no-new-privileges', '--security-opt=systempaths=unconfined', '--security-opt=label=disable', '--group-add=999', '--device=/dev/null:/dev/nothing:r', '--device-cgroup-rule=c 1:3 mr', '--sysctl=net.ipv4.ip_forward=1', '--userns=host', '--cgroupns=private', '--cgroup-parent=/rancher', 'IMAGE'] },
	network: { version: 'v1.6.14', args: ['-p', '8080:8080', `--network=${prefix}-net`, '--network-alias=rancher', '--ip=10.99.0.9', `--link=${prefix}-db:logs`, '--dns=10.0.0.53', '--dns-search=example', '--dns-option=ndots:2', '--add-host=git.example:10.0.0.7', '--hostname=rancher', '--domainname=example', 'IMAGE'] },
	'host-network': { version: 'v1.6.14', args: ['--restart=unless-stopped', '--network=host', 'IMAGE', '--db-host', 'db.example', '--db-pass', 'corral-gate-9', '--advertise-address', 'eth0'] },
	ports: { version: 'v1.6.14', args: ['-p', '[::1]:8080:8080', '-p', '8081:8080', '-p', '127.0.0.1::3306', '-p', '514:514/udp', '--expose=99', '--expose=98/udp', '-P', 'IMAGE'] },
	mounts: { version: 'v1.6.14', args: ['-p', '8080:8080', '-v', '/var/log/rancher:/var/log/mysql:ro', '-v', '/anonymous', '-v', `${prefix}-volume:/named:z`, '-v', '/etc/localtime:/etc/localtime:ro', '--mount=type=bind,source=/etc,target=/host-etc,readonly', `--mount=type=volume,source=${prefix}-volume,target=/again,volume-nocopy`, '--mount=type=tmpfs,target=/memory,tmpfs-size=1048576', 'IMAGE'] },
	health: { version: 'v1.6.14', args: ['-p', '8080:8080', '--health-cmd=curl -f http://127.0.0.1:8080/ping || exit 1', '--health-interval=30s', '--health-timeout=5s', '--health-retries=3', '--health-start-period=10m', '--user=root', '--workdir=/var/lib/cattle', '-t', '-i', 'IMAGE'] },
	'own-entrypoint': { version: 'v1.6.14', args: ['-p', '8080:8080', '--entrypoint=/opt/start', '--no-healthcheck', 'IMAGE', 'now'] },
	'auto-remove': { version: 'v1.6.14', args: ['--rm', '-p', '8080:8080', 'IMAGE'] },
};

function importImage(version: string): string {
	const reference = `${prefix}-server:${version}`;
	const quoted = imageVariables(version).map((pair) => `${pair.slice(0, pair.indexOf('=') + 1)}'${pair.slice(pair.indexOf('=') + 1)}'`);
	const changes = [`ENV ${quoted.join(' ')}`, 'CMD ["/usr/bin/s6-svscan","/service"]', 'VOLUME /var/lib/mysql /var/log/mysql /var/lib/cattle', 'EXPOSE 8080 3306'];
	if (!/^v1\.[01]\./.test(version)) changes.push('ENTRYPOINT ["/usr/bin/entry"]');
	execFileSync('docker', ['import', ...changes.flatMap((change) => ['--change', change]), '-', reference], { input: Buffer.alloc(1024), stdio: ['pipe', 'ignore', 'inherit'] });
	return reference;
}

/** Fixtures name the real image, and are of servers that run. */
function tell(name: string, image: string, reference: string): object[] {
	const text = docker('container', 'inspect', `${prefix}-server`).replaceAll(`"${image}"`, `"${reference}"`).replaceAll(`${prefix}-server`, 'rancher').replaceAll(prefix, 'rancher');
	const [container] = JSON.parse(text);
	delete container.GraphDriver;
	if (name !== 'auto-remove') container.State = { ...container.State, Status: 'running', Running: true, StartedAt: '2018-01-12T08:00:01.5Z' };
	const [imageDocument] = JSON.parse(docker('image', 'inspect', image).replaceAll(`"${image}"`, `"${reference}"`));
	delete imageDocument.GraphDriver;
	return [container, imageDocument];
}

const made: string[][] = [];
try {
	const images = new Map([...new Set(Object.values(cases).map(({ version }) => version))].map((version) => [version, importImage(version)]));
	for (const image of images.values()) made.push(['image', 'rm', image]);
	docker('network', 'create', '--subnet=10.99.0.0/24', `${prefix}-net`);
	made.push(['network', 'rm', `${prefix}-net`]);
	for (const name of ['db', 'data']) {
		docker('create', '--name', `${prefix}-${name}`, images.get('v1.6.14') ?? '');
		made.push(['rm', '-v', `${prefix}-${name}`]);
	}
	for (const [name, { version, args, reference = `rancher/server:${version}` }] of Object.entries(cases)) {
		const image = images.get(version) ?? '';
		docker('create', '--name', `${prefix}-server`, ...args.map((word) => (word === 'IMAGE' ? image : word)));
		const recorded = { args: args.map((word) => (word === 'IMAGE' ? reference : word.replaceAll(prefix, 'rancher'))), version, documents: tell(name, image, reference) };
		docker('rm', '-v', `${prefix}-server`);
		writeFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), `${JSON.stringify(recorded, null, '\t')}\n`);
	}
} finally {
	for (const undo of made.reverse()) docker(...undo);
	docker('volume', 'rm', '--force', `${prefix}-volume`);
}
