/** Files of a run that a later Drover wrote. */
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decide } from '../../../server/runs/decide.ts';
import { readEvidence } from '../../../server/runs/evidence.ts';
import { Claim, End, Exit, Live, Plan } from '../../../server/runs/files/run-files.ts';
import { identify } from '../../../server/state/identity.ts';
import { makeFolder } from './harness.ts';

const who = identify(process.pid);
const files = {
	claim: [Claim, { by: 'supervisor', who }],
	'live.json': [Live, { protocol: 1, socket: '/s', supervisor: who, holder: who, program: who, startedAt: 'then' }],
	'exit.json': [Exit, { result: { code: 4 }, at: 'later', elapsedMs: 5 }],
	'end.json': [End, { events: 2, droppedBytes: 0, stayers: [{ pid: 1, name: 'x' }], at: 'last' }],
	'plan.json': [Plan, { run: 'one', session: 's', step: 's', display: 'd', definition: 'd', cwd: '/', columns: 80, rows: 24, at: 'then', up: 1, boot: 'b' }],
} as const;

/** The same with one more field in every object of it. */
function grow(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(grow);
	if (typeof value !== 'object' || value === null) return value;
	return { ...Object.fromEntries(Object.entries(value).map(([key, one]) => [key, grow(one)])), invented: { later: true } };
}

test.each(Object.entries(files))('%s with more fields is read as it was, and stays as it is', (_, [schema, content]) => {
	expect(schema.parse(grow(content))).toEqual(content);
});

test('a run whose files have more fields has its end', () => {
	const folder = makeFolder();
	for (const [name, [, content]] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(grow(content)));
	const before = readFileSync(join(folder, 'live.json'), 'utf8');

	const seen = { ...readEvidence(folder, 'one'), linked: false, stayers: [], lastEvent: 0 };

	expect(decide(seen, 'then')).toMatchObject({ kind: 'ended', end: { code: 4 }, output: { kind: 'whole' } });
	expect(readFileSync(join(folder, 'live.json'), 'utf8')).toBe(before);
});

test.each([
	[{ protocol: 2, supervisors: [] }, 'later-version'],
	[{ protocol: 1, supervisors: [] }, 'damaged'],
	[{ protocol: 'x' }, 'damaged'],
])('%j is %s', (live, reason) => {
	const folder = makeFolder();
	writeFileSync(join(folder, 'live.json'), JSON.stringify(live));

	expect(decide({ ...readEvidence(folder, 'one'), linked: false, stayers: [], lastEvent: 0 }, 'then')).toEqual({ kind: 'unknown', reason });
});
