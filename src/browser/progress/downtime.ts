/** The clock of the outage: since when the server is down, and how long the steps that are left usually take. */
import { sayDuration } from '../../i18n/say.ts';
import { downtimeOf, usualDowntime } from '../../runbook/session/plan.ts';
import { say } from '../ground/dom.ts';
import { sayTime } from '../ground/locale.ts';
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
			const time = sayDuration((Date.parse(to) - Date.parse(from)) / 1000, t);
			return say(this, t('outage.over', { time, from: sayTime(from), to: sayTime(to) }));
		}
		const { seconds: left } = usualDowntime(steps);
		const running = t('outage.running', { at: sayTime(from), elapsed: sayDuration(secondsSince(from), t) });
		say(this, left > 0 ? `${running} · ${t('outage.usually', { time: sayDuration(left, t) })}` : running);
	}
}

customElements.define('outage-clock', Downtime);
