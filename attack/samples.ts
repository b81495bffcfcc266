import type { ParameterType } from '../src/runbook/definition/parameter.ts';
import type { Route } from './routes.ts';

/** An id that is nobody's. */
export const nobody = 'attack-nobody';

/** Values that forms take and that name nothing: no container, no folder, no program that listens. */
export const nothing: Partial<Readonly<Record<ParameterType, string>>> = {
	container: nobody,
	host: '127.0.0.1',
	key: 'AttackNobody',
	name: nobody,
	path: `/${nobody}/${nobody}`,
	secret: `${nobody}-secret`,
	tag: 'v1.6.20',
	url: 'http://127.0.0.1:1',
};

const values = {};
const size = { columns: 80, rows: 24 };

/** For each route with a body one that its schema takes and that does nothing: what it names does not exist. */
const samples: Readonly<Record<string, object>> = {
	'POST /api/access': { code: 'no-such-code', token: '0'.repeat(64) },
	'POST /api/access/proof': { id: '0'.repeat(64), nonce: 'A'.repeat(43) },
	'POST /api/access/ticket': {},
	// Taken by no schema: the one that is would end the attack.
	'POST /api/access/void': {},
	'POST /api/detect': {},
	'POST /api/sessions': { runbook: nobody, name: 'attack', values, detected: [] },
	'PATCH /api/sessions/:id': { name: 'attack' },
	'PUT /api/sessions/:id/machine': { ssh: '', nodes: false },
	'PUT /api/sessions/:id/values': { values, detected: [] },
	'POST /api/sessions/:id/marks': { step: nobody, mark: 'skipped', reason: 'attack' },
	'POST /api/sessions/:id/looks': { step: nobody, for: 'done', values },
	'POST /api/runs': { session: nobody, runbook: nobody, step: nobody, kind: 'run', values, preview: '', confirmed: true, size },
	'DELETE /api/runs/:id': {},
	'POST /api/runs/:id/release': {},
	'POST /api/phases': { session: nobody, runbook: nobody, steps: [{ step: nobody, preview: '' }], values, confirmed: true, size },
	'DELETE /api/phases/:id': {},
	'POST /api/no-such-route': {},
};

/** What a route wants after its path. */
const queries: Readonly<Record<string, string>> = { '/api/sessions/:id/report': '?format=md&locale=en' };

export const queryOf = ({ pattern }: Route): string => queries[pattern] ?? '';

const carriesBody = ({ method }: Route): boolean => method !== 'GET' && method !== 'HEAD';

/** The body of a good request, undefined for a route without one. @throws TypeError when a route with a body has no sample: write one above. */
export function sampleOf(route: Route): object | undefined {
	if (!carriesBody(route)) return undefined;
	const sample = samples[`${route.method} ${route.pattern}`];
	if (!sample) throw new TypeError(`The route "${route.method} ${route.pattern}" cannot be attacked: give it a sample in attack/samples.ts.`);
	return sample;
}
