/** The report, once there is something to report. */
import { connection } from '../connection/connection.ts';
import { button, make, replaceIfChanged } from '../ground/dom.ts';
import { locale } from '../ground/locale.ts';
import { PagePart } from '../store/page-part.ts';
import { Refused } from '../connection/refused.ts';
import { t } from '../ground/words.ts';

const formats = [
	['md', 'report.markdown'],
	['html', 'report.html'],
	['jsonl', 'report.jsonl'],
] as const;

class ReportLinks extends PagePart {
	protected override start(signal: AbortSignal): void {
		connection.addEventListener('change', () => this.draw(), { signal });
	}

	protected draw(): void {
		const { session, current } = this.store;
		this.hidden = !current.byServer || session === undefined || !connection.keeps;
		const buttons = formats.map(([format, key]) => button(t(key), 'button small', () => void this.#download(format)));
		replaceIfChanged(this, [make('span', { class: 'report-title' }, `${t('report.title')}: `), ...buttons], 'links');
	}

	async #download(format: string): Promise<void> {
		const { api } = connection;
		const { id } = this.store.current;
		if (!api || id === undefined) return;
		try {
			const address = URL.createObjectURL(await api.report(id, format, locale));
			make('a', { href: address, download: `drover-${id}.${format}` }).click();
			setTimeout(() => URL.revokeObjectURL(address), 10_000);
		} catch (error) {
			const reason = error instanceof Refused ? error.problems.map((one) => this.store.formatProblem(one)).join(' ') : String(error);
			this.append(make('p', { role: 'alert' }, t('report.failed', { reason })));
		}
	}
}

customElements.define('report-links', ReportLinks);
