import { expect, test } from 'vitest';
import { foldSession } from '../../../src/runbook/session/session.ts';
import { Entries, readKeptEvent } from '../../../src/runbook/session/session-event.ts';

const opened = { type: 'session.opened', session: 's', runbook: 'f/r', name: 'n', definition: 'd', drover: '9' };
const read = (event: unknown) => {
	let later = 0;
	return { event: readKeptEvent(event, () => (later += 1)), later };
};

test('an event that a later version invented is kept whole, and passed over', () => {
	const invented = { type: 'phase.began', phase: 'change', more: [1] };

	expect(read(invented)).toEqual({ event: { type: 'later', event: invented }, later: 1 });
	const entries = Entries.parse([opened, invented, { type: 'session.renamed', name: 'm' }].map((event, index) => ({ n: index + 1, at: 'x', event })));
	expect(foldSession(entries)).toMatchObject({ name: 'm', n: 3 });
});

test('a field that a later version added is left out, and the event counts', () => {
	expect(read({ type: 'session.renamed', name: 'm', colour: 'red' })).toEqual({ event: { type: 'session.renamed', name: 'm' }, later: 1 });
	expect(read({ type: 'run.ended', run: '8e2ae9d5-3d6e-4c39-9d3c-6a1f1c7a2f11', end: { code: 4 }, endedAt: 'x', elapsedMs: 5, load: 0.1 })).toMatchObject({ event: { type: 'run.ended', end: { code: 4 } }, later: 1 });
});

test('a check with an observation of a later version is passed over', () => {
	const looked = { type: 'step.looked', step: 's', for: 'done', result: 'passed', saw: [{ name: 'seen-from-orbit', slots: {} }] };
	expect(read(looked)).toEqual({ event: { type: 'later', event: looked }, later: 1 });
});

test.each([
	['with another reason', { reason: 'weather', step: 'make' }, { reason: 'later', step: 'make' }],
	['at a place of another shape', { reason: 'done', step: { id: 'make' } }, { reason: 'later' }],
	['without a reason', {}, { reason: 'later' }],
])('a phase run that a later version ended %s is over', (_, end, read) => {
	const phase = '8e2ae9d5-3d6e-4c39-9d3c-6a1f1c7a2f11';
	const events = [opened, { type: 'phase.started', phase, part: 'change', steps: [{ step: 'make' }], dry: false }, { type: 'phase.turn', phase, step: 'make' }, { type: 'phase.ended', phase, ...end }];

	const session = foldSession(Entries.parse(events.map((event, index) => ({ n: index + 1, at: 'x', event }))));

	expect(session?.phases.get(phase)).toMatchObject({ part: 'change', begun: [{ step: 'make' }], end: { at: 'x', ...read } });
	expect(readKeptEvent(events[3])).toEqual({ type: 'phase.ended', phase, ...read });
});

test('a phase run of a part that only a later version has is passed over, with all that belongs to it', () => {
	const phase = '8e2ae9d5-3d6e-4c39-9d3c-6a1f1c7a2f11';
	const events = [opened, { type: 'phase.started', phase, part: 'rehearse', steps: [] }, { type: 'phase.turn', phase, step: 'make' }, { type: 'phase.ended', phase, reason: 'done' }];

	expect(foldSession(Entries.parse(events.map((event, index) => ({ n: index + 1, at: 'x', event }))))).toMatchObject({ phases: new Map(), n: 4 });
});

test('what is of this version is not of a later one', () => {
	expect(read(opened)).toEqual({ event: opened, later: 0 });
	expect(read({ type: 'step.looked', step: 's', for: 'done', passed: true, saw: [] }).later).toBe(0);
});

test.each([[null], ['x'], [{}], [{ type: 5 }], [{ ...opened, session: '!' }]])('%j is no event, or no beginning', (value) => {
	expect(() => readKeptEvent(value)).toThrow();
});
