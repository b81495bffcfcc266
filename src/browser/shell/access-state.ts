/** The header's plain word: what this page can do, and how to change that. */
import { formatProblem, type Names } from '../../i18n/format.ts';
import { connection, type Access } from '../connection/connection.ts';
import { setText } from '../ground/dom.ts';
import './access-notices.ts';
import { t } from '../ground/words.ts';

/** Problems of the machine name no step and no parameter. */
const names: Names = { parameter: (name) => name, step: (id) => id, runbook: (id) => id };

class AccessState extends HTMLElement {
	#shown: Access | undefined;

	connectedCallback(): void {
		connection.addEventListener('change', this.#show);
		this.#show();
	}

	disconnectedCallback(): void {
		connection.removeEventListener('change', this.#show);
	}

	readonly #show = (): void => {
		const access = told(connection.access);
		this.dataset['access'] = access;
		document.documentElement.dataset['access'] = access;
		const [short, long] = wordsOf(access);
		setText(this.querySelector('.access-short') ?? this, short);
		const words = this.querySelector<HTMLElement>('.popover-words');
		for (const [selector, text] of [['.access-long', long], ['.access-more', moreWords(access)]] as const) {
			const place = this.querySelector(selector);
			if (place) setText(place, text);
		}
		// Whoever came to run steps is told at once that he cannot, and what to do.
		if (this.#shown !== access && ['expired', 'code-refused', 'worker', 'other-program'].includes(access)) words?.showPopover();
		if (this.#shown !== access && (this.#shown === 'expired' || this.#shown === 'other-program')) words?.hidePopover();
		this.#shown = access;
	};
}

/** Without a code and a token only another tab could let this one in: until it answers, what the page was built with stays true. */
function told(access: Access): Access {
	return access === 'checking' && !('mayRun' in document.documentElement.dataset) ? 'reading' : access;
}

function wordsOf(access: Access): readonly [string, string] {
	const { status } = connection;
	switch (access) {
		case 'checking':
			return [t('access.checking'), ''];
		case 'ready':
			return [t('access.ready'), t('access.ready-long')];
		case 'expired':
			return [t('access.expired'), t('access.expired-long')];
		case 'code-refused':
			return [t('access.reading'), t('access.code-refused-long')];
		case 'worker':
			return [t('access.reading'), t('access.worker-long')];
		case 'gone':
			return [t('access.gone'), t('access.gone-long')];
		case 'other-program':
			return [t('access.other-program'), t('access.other-program-long')];
		case 'no-state':
			return [t('access.no-state'), status && !status.state.ready ? formatProblem(status.state.problem, t, names) : ''];
		case 'no-docker':
			return [t('access.no-docker'), status && !status.docker.ready ? formatProblem(status.docker.problem, t, names) : ''];
		case 'reading':
			return [t('access.reading'), t('access.reading-long')];
	}
}

function moreWords(access: Access): string {
	const { status } = connection;
	if (access === 'reading') return t('access.reading-how');
	if (access === 'expired' || access === 'code-refused' || access === 'worker') return t('access.reading-long');
	if (!status || access !== 'ready' || !status.docker.ready) return '';
	return [t('access.docker-version', { version: status.docker.version }), t('access.folder', { folder: status.folder }), t('access.drover-version', { version: status.drover })].join('\n');
}

customElements.define('access-state', AccessState);
void connection.start();
