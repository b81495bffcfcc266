/** From the words that made a server to the command that Drover makes of its document, and what that command has to be. */
import { parseServerArguments } from '../../../src/families/rancher/server-flags.ts';
import { detect } from '../../../src/families/rancher/detect/detect.ts';
import type { Found } from '../../../src/families/rancher/detect/found.ts';
import { rancherRules } from '../../../src/families/rancher/rules.ts';
import { renderStep, type Rendered } from '../../../src/runbook/command/render.ts';
import { resolve } from '../../../src/runbook/values/resolve.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { parseRun, type RunCommand } from './docker-run.ts';
import { asked, runbookOf } from './family.ts';

const repeated = `[--restart=\${restart}] [-p \${publish}:8080] [-v \${ca_cert}:\${ca_target}[:\${ca_options}]]
 [-e http_proxy=\${proxy} -e https_proxy=\${proxy} -e no_proxy=[\${no_proxy}] -e NO_PROXY=[\${no_proxy}]] [-e JAVA_OPTS=\${java_opts}]
 [-e CATTLE_BOOTSTRAP_REQUIRED_IMAGE=\${registry}/\${agent_image}] [-e \${env}]... [\${docker_options}]...`.replaceAll('\n', '');
const image = '[${registry}/]${image}:${new_tag}';
const words = '[${command_words}]...';
const flags = '--db-host ${db_host} --db-port ${db_port} --db-user ${db_user} --db-pass ${db_password} --db-name ${db_name} [${db_strict}]';
const variables = '-e CATTLE_DB_CATTLE_MYSQL_HOST=${db_host} -e CATTLE_DB_CATTLE_MYSQL_PORT=${db_port} -e CATTLE_DB_CATTLE_USERNAME=${db_user} -e CATTLE_DB_CATTLE_PASSWORD=${db_password} -e CATTLE_DB_CATTLE_MYSQL_NAME=${db_name}';

/** How the runbook of each path starts its new server. */
const starts: Readonly<Record<string, unknown>> = {
	'single-container': [
		{ when: { given: ['data_volume'] }, run: `docker run -d -v \${data_volume}:/var/lib/mysql[:\${data_options}] ${repeated} ${image} ${words}` },
		{ run: `docker run -d --volumes-from \${data_container} ${repeated} ${image} ${words}` },
	],
	'bind-mount': `docker run -d -v \${data_dir}:/var/lib/mysql[:\${data_options}] ${repeated} ${image} ${words}`,
	'external-database': [
		{ when: { is: { db_style: 'words' } }, run: `docker run -d ${repeated} ${image} ${words}` },
		{ when: { is: { db_style: 'env' } }, run: `docker run -d ${variables} ${repeated} ${image} [\${db_strict}]` },
		{ run: `docker run -d ${repeated} ${image} ${flags}` },
	],
	'high-availability': [
		{ when: { is: { db_style: 'words' } }, run: `docker run -d -p 9345:9345 ${repeated} ${image} ${words}` },
		{ when: { is: { db_style: 'env' } }, run: `docker run -d -p 9345:9345 ${variables} ${repeated} ${image} --advertise-address 10.0.0.1 [--advertise-http-port \${advertise_http_port}]` },
		{ run: `docker run -d -p 9345:9345 ${repeated} ${image} ${flags} --advertise-address 10.0.0.1 [--advertise-http-port \${advertise_http_port}]` },
	],
};

/** The first server that detection finds in documents. */
export function findServer(documents: readonly object[]): Found {
	const { found, problems } = detect(JSON.stringify(documents));
	const [server] = found;
	if (!server || problems.length > 0) throw new RangeError(JSON.stringify(problems));
	return server;
}

/** Fills a form with what was found, and renders the command that starts the new server: as it runs, and as it is shown. */
export function renderFound(found: Found, more: Values = {}): RunCommand & Pick<Rendered, 'argv' | 'env' | 'display'> {
	const id = (found.runbook ?? '').split('/').at(-1) ?? '';
	const runbook = runbookOf(id, asked[id], starts[id]);
	const resolved = resolve(runbook, rancherRules, { ...found.values, new_tag: 'v1.6.30', ...more });
	if (resolved.refused.length > 0) throw new RangeError(JSON.stringify(resolved.refused));
	const [step] = runbook.steps;
	const rendered = step && renderStep(step, 'run', resolved);
	if (!rendered || rendered.problems.length > 0) throw new RangeError(JSON.stringify(rendered?.problems));
	const { argv, env, display } = rendered;
	return { ...parseRun(argv.slice(2), env), argv, env, display };
}

