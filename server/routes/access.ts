import { Router } from 'express';
import { problem, Refusal } from '../../src/runbook/problem.ts';
import { AccessRequest, Nothing, ProofRequest, VoidRequest } from '../../src/runbook/protocol/protocol.ts';
import { bearerToken } from '../access/admit.ts';
import type { Keys } from '../access/keys.ts';

/** `/api/access`: a one-time code makes the tab's token good, once; the server proves that it gave a token; a token becomes a ticket; everything becomes void. */
export function accessRoutes(keys: Keys): Router {
	const router = Router();

	router.post('/', (req, res) => {
		const { code, token } = AccessRequest.parse(req.body);
		if (!keys.redeem(code, token)) throw new Refusal(problem('access.code-refused', {}));
		res.sendStatus(204);
	});

	router.post('/proof', (req, res) => {
		const { id, nonce } = ProofRequest.parse(req.body);
		const proof = keys.prove(id, nonce);
		if (proof === undefined) throw new Refusal(problem('access.token-refused', {}));
		res.json({ proof });
	});

	router.post('/ticket', (req, res) => {
		Nothing.parse(req.body);
		const ticket = keys.makeTicket(bearerToken(req.rawHeaders) ?? '');
		if (ticket === undefined) throw new Refusal(problem('access.token-refused', {}));
		res.json({ ticket });
	});

	router.post('/void', (req, res) => {
		VoidRequest.parse(req.body);
		keys.voidAll();
		res.sendStatus(204);
	});
	return router;
}
