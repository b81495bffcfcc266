import { Router } from 'express';
import { DetectRequest } from '../../src/runbook/protocol/protocol.ts';
import { Refusal } from '../../src/runbook/problem.ts';
import type { AppParts } from '../app-parts.ts';
import { createFarDocker } from '../docker/docker.ts';
import { openPart } from '../runtime.ts';
import { probe } from '../ssh/probe.ts';

/** `/api/detect`: looks at the containers of this machine or of another one, read-only, and says with which commands it looked. */
export function detectRoutes({ docker, runtime }: Pick<AppParts, 'docker' | 'runtime'>): Router {
	const router = Router();

	router.post('/', async (req, res) => {
		const { ssh = '' } = DetectRequest.parse(req.body ?? {});
		if (ssh === '') return void res.json(await docker.inspect());
		const way = openPart(runtime).ssh;
		const found = await probe(way, ssh);
		if ('name' in found) throw new Refusal(found);
		res.json(await createFarDocker(way, found.machine).inspect());
	});
	return router;
}
