import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FamilySource, type Runbook } from '../../src/runbook/definition.ts';
import { loadFamily } from '../../src/runbook/load.ts';
import { resolve, type Resolved } from '../../src/runbook/resolve.ts';
import { rancherRules } from '../../src/rancher/rules.ts';
import type { Values } from '../../src/runbook/value.ts';

const source = parse(readFileSync(join(import.meta.dirname, '../../src/content/runbooks/rancher-1.6/family.yaml'), 'utf8'));

/** The parameters of the family, as its definition has them. */
export const family = { parameters: FamilySource.shape.parameters.parse(source.parameters), derived: FamilySource.shape.derived.parse(source.derived) };

/** A runbook of the family that asks for these parameters and runs this snippet. */
export function runbookOf(id: string, parameters: readonly string[] = Object.keys(family.parameters), run: unknown = 'true'): Runbook {
	const { parameters: all, derived } = source;
	const familyText = JSON.stringify({ family: 'rancher-1.6', parameters: all, derived, steps: {}, runbooks: [id] });
	const runbookText = JSON.stringify({ id: `rancher-1.6/${id}`, parameters, steps: [{ id: 'start', phase: 'prepare', run }] });
	const { family: loaded, mistakes } = loadFamily({ path: 'rancher-1.6/family.yaml', text: familyText }, [{ path: `rancher-1.6/${id}.yaml`, text: runbookText }]);
	const runbook = loaded?.runbooks[0];
	if (!runbook) throw new SyntaxError(JSON.stringify(mistakes));
	return runbook;
}

const upgradeParameters = ['container', 'old_tag', 'image', 'new_tag', 'new_container', 'publish', 'restart', 'ca_cert', 'env', 'proxy', 'no_proxy', 'java_opts', 'docker_options', 'command_words', 'ca_options', 'registry', 'agent_image', 'backup_file'];
const database = ['db_style', 'db_host', 'db_port', 'db_user', 'db_password', 'db_name', 'db_strict'];

/** What each runbook asks for. */
export const asked: Readonly<Record<string, readonly string[]>> = {
	'single-container': [...upgradeParameters, 'auto_remove', 'data_container', 'data_volume', 'data_options', 'catalog_volume'],
	'bind-mount': [...upgradeParameters, 'auto_remove', 'data_dir', 'data_options'],
	'external-database': [...upgradeParameters, 'auto_remove', ...database],
	'high-availability': [...upgradeParameters, 'auto_remove', ...database, 'nodes', 'advertise_http_port'],
	'roll-back': [...upgradeParameters, ...database, 'nodes', 'advertise_http_port', 'data_container', 'data_volume', 'data_dir', 'data_options'],
};

/** Values that a runbook's form needs to be without a verdict but those that a test is about. */
export function resolveIn(id: string, values: Values): Resolved {
	const runbook = runbookOf(id, asked[id]);
	return resolve(runbook, rancherRules, values);
}
