/** The clock of the outage: since when the server is down, and how long the steps that are left usually take. */
import { formatDuration } from '../../i18n/format.ts';
import { downtimeOf, usualDowntime } from '../../runbook/session/plan.ts';
import { setText } from '../ground/dom.ts';
import { formatTime } from '../ground/locale.ts';
import { PagePart } from '../store/page-part.ts';
import { everySecond, secondsSince } from '../ground/ticking.ts';
import { t } from '../ground/words.ts';

class Downtime extends PagePart {
	protected override start(signal: AbortSignal): void {
		everySecond(() => this.draw(), signal);
	}

	protected draw(): void {
		const { session, steps } = this.store;
		const { from, to } = session ? downtimeOf(steps, session) : {};
		this.hidden = from === undefined;
		if (from === undefined) return;
		if (to !== undefined) {
			const time = formatDuration((Date.parse(to) - Date.parse(from)) / 1000, t);
			return setText(this, t('outage.over', { time, from: formatTime(from), to: formatTime(to) }));
		}
		const { seconds: left } = usualDowntime(steps);
		const running = t('outage.running', { at: formatTime(from), elapsed: formatDuration(secondsSince(from), t) });
		setText(this, left > 0 ? `${running} · ${t('outage.usually', { time: formatDuration(left, t) })}` : running);
	}
}

customElements.define('outage-clock', Downtime);
