import { expect, test } from 'vitest';
import { isNewRunEvent, type RunEvent } from '../../../src/runbook/run/run-event.ts';

const ended: RunEvent = { type: 'run.ended', run: 'a', end: { code: 0 }, endedAt: 't', elapsedMs: 1 };

test('a fact that is told again is not new', () => {
	expect(isNewRunEvent([ended], { ...ended })).toBe(false);
});

test('that a run began is not new once its end is told', () => {
	expect(isNewRunEvent([ended], { type: 'run.started', run: 'a', startedAt: 't' })).toBe(false);
	expect(isNewRunEvent([ended], { type: 'run.started', run: 'b', startedAt: 't' })).toBe(true);
});

test('the same fact of another run, and another fact, are new', () => {
	expect(isNewRunEvent([ended], { ...ended, run: 'b' })).toBe(true);
	expect(isNewRunEvent([ended], { type: 'run.unknown', run: 'a', reason: 'rebooted' })).toBe(true);
});
