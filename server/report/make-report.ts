/** A session as one file for the ticket, in any language and format. */
import type { Locale } from '../../src/i18n/locale.ts';
import { writeHtml } from './formats/html.ts';
import { writeJsonLines } from './formats/json-lines.ts';
import { writeMarkdown } from './formats/markdown.ts';
import { drawRuns } from './picture.ts';
import type { DrawLimits } from './recording/draw-apart.ts';
import { gatherSource, type SourceOptions } from './source.ts';
import { createFormatter } from './format/formatter.ts';
import { formatReport } from './format/format-report.ts';

export const reportFormats = ['md', 'html', 'jsonl'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions extends SourceOptions {
	readonly format: ReportFormat;
	readonly locale: Locale;
	/** An IANA name; the machine's own unless said. */
	readonly timeZone?: string;
	/** What drawing may take. */
	readonly limits?: DrawLimits;
	/** Aborted when nobody waits for the report any more. */
	readonly signal?: AbortSignal;
}

export interface Report {
	readonly text: string;
	readonly mediaType: string;
	/** A good name for the file. */
	readonly fileName: string;
}

const mediaTypes: Readonly<Record<ReportFormat, string>> = { md: 'text/markdown', html: 'text/html', jsonl: 'application/x-ndjson' };

/** Makes the report of a session from its entries and the folders of its runs; undefined when the entries are no session. Writes nothing. */
export async function makeReport({ format, locale, timeZone, limits, signal, ...options }: ReportOptions): Promise<Report | undefined> {
	const source = gatherSource(options);
	if (!source) return undefined;
	const rest = { mediaType: mediaTypes[format], fileName: `drover-${source.session.id}.${format}` };
	if (format === 'jsonl') return { text: writeJsonLines(source), ...rest };
	const formatter = createFormatter(source, locale, timeZone);
	const pictures = await drawRuns(source, formatter, { moving: format === 'html', ...(limits && { limits }), ...(signal && { signal }) });
	const content = formatReport(source, pictures, formatter);
	return { text: format === 'md' ? writeMarkdown(content, pictures, formatter) : writeHtml(content, pictures, formatter), ...rest };
}
