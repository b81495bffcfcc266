import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { certificatePlace, oldCertificatePlace } from '../certificate.ts';
import { gibibyte, parseSize } from '../sizes.ts';
import { refuse, warn, type Rule, type RuleResult } from './rule.ts';

/** The options of `docker run` that are carried over as they are, and those with fields that work together with them. */
export const validateOptions: Rule = (form) => [...validateTwice(form), ...validateCatalog(form), ...validateMemory(form), ...validateNetwork(form), ...validateRestart(form)];

/** Options by name, with their value and their place in the list. */
function optionsOf(form: Form): { name: string; value: string; item: number }[] {
	return form.items('docker_options').map(({ text }, item) => {
		const at = text.indexOf('=');
		return { name: at < 0 ? text : text.slice(0, at), value: at < 0 ? '' : text.slice(at + 1), item };
	});
}

/** Whether the container has the network of its host: its own ports and loopback are the host's. */
export function sharesHostNetwork(form: Form): boolean {
	return optionsOf(form).some(({ name, value }) => name === '--network' && value === 'host');
}

/** Whether the reader's own options mount something where the catalog lies. */
export function keepsCatalog(form: Form): boolean {
	return optionsOf(form).some(({ name, value }) => placeOf(name, value) === catalogPlace);
}

/** Places in the container that a field mounts something at. */
const databasePlace = '/var/lib/mysql';
/** Logs and caches of a server, the catalog among them. */
const catalogPlace = '/var/lib/cattle';
const fieldOfPlace: Readonly<Record<string, readonly string[]>> = {
	[databasePlace]: ['data_dir', 'data_volume', 'data_container'],
	[certificatePlace]: ['ca_cert'],
	[catalogPlace]: ['catalog_volume'],
	[oldCertificatePlace]: ['ca_cert'],
};

/** Docker refuses two mounts at one place, and one that was asked for hides that of a data container. A server with an external database keeps nothing there. */
function validateTwice(form: Form): RuleResult[] {
	return optionsOf(form).flatMap(({ name, value, item }) => {
		const place = placeOf(name, value);
		if (place === databasePlace && form.text('db_host') !== undefined) return [];
		const field = place === undefined ? undefined : fieldOfPlace[place]?.find((one) => form.items(one).length > 0);
		if (field === undefined) return [];
		return [refuse(problem('server.option-has-field', { parameter: 'docker_options', option: name, field }, { parameter: 'docker_options', item }))];
	});
}

/** What is mounted there is the old server's clone of the catalog: without a way to its address the new server goes on with that. Source: catalog-service, `manager/local.go`. */
function validateCatalog(form: Form): RuleResult[] {
	return optionsOf(form).flatMap(({ name, value, item }) => {
		if (placeOf(name, value) !== catalogPlace || name === '--tmpfs') return [];
		return [warn(problem('server.catalog-kept', { parameter: 'docker_options', value }, { parameter: 'docker_options', item }))];
	});
}

function placeOf(name: string, value: string): string | undefined {
	if (name === '--volume') return value.split(':')[1];
	if (name === '--tmpfs') return value.split(':')[0];
	if (name !== '--mount') return undefined;
	return /(?:^|,)(?:dst|destination|target)=([^,]*)/.exec(value)?.[1];
}

/**
 * The server needs 1 GB beside its database, and its heap must fit into the limit: it measures the machine's memory, not the container's.
 *
 * Source: https://rancher.com/docs/rancher/v1.6/en/installing-rancher/installing-server/ (requirements); `cattle.sh`, run(); rancher/rancher#9636, #11314.
 */
function validateMemory(form: Form): RuleResult[] {
	return optionsOf(form).flatMap(({ name, value, item }) => {
		const limit = name === '--memory' ? parseSize(value) : undefined;
		if (limit === undefined || limit === 0) return [];
		const where = { parameter: 'docker_options', item };
		if (limit <= gibibyte) return [warn(problem('server.memory-small', { parameter: 'docker_options', value }, where))];
		const heap = /(?:^| )-Xmx(\S+)/.exec(form.text('java_opts') ?? '')?.[1];
		if (heap === undefined || (parseSize(heap) ?? 0) < limit) return [];
		return [warn(problem('server.heap-over-limit', { parameter: 'docker_options', value, heap }, where))];
	});
}

/** Docker drops published ports where the container has the host's network. Source: docker run, "--network host". */
function validateNetwork(form: Form): RuleResult[] {
	const value = form.text('publish');
	if (value === undefined || !sharesHostNetwork(form)) return [];
	return [warn(problem('server.publish-ignored', { parameter: 'publish', value }, { parameter: 'publish' }))];
}

/** A stopped old server with `always` comes back with the next reboot. Source: rancher/rancher#3519; https://rancher.com/docs/rancher/v1.6/en/upgrading/ */
function validateRestart(form: Form): RuleResult[] {
	const at = { parameter: 'restart' };
	if (form.text('restart') === 'always') return [warn(problem('server.restart-always', { parameter: 'restart' }, at))];
	return form.text('restart') === 'no' ? [warn(problem('server.restart-none', { parameter: 'restart' }, at))] : [];
}