const certificate = '/var/lib/rancher/etc/ssl/ca.crt';

/**
 * The command that a server made with these words has to become: the same options, with a newer image and the old forms in their new one. What stands beside
 * each line is what the documentation of the upgrade says.
 */
export function expectedOptions(words: readonly string[], dataContainer = 'rancher-data'): readonly string[] {
	const { options } = parseRun(words);
	const value = (name: string) => options.find((option) => option.startsWith(`--env=${name}=`))?.slice(`--env=${name}=`.length);
	// A password or a slash in it: then it stays two variables.
	const proxied = /^https?:\/\/[A-Za-z0-9.-]+(?::\d+)?$/.test(value('http_proxy') ?? '') && value('http_proxy') === value('https_proxy');
	const spared = value('no_proxy') ?? value('NO_PROXY') ?? 'localhost,127.0.0.1';
	const translated = options.flatMap((option) => {
		if (/^--(?:name|rm|detach)/.test(option)) return [];
		if (option === '--restart=always') return ['--restart=unless-stopped'];
		if (option.startsWith('--volume=') && option.split(':')[1] === '/ca.crt') return [`${option.slice(0, option.indexOf(':'))}:${certificate}`];
		if (/^--env=(?:CATTLE_AGENT_INSTANCE_IMAGE|CATTLE_REDIS_HOSTS)=/.test(option)) return [];
		if (proxied && /^--env=(?:no_proxy|NO_PROXY)=/.test(option)) return [];
		if (option.startsWith('--env=CATTLE_BOOTSTRAP_REQUIRED_IMAGE=')) return [];
		// Every privilege holds this one, and the document does not tell them apart.
		if (option === '--security-opt=systempaths=unconfined' && options.includes('--privileged')) return [];
		if (/^--volumes-from=/.test(option)) return [option.replace(/:rw$/, '')];
		if (option.startsWith('--volume=') && option.includes(':/var/lib/mysql')) return [option.replace(/\/+:/, ':')];
		return [option];
	});
	const hasData = translated.some((option) => /^--volumes-from=|:\/var\/lib\/mysql$|MYSQL_HOST|--link=[^:]*:mysql$/.test(option)) || parseRun(words).words.includes('--db-host');
	return [
		...translated,
		...(options.some((option) => option.startsWith('--restart=')) ? [] : ['--restart=no']),
		...(proxied ? [`--env=no_proxy=${spared}`, `--env=NO_PROXY=${spared}`] : []),
		...(parseRun(words).words.includes('--advertise-address') && !options.includes('--publish=9345:9345') ? ['--publish=9345:9345'] : []),
		...(hasData ? [] : [`--volumes-from=${dataContainer}`]),
		'--detach',
	].toSorted();
}

export const databaseVariables = /^--env=CATTLE_DB_CATTLE_(?:MYSQL_(?:HOST|PORT|NAME)|USERNAME|PASSWORD)=/;

/**
 * Whether the new command has an option of the old one word for word: not the database, which has fields of its own, not the agent's image, and not a proxy with a
 * password in it, which is refused by name, since the client would read it too.
 */
export function isCarried(option: string): boolean {
	return !databaseVariables.test(option) && !/^--env=https?_proxy=.*@/i.test(option) && !option.startsWith('--env=CATTLE_BOOTSTRAP_REQUIRED_IMAGE=');
}

/** The database that a command tells its server, by flags, by variables or by a link, with the image's own defaults. */
export function databaseOf({ options, words }: RunCommand): Readonly<Record<string, string | undefined>> {
	const flags = parseServerArguments(words).values;
	const variable = (name: string) => options.find((option) => option.startsWith(`--env=CATTLE_DB_CATTLE_${name}=`))?.split('=').slice(2).join('=');
	const linked = options.some((option) => /^--link=[^:]+:mysql$/.test(option)) ? 'mysql' : undefined;
	const host = flags.get('db_host') ?? variable('MYSQL_HOST') ?? linked;
	if (host === undefined) return {};
	return {
		host,
		port: flags.get('db_port') ?? variable('MYSQL_PORT') ?? '3306',
		user: flags.get('db_user') ?? variable('USERNAME') ?? 'cattle',
		password: flags.get('db_password') ?? variable('PASSWORD') ?? 'cattle',
		name: flags.get('db_name') ?? variable('MYSQL_NAME') ?? 'cattle',
		strict: flags.get('db_strict'),
	};
}
