/** The types of the parameters that detection fills in, as the family declares them: what is found passes the same patterns as what is typed. */
import type { Parameter } from '../../runbook/definition/parameter.ts';

const typeOf = {
	container: 'container',
	old_tag: 'tag',
	auto_remove: 'switch',
	image: 'image',
	registry: 'registry',
	publish: 'publish',
	restart: 'restart',
	data_container: 'container',
	data_volume: 'volume',
	data_dir: 'path',
	ca_cert: 'path',
	env: 'env',
	proxy: 'proxy',
	no_proxy: 'text',
	java_opts: 'java-options',
	docker_options: 'docker-options',
	command_words: 'words',
	data_options: 'mount-options',
	ca_options: 'mount-options',
	db_style: 'choice',
	db_host: 'host',
	db_port: 'port',
	db_user: 'name',
	db_password: 'secret',
	db_name: 'name',
	db_strict: 'switch',
	nodes: 'nodes',
	advertise_http_port: 'port',
	agent_image: 'agent-image',
} as const satisfies Readonly<Record<string, Parameter['type']>>;

export type FoundParameter = keyof typeof typeOf;

/** The parameters that detection can find. */
export const foundParameters = Object.keys(typeOf) as readonly FoundParameter[];

/** A parameter as far as its value is concerned. */
export function parameterOf(name: FoundParameter): Parameter {
	const type = typeOf[name];
	const common = { group: 'found', advanced: false };
	if (type === 'choice') return { ...common, type, options: ['flags', 'env', 'words'] };
	if (type === 'path') return { ...common, type, relative: false };
	return { ...common, type };
}
