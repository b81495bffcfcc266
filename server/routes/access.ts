import { Router } from 'express';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { AccessRequest } from '../../src/runbook/protocol.ts';
import type { Keys } from '../access/keys.ts';

/** `/api/access`: a one-time code becomes the tab's token, once. */
export function accessRoutes(keys: Keys): Router {
	const router = Router();

	router.post('/', (req, res) => {
		const { code } = AccessRequest.parse(req.body);
		const token = keys.redeem(code);
		if (token === undefined) throw new Refusal(problem('access.code-refused', {}));
		res.json({ token });
	});
	return router;
}
