import { Router } from 'express';
import { PhaseRequest } from '../../src/runbook/protocol/protocol.ts';
import { sendProblems } from '../answer.ts';
import type { AppParts } from '../app-parts.ts';
import { PreviewMismatch } from '../sessions/step-runner.ts';
import { openPart, writablePart } from '../runtime.ts';

/** `/api/phases`: several steps in one go; the browser names them, the server takes one after the other. */
export function phaseRoutes({ runtime }: Pick<AppParts, 'runtime'>): Router {
	const router = Router();

	router.post('/', (req, res) => {
		const request = PhaseRequest.parse(req.body);
		try {
			const phase = writablePart(runtime).phases.start(request);
			res.status(201).location(`/api/phases/${phase}`).json({ phase });
		} catch (error) {
			if (!(error instanceof PreviewMismatch)) throw error;
			sendProblems(res, error.problems, { shown: error.shown, rendered: error.rendered });
		}
	});

	router.delete('/:id', (req, res) => {
		openPart(runtime).phases.stop(req.params.id);
		res.sendStatus(202);
	});
	return router;
}
