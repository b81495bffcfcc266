/**
 * Four sessions that, side by side, show a step in every state there is, as a browser keeps them on a static site. For pictures, and for looks that ask
 * every state: a state that is in none of them turns a test red.
 */
import type { Page } from '@playwright/test';
import type { SessionEvent } from '../../src/runbook/session/session-event.ts';

interface KeptSession {
	readonly runbook: string;
	readonly events: readonly SessionEvent[];
}

const at = new Date().toISOString();
const values = { folder: '/srv', herd: 'cows' };
const run = (step: string, kind: 'run' | 'undo', ...facts: readonly SessionEvent[]): SessionEvent[] => [
	{ type: 'run.asked', run: `${step}-${kind}`, step, kind, display: 'true', definition: 'local', values },
	{ type: 'run.started', run: `${step}-${kind}`, startedAt: at },
	...facts,
];
const ended = (step: string, code: number, kind: 'run' | 'undo' = 'run') => run(step, kind, { type: 'run.ended', run: `${step}-${kind}`, end: { code }, endedAt: at, elapsedMs: 1500 });
const looked = (step: string, passed: boolean, purpose: 'done' | 'skip' = 'done'): SessionEvent => ({ type: 'step.looked', step, for: purpose, result: passed ? 'passed' : 'failed', saw: [{ name: passed ? 'file-there' : 'file-absent', slots: { path: '/srv/pasture' } }] });
const marked = (step: string, mark: 'by-hand' | 'skipped' | 'overridden', reason: string): SessionEvent => ({ type: 'step.marked', step, mark, reason });
const filledIn: SessionEvent = { type: 'values.set', values, detected: ['folder'] };

export const everyState: readonly KeptSession[] = [
	{
		runbook: 'field/walk',
		events: [
			filledIn,
			looked('count', true),
			looked('fence', true),
			looked('fence', false),
			marked('ask', 'skipped', 'Asked before'),
			looked('found', true, 'skip'),
			marked('long', 'by-hand', ''),
			...ended('move', 0),
			...ended('move', 0, 'undo'),
			...ended('trip', 2),
			{ type: 'step.looked', step: 'trip', for: { hint: 'lost' }, result: 'passed', saw: [] },
			...run('secret', 'run', { type: 'run.unknown', run: 'secret-run', reason: 'rebooted' }),
			...ended('cross', 1),
			marked('cross', 'overridden', 'The bridge is known to be out'),
		],
	},
	{ runbook: 'field/walk', events: [filledIn, looked('count', true), ...ended('fence', 0), ...ended('ask', 0), ...run('long', 'run')] },
	{
		runbook: 'field/walk',
		events: [
			filledIn,
			{ type: 'step.looked', step: 'count', for: 'done', result: 'warned', saw: [{ name: 'output-lacks', slots: { wanted: '12', text: '11' } }] },
			...ended('fence', 0),
			{ type: 'step.looked', step: 'fence', for: 'done', result: 'could-not-check', saw: [{ name: 'time-limit', slots: { what: 'ls /srv', seconds: 30 } }] },
		],
	},
	{ runbook: 'field/herd', events: [filledIn] },
];

/** Opens the page of a kept session on a static site. */
export async function openKept(page: Page, origin: string, locale: string, { runbook, events }: KeptSession): Promise<void> {
	const all: SessionEvent[] = [{ type: 'session.opened', session: 'local', runbook, name: 'Yesterday', definition: 'local', drover: '' }, ...events];
	const kept = JSON.stringify(all.map((event, index) => ({ n: index + 1, at, event })));
	await page.goto(`${origin}/${locale}/`);
	await page.evaluate(([key = '', text = '']) => localStorage.setItem(key, text), [`drover.session.${runbook}`, kept]);
	await page.goto(`${origin}/${locale}/${runbook}/`);
	// As built, every step is to do; the page has read its session once one is not.
	await page.locator('.step:not([data-state="todo"])').first().waitFor();
}
