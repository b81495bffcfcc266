import { Router } from 'express';
import { z } from 'zod';
import type { Docker } from '../docker/docker.ts';

const Nothing = z.strictObject({});

/** `/api/detect`: looks at this machine's containers, read-only, and says with which commands it looked. */
export function detectRoutes(docker: Docker): Router {
	const router = Router();

	router.post('/', async (req, res) => {
		Nothing.parse(req.body ?? {});
		res.json(await docker.inspect());
	});
	return router;
}
