/**
 * How what was found reaches another page. What Drover found on this machine is looked at again there, so that secrets travel nowhere; of a pasted text
 * the values go by the tab's storage, without its secrets: those are typed there.
 */
import { detect } from '../rancher/detect/detect.ts';
import { secretsOf, type Found } from '../rancher/detect/found.ts';
import { connection } from './connection.ts';
import { locale, siteRoot } from './locale.ts';
import type { PageStore } from './page-store.ts';
import { tabKept } from './storage.ts';
import type { Value, Values } from '../runbook/value.ts';

const key = 'drover.found';

export function handOver(runbook: string, found: Found, here: boolean): void {
	const page = new URL(`${locale}/${runbook}/`, siteRoot);
	if (here) page.hash = `look=${encodeURIComponent(found.container)}`;
	else tabKept.write(key, JSON.stringify({ runbook, values: withoutSecrets(found) }));
	location.assign(page);
}

function withoutSecrets({ values }: Found): Values {
	const { parameters, variables } = secretsOf(values);
	const kept = Object.entries(values).flatMap(([name, value]): [string, Value][] => {
		if (parameters.includes(name)) return [];
		if (name !== 'env' || !Array.isArray(value)) return [[name, value]];
		return [[name, value.filter((one) => typeof one === 'string').filter((one) => !variables.includes(one.split('=')[0] ?? ''))]];
	});
	return Object.fromEntries(kept);
}

/** Takes what another page has found, once the server's session is known. */
export async function takeOver(store: PageStore): Promise<void> {
	const handed = takeStored(store.data.runbook.id);
	if (handed) return store.takeDetected(handed);
	const container = /^#look=(.+)$/.exec(location.hash)?.[1];
	if (container === undefined || !connection.api) return;
	history.replaceState(null, '', location.pathname + location.search);
	const answer = await connection.api.detect();
	const found = detect(answer.documents).found.find((one) => one.container === decodeURIComponent(container));
	if (found) store.takeDetected(found.values);
}

function takeStored(runbook: string): Values | undefined {
	try {
		const stored = JSON.parse(tabKept.read(key) ?? 'null') as { runbook: string; values: Values } | null;
		if (stored?.runbook !== runbook) return undefined;
		tabKept.remove(key);
		return stored.values;
	} catch {
		return undefined;
	}
}
