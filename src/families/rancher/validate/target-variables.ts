/** Variables that mean something else, or nothing, to the image that is started: what was right for the old one may keep the new one from its work. */
import type { Problem } from '../../../runbook/problem.ts';
import { problem } from '../problem.ts';
import type { Form } from '../../../runbook/values/resolve.ts';
import { isAtLeast } from '../tags.ts';
import { removedSince, settingOf } from '../variables.ts';
import { targetOf, warn, type RuleResult } from './rule.ts';

/**
 * Their encoder is of logstash-logback-encoder 1.2, made for logback 1.0; logback 1.2.3 asks encoders for other methods, and the server ends while it sets up its log.
 *
 * Source: rancher/cattle f35e2ae39 ("Upgrade logback to 1.2.3", v0.183.23; v1.6.11 has v0.183.30), `code/meta-parent/pom.xml`, `logback/logback-logstash-*.xml`; rancher/rancher#10672.
 */
const logstash = /^CATTLE_LOGBACK_OUTPUT_LOGSTASH_(?:CONSOLE|FILE|SYSLOG)$/;
const logbackRelease = 'v1.6.11';

/** The address by which change sets reach the database, and what in it interrupts them: a script asks the same of a server that runs. As grep and JavaScript read it, in any case. */
export const changeAddress = 'CATTLE_DB_LIQUIBASE_MYSQL_URL';
export const shortTimeout = '[?&]socketTimeout=0*[1-9]';

/** Whether somebody has given the new server an address that lets change sets end. */
export function hasPatientAddress(form: Form): boolean {
	const value = form.items('env').findLast(({ fields }) => fields['name'] === changeAddress)?.fields['value'];
	return value !== undefined && !interrupts(value);
}

function interrupts(address: string): boolean {
	return new RegExp(shortTimeout, 'i').test(address);
}

/** What a variable does in the target. */
export function validateInTarget(form: Form, name: string, value: string, where: Pick<Problem, 'parameter' | 'item'>): RuleResult[] {
	const tag = targetOf(form);
	if (tag === undefined) return [];
	const slots = { parameter: 'env', name };
	if (logstash.test(name)) return value.toLowerCase() === 'true' && isAtLeast(tag, logbackRelease) ? [warn(problem('server.env-stops-server', { ...slots, tag: logbackRelease }, where))] : [];
	// What the server says of its start and of the change sets goes to the console alone. Source: rancher/cattle, `logback/logback-console.xml`.
	if (name === 'CATTLE_LOGBACK_OUTPUT_CONSOLE') return value !== '' && value.toLowerCase() !== 'true' ? [warn(problem('server.env-quiet-log', slots, where))] : [];
	// It replaces the default, allowNativePasswords=true. Source: rancher/cattle 0d635ec1e, `cattle-global.properties`; rancher/rancher#9018, #4199.
	if (name === 'CATTLE_DB_CATTLE_GO_PARAMS') return isParameterOn(value, 'allowNativePasswords') || !isAtLeast(tag, 'v1.6.3') ? [] : [warn(problem('server.env-go-params', slots, where))];
	// Its default has none, for a change set may take longer. Source: rancher/cattle 1e46fd048, `db.liquibase.mysql.url`; rancher/rancher#3949.
	if (name === changeAddress) return interrupts(value) ? [warn(problem('server.env-socket-timeout', slots, where))] : [];
	const setting = settingOf(name);
	const since = setting === undefined ? undefined : removedSince(setting);
	return since !== undefined && isAtLeast(tag, since) ? [warn(problem('server.env-removed', { ...slots, tag: since }, where))] : [];
}

function isParameterOn(parameters: string, name: string): boolean {
	return parameters.split('&').some((pair) => pair.toLowerCase() === `${name.toLowerCase()}=true`);
}
