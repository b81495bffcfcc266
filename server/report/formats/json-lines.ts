import { escapeControls } from '../../log.ts';
import type { ReportSource } from '../source.ts';

/**
 * The report for machines: a line that says what this is, then the entries of the journal as they are, one a line. What could act on a terminal or in
 * a page is escaped; read as JSON it is the same.
 */
export function writeJsonLines({ session, opened, changed, drover, madeAt, entries, timeline }: ReportSource): string {
	const header = { report: 'drover', version: 1, session: session.id, runbook: session.runbook, definition: opened.definition, changed, drover: opened.drover, madeBy: drover, madeAt, entries: entries.length };
	const late = timeline.slice(entries.length).map(({ at, event }) => ({ at, event, journalled: false }));
	return [header, ...entries, ...late].map((one) => `${escapeControls(JSON.stringify(one)).replace(/[<>&]/g, escapeUnit)}\n`).join('');
}

function escapeUnit(char: string): string {
	return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
