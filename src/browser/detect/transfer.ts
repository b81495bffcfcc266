/**
 * How what was found reaches another page, by the tab's storage. Of what Drover found on this machine the container's name goes, and it is detected again there,
 * so that secrets travel nowhere; of a pasted text the values go, without its secrets: those are typed there. A name in the address is a link, and anybody can
 * make one: it proposes, and does nothing before a press.
 */
import type { Detection, Found } from '../../families/family.ts';
import { loadDetection } from '../../families/family-loaders.ts';
import { connection } from '../connection/connection.ts';
import { locale, siteRoot } from '../ground/locale.ts';
import { showNotice } from '../ground/page-notice.ts';
import type { PageStore } from '../store/page-store.ts';
import { Refused, Unreachable } from '../connection/refused.ts';
import { tabKept } from '../ground/storage.ts';
import type { Value, Values } from '../../runbook/values/value.ts';
import { t } from '../ground/words.ts';

const key = 'drover.found';

/** What a press on another page of this tab asked for. */
interface Transfer {
	readonly runbook: string;
	readonly container?: string;
	/** The other machine that it was found on. */
	readonly ssh?: string;
	readonly values?: Values;
}

export function transfer(runbook: string, found: Found, here: boolean, detection: Detection, ssh = ''): void {
	const page = new URL(`${locale}/${runbook}/`, siteRoot);
	const transferred: Transfer = here ? { runbook, container: found.container, ...(ssh !== '' && { ssh }) } : { runbook, values: withoutSecrets(found, detection) };
	if (!tabKept.write(key, JSON.stringify(transferred)) && here && ssh === '') page.hash = `look=${encodeURIComponent(found.container)}`;
	location.assign(page);
}

function withoutSecrets({ values }: Found, detection: Detection): Values {
	const { parameters, variables } = detection.secretsOf(values);
	const kept = Object.entries(values).flatMap(([name, value]): [string, Value][] => {
		if (parameters.includes(name)) return [];
		if (name !== 'env' || !Array.isArray(value)) return [[name, value]];
		return [[name, value.filter((one) => typeof one === 'string').filter((one) => !variables.includes(one.split('=')[0] ?? ''))]];
	});
	return Object.fromEntries(kept);
}

/** Takes what another page has found, once the server's session is known; what a link asks for is proposed. */
export async function receiveTransfer(store: PageStore): Promise<void> {
	const transferred = takeStored(store.data.runbook.id);
	if (transferred?.values) store.takeDetected(transferred.values);
	else if (transferred?.container !== undefined) await detectInto(store, transferred.container, transferred.ssh);
	const linked = takeLinked();
	if (linked !== undefined && !transferred) propose(store, linked);
}

async function detectInto(store: PageStore, container: string, ssh = ''): Promise<void> {
	try {
		const [answer, { detect }] = await Promise.all([connection.api?.detect(ssh), loadDetection([store.data.runbook.family], store.data.declared)]);
		const found = detect(answer?.documents ?? '').found.find((one) => one.container === container);
		if (found) await store.takeDetectedOn(ssh, found.values);
		else showNotice('detect', t('notice.detect-none', { container }), [{ label: t('dialog.close') }]);
	} catch (error) {
		if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
		const why = error instanceof Refused ? error.problems.map((one) => store.formatProblem(one)).join(' ') : t('access.gone-long');
		showNotice('detect', why, [{ label: t('dialog.close') }]);
	}
}

/** Says what a link asks for. Nothing is asked of Docker and no value changes before the press. */
function propose(store: PageStore, container: string): void {
	if (!connection.api) return;
	showNotice('detect', t('notice.detect', { container }), [
		{ label: t('notice.detect-act'), primary: true, act: () => void detectInto(store, container) },
		{ label: t('notice.detect-ignore') },
	]);
}

/** The container that the address names, which is taken out of it. What no container can be called is nothing. */
function takeLinked(): string | undefined {
	const named = /^#look=([A-Za-z0-9][A-Za-z0-9_.-]{0,127})$/.exec(location.hash)?.[1];
	if (location.hash.startsWith('#look=')) history.replaceState(null, '', location.pathname + location.search);
	return named;
}

function takeStored(runbook: string): Transfer | undefined {
	try {
		const stored = JSON.parse(tabKept.read(key) ?? 'null') as Transfer | null;
		if (stored?.runbook !== runbook) return undefined;
		tabKept.remove(key);
		return stored;
	} catch {
		return undefined;
	}
}
