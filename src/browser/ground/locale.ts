import { languageTag, type Locale } from '../../i18n/locale.ts';

/** The locale that this page was built in. */
export const locale: Locale = document.documentElement.dataset['locale'] ?? 'en';

/** The root of the site, wherever it is hosted. */
export const siteRoot = new URL(document.documentElement.dataset['root'] ?? './', location.href);

const clock = new Intl.DateTimeFormat(languageTag(locale), { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(languageTag(locale), { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });

/** A time of today by the clock, another one with its day. */
export function formatTime(at: string): string {
	const time = new Date(at);
	return time.toDateString() === new Date().toDateString() ? clock.format(time) : day.format(time);
}

export function formatDay(at: Date): string {
	return new Intl.DateTimeFormat(languageTag(locale), { dateStyle: 'medium' }).format(at);
}
