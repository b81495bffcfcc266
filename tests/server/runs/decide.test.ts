import { expect, test } from 'vitest';
import { decide } from '../../../server/runs/decide.ts';
import type { Evidence } from '../../../server/runs/evidence.ts';

const who = { pid: 1, start: '1', boot: 'b', namespace: 'n' };
const nothing: Evidence = {
	claim: undefined,
	live: undefined,
	exit: undefined,
	end: undefined,
	damaged: false,
	supervisor: 'gone',
	holder: 'gone',
	program: 'gone',
	stopped: false,
	marked: false,
	linked: false,
	stayers: [],
	lastEvent: 12,
};
const claim = { by: 'supervisor', who } as const;
const live = { protocol: 1, socket: '/s', supervisor: who, holder: who, program: who, startedAt: 'then' };
const exit = { result: { code: 3 }, at: 'later', elapsedMs: 5 };
const end = { events: 20, droppedBytes: 0, stayers: [], at: 'last' };
const error = { name: 'no-command', subject: 'x' } as const;
const started = { ...nothing, claim, live };
const ended = { kind: 'ended', end: { code: 3 }, at: 'later', elapsedMs: 5, stayers: [] };

test.each([
	['nothing yet', nothing, { kind: 'asked' }],
	[
		'claimed by a server',
		{ ...nothing, claim: { by: 'server', who } },
		{ kind: 'never-started', error: { name: 'interrupted', subject: '' } },
	],
	['claimed by a supervisor that is alive', { ...nothing, claim, supervisor: 'alive' }, { kind: 'starting' }],
	['claimed, and nobody is left', { ...nothing, claim }, { kind: 'unknown', reason: 'keepers-gone' }],
	[
		'claimed before the machine was booted',
		{ ...nothing, claim, supervisor: 'rebooted' },
		{ kind: 'unknown', reason: 'rebooted' },
	],
	[
		'claimed, and somebody carries the mark',
		{ ...nothing, claim, marked: true },
		{ kind: 'running', startedAt: 'asked', reach: 'signals-only', stopped: false },
	],
	[
		'holder alive, connected',
		{ ...started, holder: 'alive', linked: true },
		{ kind: 'running', startedAt: 'then', reach: 'full', stopped: false },
	],
	[
		'holder alive, not connected',
		{ ...started, holder: 'alive' },
		{ kind: 'running', startedAt: 'then', reach: 'signals-only', stopped: false },
	],
	[
		'nothing can be compared, connected',
		{ ...started, holder: 'not-comparable', program: 'not-comparable', linked: true },
		{ kind: 'running', startedAt: 'then', reach: 'full', stopped: false },
	],
	[
		'only the program alive, and stopped',
		{ ...started, program: 'alive', stopped: true },
		{ kind: 'running', startedAt: 'then', reach: 'signals-only', stopped: true },
	],
	['all dead', started, { kind: 'unknown', reason: 'keepers-gone' }],
	[
		'machine booted since',
		{ ...started, supervisor: 'rebooted', holder: 'rebooted', program: 'rebooted' },
		{ kind: 'unknown', reason: 'rebooted' },
	],
	[
		'another pid namespace',
		{ ...started, holder: 'not-comparable', program: 'not-comparable' },
		{ kind: 'unknown', reason: 'not-comparable' },
	],
	['a damaged file', { ...started, damaged: true, holder: 'alive' }, { kind: 'unknown', reason: 'damaged' }],
	[
		'exit with an error',
		{ ...started, exit: { ...exit, result: { error } } },
		{ kind: 'never-started', error },
	],
	[
		'exit, supervisor alive',
		{ ...started, exit, supervisor: 'alive' },
		{ ...ended, output: { kind: 'pending' }, terminal: 'open' },
	],
	[
		'exit, supervisor dead',
		{ ...started, exit },
		{ ...ended, output: { kind: 'lost', afterEvent: 12 }, terminal: 'closed' },
	],
	[
		'exit, while the machine was booted since',
		{ ...started, exit, holder: 'rebooted' },
		{ ...ended, output: { kind: 'lost', afterEvent: 12 }, terminal: 'closed' },
	],
	['exit and end', { ...started, exit, end }, { ...ended, output: { kind: 'whole' }, terminal: 'closed' }],
	[
		'exit and end with something dropped',
		{ ...started, exit, end: { ...end, droppedBytes: 9 } },
		{ ...ended, output: { kind: 'cut', droppedBytes: 9 }, terminal: 'closed' },
	],
	[
		'exit and end after a failed sync',
		{ ...started, exit, end: { ...end, syncedEvents: 4 } },
		{ ...ended, output: { kind: 'lost', afterEvent: 4 }, terminal: 'closed' },
	],
	[
		'exit, although the holder is still alive',
		{ ...started, exit, end, holder: 'alive' },
		{ ...ended, output: { kind: 'whole' }, terminal: 'closed' },
	],
] as const)('%s', (_, evidence, state) => {
	expect(decide(evidence, 'asked')).toEqual(state);
});
