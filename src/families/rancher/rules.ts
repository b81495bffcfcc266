/**
 * What is known about values of a Rancher upgrade beyond their types: what follows from others, what cannot work, and what to know before it is tried. Each rule names
 * its source where it stands.
 */
import { olderClient, olderEngine, tooOldDocker } from '../../runbook/command/oldest-docker.ts';
import type { Form, Rules } from '../../runbook/values/resolve.ts';
import { certificatePlaceOf } from './certificate.ts';
import { dockerRangeOf } from './docker-support.ts';
import { catalogDefaults, catalogVolumeOf } from './infrastructure-stacks.ts';
import { makerLabels } from './detect/makers.ts';
import { validateAgent } from './validate/agent.ts';
import { validateCertificate } from './validate/certificate.ts';
import { validateData } from './validate/data.ts';
import { validateDatabase } from './validate/database.ts';
import { validateNetwork } from './validate/network.ts';
import { validateNodes } from './validate/nodes.ts';
import { validateOptions, keepsCatalog, sharesHostNetwork } from './validate/options.ts';
import { validateSchema } from './validate/schema.ts';
import { validateSecrets } from './validate/secrets.ts';
import { validateStacks } from './validate/stacks.ts';
import { crosses, validateOrder, validateTags } from './validate/tags.ts';
import { validateManager } from './validate/manager.ts';
import { hasPatientAddress, shortTimeout } from './validate/target-variables.ts';
import { validateVariables } from './validate/variables.ts';
import { validateWords } from './validate/words.ts';
import { targetOf } from './validate/rule.ts';
import { agentImageOf, balancerImageOf, migratedTables, schemaMoves, schemaOf } from './releases.ts';
import { knowsFlags, knowsStrict } from './server-flags.ts';

const rules = [validateTags, validateOrder, validateSchema, validateData, validateCertificate, validateVariables, validateSecrets, validateOptions, validateNetwork, validateDatabase, validateNodes, validateAgent, validateWords, validateManager, validateStacks];

export const rancherRules: Rules = {
	defaults: (form) => present({ agent_image: agentImageOf(targetOf(form) ?? ''), advertise_http_port: otherPort(form), catalog_volume: catalogVolume(form) }),

	derive: (form) => {
		const [old, next] = [form.text('old_tag'), form.text('new_tag')];
		return present({
			ca_target: certificatePlaceOf(next ?? 'latest'),
			old_ca_target: old && certificatePlaceOf(old),
			balancer_image: balancerImageOf(targetOf(form) ?? ''),
			old_docker: tooOldDocker,
			older_client: olderClient,
			older_engine: olderEngine,
			docker_range: dockerRangeOf(targetOf(form) ?? ''),
			catalog_defaults: catalogDefaults,
			maker_labels: makerLabels,
			connections_needed: String(connectionsNeeded(form.items('nodes').length)),
			schema_moves: old && next ? schemaMoves(old, next) : 'unknown',
			migrated_tables: old && next && migratedTables(old, next).join(','),
			old_schema: old && paddedSchema(old),
			short_timeout: old && next && schemaMoves(old, next) !== 'no' && !hasPatientAddress(form) ? shortTimeout : undefined,
			crosses_directory_names: old && next && (crosses('v1.6.8', old, next) ? 'yes' : 'no'),
			...oldDatabase(form, old),
			old_agent_image: oldAgent(form, old),
			// Before 1.2 a script made the servers that share a database. Source: https://rancher.com/docs/rancher/v1.1/en/installing-rancher/installing-server/multi-nodes/
			old_ha: old && (knowsFlags(old) ? 'flags' : 'script'),
		});
	},

	validate: (form) => {
		const results = rules.flatMap((rule) => rule(form));
		return {
			refused: results.filter(({ refused }) => refused).map(({ problem }) => problem),
			warnings: results.filter(({ refused }) => !refused).map(({ problem }) => problem),
		};
	},
};

/** As files of change sets have it in their names: `083`, `122`. */
function paddedSchema(tag: string): string | undefined {
	return schemaOf(tag)?.toString().padStart(3, '0');
}

/** Each server opens up to fifty; Rancher asks for 150 at the least. Source: https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/multi-nodes/ */
function connectionsNeeded(nodes: number): number {
	return Math.max(150, 50 * nodes);
}

/** Without internet the catalog of the new image must not lie below the old server's volumes. A volume of a name of its own for the database brings no others along; what the old server has mounted there itself stays. */
function catalogVolume(form: Form): string | undefined {
	const target = targetOf(form);
	return target === undefined || !form.asks('catalog_volume') || keepsCatalog(form) || form.text('registry') === undefined || form.text('data_volume') !== undefined ? undefined : catalogVolumeOf(target);
}

/** The others look for a server at 8080 unless it says otherwise. Source: rancher/rancher, `server/bin/entry`, `--advertise-http-port`. */
function otherPort(form: Form): string | undefined {
	const port = form.items('publish')[0]?.fields['port'];
	return port === undefined || port === '8080' || !form.asks('nodes') || sharesHostNetwork(form) ? undefined : port;
}

/** How the old image is told its database, on the way back: before 1.2 by variables only, and without a switch that it does not know. */
function oldDatabase(form: Form, old: string | undefined): Record<string, string | undefined> {
	if (old === undefined || form.text('db_host') === undefined) return {};
	const isStrict = (form.text('db_strict') ?? 'false') !== 'false';
	return { old_db_style: knowsFlags(old) || form.text('db_style') === 'words' ? form.text('db_style') : 'env', old_db_strict: String(isStrict && knowsStrict(old)) };
}

/** On the way back hosts need the agent of the old release; an image of one's own keeps its repository. */
function oldAgent(form: Form, old: string | undefined): string | undefined {
	const paired = agentImageOf(old ?? '');
	const [repository = ''] = (form.text('agent_image') ?? '').split(':');
	return paired && repository ? `${repository}:${paired.split(':')[1] ?? ''}` : paired;
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
	return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
}
