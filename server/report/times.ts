import { languageTag, type Locale } from '../../src/i18n/locale.ts';
import type { Line } from './line.ts';

/** Times in the reader's language, each with its distance from UTC: a ticket is read elsewhere, and later. */
export interface Times {
	/** With its day. */
	full(at: string): Line;
	/** By the clock; with its day when that is another one than the session's first. */
	clock(at: string): Line;
}

/** `timeZone`: an IANA name; the machine's own unless said. */
export function timesOf(locale: Locale, firstAt: string, timeZone?: string): Times {
	const zone = timeZone === undefined ? {} : { timeZone };
	const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
	const day = { year: 'numeric', month: locale === 'zh' ? 'long' : 'short', day: 'numeric' } as const;
	const say = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(languageTag(locale), { ...options, ...zone });
	const [days, clocks, offsets] = [say(day), say(clock), say({ timeZoneName: 'longOffset' })];
	const offset = (time: Date) => (offsets.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '').replace(/^(?:GMT|UTC)$/, '+00:00').replace(/^(?:GMT|UTC)/, '');
	const moment = (at: string, write: (time: Date) => string): Line => {
		const time = new Date(at);
		if (Number.isNaN(time.getTime())) return [{ kind: 'given', text: at }];
		return [{ kind: 'moment', text: `${write(time)} ${offset(time)}`, at: time.toISOString() }];
	};
	// Chinese sets a space between its characters and digits.
	const dayOf = (time: Date) => days.format(time).replace(/(?<=\d)(?=\p{Script=Han})|(?<=\p{Script=Han})(?=\d)/gu, ' ');
	const withDay = (time: Date) => `${dayOf(time)}${locale === 'zh' ? ' ' : ', '}${clocks.format(time)}`;
	const first = new Date(firstAt);
	const isFirst = (time: Date) => !Number.isNaN(first.getTime()) && days.format(time) === days.format(first);
	return { full: (at) => moment(at, withDay), clock: (at) => moment(at, (time) => (isFirst(time) ? clocks.format(time) : withDay(time))) };
}
