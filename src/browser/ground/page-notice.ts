/** A notice across the page that asks for an answer. It stays in sight until it has one. Nothing is done before a button of it is pressed. */
import { button, make } from './dom.ts';

export interface NoticeAction {
	readonly label: string;
	readonly primary?: boolean;
	/** The notice goes first. */
	readonly act?: () => void;
}

/** Shows a notice; one with the same id is replaced. */
export function showNotice(id: string, text: string, actions: readonly NoticeAction[]): void {
	hideNotice(id);
	const buttons = actions.map(({ label, primary, act }) =>
		button(label, primary ? 'button small primary' : 'button small', () => {
			hideNotice(id);
			act?.();
		}),
	);
	const notice = make('section', { class: 'page-notice', 'data-notice': id, role: 'alert' }, make('p', {}, text), ...(buttons.length > 0 ? [make('div', { class: 'page-notice-buttons' }, ...buttons)] : []));
	document.querySelector('.site-header')?.after(notice);
}

export function hideNotice(id: string): void {
	document.querySelector(`[data-notice="${id}"]`)?.remove();
}
