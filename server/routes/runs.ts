import { Router } from 'express';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { RunRequest } from '../../src/runbook/protocol/protocol.ts';
import { sendProblems } from '../answer.ts';
import type { AppParts } from '../app-parts.ts';
import { log } from '../log.ts';
import type { Run } from '../runs/run.ts';
import { PreviewMismatch } from '../sessions/step-runner.ts';
import { openPart, writablePart } from '../runtime.ts';

/** `/api/runs`: the browser names a step and its values; only the server makes a command of them. */
export function runRoutes({ runtime }: Pick<AppParts, 'runtime'>): Router {
	const router = Router();
	const find = (id: string): Run => {
		const run = openPart(runtime).runs.get(id);
		if (!run) throw new Refusal(problem('run.unknown', { run: id.slice(0, 64) }));
		return run;
	};

	router.post('/', async (req, res) => {
		const request = RunRequest.parse(req.body);
		try {
			const { phases, runner } = writablePart(runtime);
			phases.refuseBeside(request.session);
			const started = await runner.start(request);
			res.status('run' in started ? 201 : 200);
			if ('run' in started) res.location(`/api/runs/${started.run}`);
			res.json(started);
		} catch (error) {
			if (!(error instanceof PreviewMismatch)) throw error;
			sendProblems(res, error.problems, { shown: error.shown, rendered: error.rendered });
		}
	});

	router.delete('/:id', (req, res) => {
		const run = find(req.params.id);
		if (run.isOver) throw new Refusal(problem('run.ended', { run: run.id }));
		run.cancel().catch((error: unknown) => log('error', { run: run.id, message: String(error) }));
		res.sendStatus(202);
	});

	router.post('/:id/release', (req, res) => {
		find(req.params.id).release();
		res.sendStatus(202);
	});

	router.get('/:id/output', async (req, res) => {
		res.type('text/plain').send(await find(req.params.id).output());
	});
	return router;
}
