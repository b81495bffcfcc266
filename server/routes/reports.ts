import { join } from 'node:path';
import { Router } from 'express';
import { locales } from '../../src/i18n/locale.ts';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { ReportQuery } from '../../src/runbook/protocol/protocol.ts';
import type { AppParts } from '../app-parts.ts';
import { makeReport } from '../report/make-report.ts';
import { openPart } from '../runtime.ts';

/** `/api/sessions/:id/report`: the session as a file. The page fetches it with its token; the address alone gives nothing. */
export function reportRoutes({ runbooks, runtime, version }: Pick<AppParts, 'runbooks' | 'runtime' | 'version'>): Router {
	const router = Router();

	router.get('/:id/report', async (req, res) => {
		const { format, locale } = ReportQuery.parse(req.query);
		const known = [...new Set([...runbooks.locales, ...locales])];
		if (!known.includes(locale)) throw new Refusal(problem('request.invalid', { detail: `locale: ${known.join(', ')}` }));
		const { sessions, folder } = openPart(runtime);
		const { id, entries } = sessions.get(req.params.id);
		const gone = new AbortController();
		res.on('close', () => gone.abort());
		const report = await makeReport({ entries: [...entries], runs: join(folder, 'runs'), runbooks, drover: version, madeAt: new Date().toISOString(), format, locale, signal: gone.signal }).catch((error: unknown) => {
			if (!gone.signal.aborted) throw error;
		});
		if (gone.signal.aborted) return;
		if (!report) throw new Refusal(problem('session.unknown', { session: id }));
		res.set('Content-Disposition', `attachment; filename="${report.fileName}"`);
		res.type(`${report.mediaType}; charset=utf-8`).send(report.text);
	});
	return router;
}
