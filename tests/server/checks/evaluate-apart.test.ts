import { expect, test } from 'vitest';
import { evaluateApart } from '../../../server/checks/evaluate-apart.ts';
import type { Probe, RawObservation } from '../../../src/runbook/check/check.ts';

const probe = (matches: string): Probe => ({ kind: 'command', command: { display: 'x' } as never, expect: { exit: 0, matches } });
const found = (output: string): RawObservation => ({ kind: 'output', exit: 0, output });
const grade = async (pattern: string, output: string) => (await evaluateApart([{ probe: probe(pattern), found: found(output) }], 2_000))?.map((one) => one.grade);
const endless = `${'a'.repeat(36)}!`;

test('a thread judges again and again, side by side, and after one was ended in the middle', async () => {
	for (let time = 0; time < 3; time += 1) expect(await grade('^1$', '1')).toEqual(['passed']);
	expect(await Promise.all([grade('^1$', '1'), grade('^1$', '2'), grade('^(a+)+$', endless), grade('^2$', '2')])).toEqual([['passed'], ['failed'], undefined, ['passed']]);
	for (let time = 0; time < 3; time += 1) expect(await grade('^1$', '1')).toEqual(['passed']);
});
