import type { Locale } from './locale.ts';
import type { Table } from './words.ts';

/** Sentences of what detection says beside the values, by `found.<name>`. Loaded when something was found. */
export async function loadFound(locale: Locale): Promise<Table> {
	const { default: table } = locale === 'zh' ? await import('../../zh/found.json') : await import('../../en/found.json');
	return table;
}
