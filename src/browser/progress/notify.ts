/** Tells when a long step ends while nobody looks. Asked for once, by the reader, on a step that usually takes long. */
import { isRunActive } from '../../runbook/run/run.ts';
import { button, make } from '../ground/dom.ts';
import type { PageStore } from '../store/page-store.ts';
import { kept } from '../ground/storage.ts';
import { stateOf, stateWord } from '../../i18n/step-state.ts';
import { t } from '../ground/words.ts';

/** A step of at least this long is worth a notification. */
const longSeconds = 60;
const askedKey = 'drover.notify';

export function notifyWhenDone(store: PageStore): void {
	if (!('Notification' in window)) return;
	const active = new Set<string>();
	store.addEventListener('change', () => {
		for (const run of store.session?.runs.values() ?? []) {
			const planned = store.steps.find((one) => one.step.id === run.step && one.node?.name === run.node);
			if (!planned || (planned.usuallySeconds ?? 0) < longSeconds) continue;
			const busy = isRunActive(run.state) || planned.status.kind === 'ran';
			if (busy) {
				active.add(run.id);
				offer(planned.key);
			} else if (active.delete(run.id)) {
				actionsOf(planned.key)?.querySelector('.notify-offer')?.remove();
				tell(store, planned);
			}
		}
	});
}

function tell(store: PageStore, planned: PageStore['steps'][number]): void {
	if (Notification.permission !== 'granted' || document.visibilityState === 'visible') return;
	const status = t(stateWord(stateOf(planned, store.next)));
	new Notification(t('notify.title', { step: store.names.step(planned.step.id), status }), { tag: planned.key });
}

/** Offers once, ever. */
function offer(key: string): void {
	if (Notification.permission !== 'default' || kept.read(askedKey) !== undefined) return;
	const actions = actionsOf(key);
	if (!actions || actions.querySelector('.notify-offer')) return;
	const ask = button(t('notify.ask'), 'button quiet notify-offer', () => {
		kept.write(askedKey, 'asked');
		void Notification.requestPermission().then((answer) => (answer === 'granted' ? ask.remove() : ask.replaceWith(make('span', {}, t('notify.denied')))));
	});
	actions.append(ask);
}

function actionsOf(key: string): Element | null {
	return document.querySelector(`step-target[data-key="${CSS.escape(key)}"] .actions`);
}
