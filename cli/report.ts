import { writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { escapeControls } from '../server/log.ts';
import { makeReport, reportFormats, type ReportFormat } from '../server/report/make-report.ts';
import { findSessions, readSession } from '../server/report/read-session.ts';
import { makeVisibleLine } from '../server/report/visible.ts';
import { defaultStatePath } from '../server/state/state-directory.ts';
import { StateError } from '../server/state/state-error.ts';
import { formatProblem } from '../server/words.ts';
import { locales } from '../src/i18n/locale.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import { foldSession } from '../src/runbook/session/session.ts';
import type { Entry } from '../src/runbook/session/session-event.ts';
import { openRunbooks } from './content.ts';
import type { Command, Terminal } from './command.ts';
import { parseOptions } from './options.ts';
import { readVersion } from './version.ts';

const options = {
	format: { type: 'string' },
	locale: { type: 'string' },
	output: { type: 'string' },
	'state-dir': { type: 'string' },
} as const;

/** `drover report SESSION`: a session as one file, in either language whichever it was made in. Only reads, so that a server may be at work meanwhile. */
export const report: Command = async (args, terminal) => {
	const { values, positionals } = parseOptions(args, { options, allowPositionals: true });
	const state = resolve(values['state-dir'] ?? defaultStatePath(terminal.env));
	const [id, ...more] = positionals;
	if (more.length > 0) throw new Refusal(problem('command.usage', { detail: 'drover report SESSION' }));
	const [format, locale] = [chooseFormat(values.format, values.output), values.locale ?? terminal.locale];
	const folder = join(state, 'sessions');
	const ids = whichSessions(folder);
	if (id === undefined) return listSessions(folder, ids, terminal);
	const runbooks = openRunbooks(terminal);
	if (!runbooks) return 2;
	const known = [...new Set([...runbooks.locales, ...locales])];
	if (!known.includes(locale)) throw new Refusal(problem('command.usage', { detail: `--locale ${known.join('|')}` }));
	if (!ids.includes(id)) throw new Refusal(problem('session.unknown', { session: id.slice(0, 64) }));
	const entries = readSession(folder, id);
	const made = await makeReport({ entries, runs: join(state, 'runs'), runbooks, drover: readVersion(), madeAt: new Date().toISOString(), format, locale });
	if (!made) throw new Refusal(problem('session.unknown', { session: id }));
	if (values.output === undefined || values.output === '-') terminal.out(made.text);
	else write(values.output, made.text, terminal);
	return 0;
};

/** The format that is asked for, or that the name of the file says. */
function chooseFormat(format: string | undefined, output: string | undefined): ReportFormat {
	const wanted = format ?? (output === undefined ? '' : extname(output).slice(1));
	const known = reportFormats.find((one) => one === wanted);
	if (format !== undefined && !known) throw new Refusal(problem('command.usage', { detail: `--format ${reportFormats.join('|')}` }));
	return known ?? 'md';
}

/** Before the first start there is no folder, and no session either. */
function whichSessions(folder: string): readonly string[] {
	try {
		return findSessions(folder);
	} catch (error) {
		if (error instanceof StateError && error.problem === 'state.missing') return [];
		throw error;
	}
}

function listSessions(folder: string, ids: readonly string[], { out, err, say }: Terminal): number {
	if (ids.length === 0) out(`${say('cli.report.none', { folder })}\n`);
	for (const id of ids) {
		try {
			out(`${describe(id, readSession(folder, id))}\n`);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			for (const one of error.problems) err(`${escapeControls(formatProblem(say, one))}\n`);
		}
	}
	return 0;
}

function describe(id: string, entries: readonly Entry[]): string {
	const session = foldSession(entries);
	return [id, session?.openedAt ?? '', session?.runbook ?? '', session?.name ?? ''].map(makeVisibleLine).join('  ');
}

function write(file: string, text: string, { err, say }: Terminal): void {
	try {
		writeFileSync(file, text);
	} catch (error) {
		throw new Refusal(problem('file.unwritable', { file, detail: error instanceof Error ? error.message : String(error) }));
	}
	err(`${say('cli.report.written', { file: escapeControls(file) })}\n`);
}
