import { Router } from 'express';
import type { Status } from '../../src/runbook/protocol/protocol.ts';
import { surroundings } from '../environment.ts';
import type { AppParts } from '../app-parts.ts';

/** `/api/status`: what this machine can do, in plain facts for the page's header. */
export function statusRoutes({ docker, runtime, folder, version }: Pick<AppParts, 'docker' | 'runtime' | 'folder' | 'version'>): Router {
	const router = Router();

	router.get('/', async (_req, res) => {
		const trouble = runtime.ready ? runtime.trouble() : runtime.problem;
		const state = runtime.ready && !trouble ? { ready: true as const, folder: runtime.folder } : { ready: false as const, problem: toJson(trouble ?? { name: 'request.failed', slots: {} }) };
		const found = await docker.state();
		const status: Status = { drover: version, folder, surroundings: [...surroundings()], docker: found.ready ? found : { ready: false, problem: toJson(found.problem) }, state };
		res.json(status);
	});
	return router;
}

const toJson = <T extends { slots: object }>(one: T) => ({ ...one, slots: { ...one.slots } });
