import { expect, test } from 'vitest';
import { begun, collect, reachOver, setStage } from './harness.ts';

const forever = new AbortController().signal;

test('live and replay are the same', async () => {
	const { shell } = setStage();
	const run = shell('for i in 1 2 3; do echo $i; sleep 0.1; done; exit 1');

	const live = await collect(run.follow(1, forever));
	const replay = await collect(run.follow(1, forever));

	expect(replay).toEqual(live);
	expect(live.length).toBeGreaterThan(0);
	expect(live.at(-1)?.n).toBe(run.written);
});

test('a reader who comes back goes on after the last event that he saw; none is lost or doubled', async () => {
	const { shell } = setStage();
	const run = shell('seq 1 300 | while read n; do echo "line $n"; [ $((n % 25)) -gt 0 ] || sleep 0.05; done');
	const seen: number[] = [];
	let text = '';

	for (let cut = 0; !run.isOver || seen.at(-1) !== run.written; cut += 1) {
		const gone = new AbortController();
		for await (const event of run.follow((seen.at(-1) ?? 0) + 1, gone.signal)) {
			seen.push(event.n);
			if (event.kind === 'output') text += event.text;
			if (seen.length % 3 === cut % 3) break;
		}
		gone.abort();
	}

	expect(seen).toEqual(seen.map((_, index) => index + 1));
	expect(text).toBe(Array.from({ length: 300 }, (_, index) => `line ${index + 1}\r\n`).join(''));
});

test('a reader who never reads holds nobody up; another one gets everything', async () => {
	const { shell } = setStage();
	const run = shell('seq 1 200000; exit 3');
	const idle = run.follow(1, forever);
	await idle.next();

	const events = await collect(run.follow(1, forever));

	expect(await reachOver(run)).toMatchObject({ end: { code: 3 }, output: { kind: 'whole' } });
	const text = events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
	expect(text.endsWith('199999\r\n200000\r\n')).toBe(true);
	expect(text.length).toBe(200_000 * 2 + 1_088_895);
	await idle.return();
});

test('a reader who leaves is let go while the run goes on', async () => {
	const { shell } = setStage();
	const run = shell('echo begun; sleep 600');
	await begun(run);
	const gone = new AbortController();
	const listening = () => run.listenerCount('wrote') + run.listenerCount('change');
	const before = listening();
	const reading = collect(run.follow(1, gone.signal));
	const meanwhile = listening();

	gone.abort();

	expect(await reading).toMatchObject([]);
	expect(run.state.kind).toBe('running');
	expect([meanwhile > before, listening()]).toEqual([true, before]);
});

test('short programs lose nothing of what they printed', async () => {
	const { start } = setStage();
	const whole = Array.from({ length: 3000 }, (_, index) => `${index + 1}\r\n`).join('');

	for (let time = 0; time < 10; time += 1) {
		const run = start({ argv: ['seq', '1', '3000'] });
		await reachOver(run);
		expect(await run.output()).toBe(whole);
	}
});
