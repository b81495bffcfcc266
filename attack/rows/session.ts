/** Requests that are well formed and name what is not there, or not yet: what a page of an earlier version sends, or somebody who guesses. */
import type { Attack, Row } from '../attempt.ts';
import { nobody } from '../samples.ts';
import { call, goodMessage, withBody } from '../target.ts';
import type { Route } from '../routes.ts';

/** A runbook of the server under attack, by name. */
export interface KnownRunbook {
	readonly id: string;
	/** A step of it that is not the first. */
	readonly laterStep: string;
}

/** Opens one session and closes it afterwards: a session cannot be removed, so it says by its name whence it comes. */
export const wrongOrder = (runbook: KnownRunbook): Row => ({
	name: 'Request names what is not there',
	run: async (attack) => {
		const opened = await call(attack.target, 'POST', '/api/sessions', { runbook: runbook.id, name: 'npm run attack', values: {}, detected: [] });
		const { session } = opened.body as { session: string };
		await attack.settle();
		const good = { session, runbook: runbook.id, step: runbook.laterStep, kind: 'run', values: {}, preview: '', confirmed: true, size: { columns: 80, rows: 24 } };
		const start: Route = { method: 'POST', pattern: '/api/runs', kind: 'api' };
		const ask = (sent: string, body: object, statuses: readonly number[]) => attack.expect(sent, start, withBody(goodMessage(attack.target, start), body), statuses);
		await ask('an unknown session', { ...good, session: nobody }, [404]);
		await ask('an unknown runbook', { ...good, runbook: nobody }, [404]);
		await ask('a runbook of another family by path', { ...good, runbook: `../${runbook.id}` }, [404]);
		await ask('an unknown step', { ...good, step: nobody }, [404]);
		await ask('an unknown node', { ...good, node: nobody }, [404]);
		await ask('a later step first', good, [409]);
		await ask('a later step first, taken back', { ...good, kind: 'undo' }, [409]);
		await ask('a value that nobody asks for', { ...good, step: runbook.laterStep, values: { [nobody.replace('-', '_')]: 'x' } }, [400, 409]);
		await ask('a size of a million', { ...good, size: { columns: 1e6, rows: 24 } }, [400]);
		await mark(attack, session, runbook);
		await call(attack.target, 'PATCH', `/api/sessions/${session}`, { closed: true });
		await attack.settle();
		await ask('a step of a closed session', good, [409]);
	},
});

async function mark(attack: Attack, session: string, { laterStep }: KnownRunbook): Promise<void> {
	const route: Route = { method: 'POST', pattern: '/api/sessions/:id/marks', kind: 'api' };
	const good = goodMessage(attack.target, route);
	const target = good.target.replace(nobody, session);
	const ask = (sent: string, body: object, statuses: readonly number[]) => attack.expect(sent, route, { ...withBody(good, body), target }, statuses);
	await ask('a mark on an unknown step', { step: nobody, mark: 'by-hand', reason: '' }, [404]);
	await ask('a mark that only a check can set', { step: laterStep, mark: 'verified', reason: '' }, [400]);
	await ask('a step skipped without a reason', { step: laterStep, mark: 'skipped', reason: '' }, [409]);
}
