import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { begun, collect, reach, reachKind, reachOver, reachText, readLive, setStage } from '../harness.ts';

test('what is typed comes to the program once, however often it is sent', async () => {
	const { shell } = setStage();
	const run = shell('echo begun; read a; read b; echo "<$a><$b>"');
	await begun(run);

	const answers = await Promise.all(['1', '1', '1'].map((id) => run.input(id, Buffer.from('y\n'))));
	await run.input('2', Buffer.from('z\n'));

	expect(answers).toContain('typed');
	expect(await reachText(run, '<y><z>')).toContain('<y><z>');
});

test('an input that the next server sends again is not typed again', async () => {
	const first = setStage();
	const run = first.shell('echo begun; read a; read b; echo "<$a><$b>"');
	await begun(run);
	await run.input('1', Buffer.from('y\n'));
	first.runs.close();

	const [again] = setStage({ state: first.state }).runs.list();
	if (!again) throw new Error('Cannot find the run again.');
	await reach(again, (state) => state.kind === 'running' && state.reach === 'full');
	await again.input('1', Buffer.from('y\n'));
	await again.input('2', Buffer.from('z\n'));

	await reachText(again, '<y><z>');
});

test('a password is neither echoed nor recorded', async () => {
	const { shell, state } = setStage();
	const run = shell('stty -echo; printf "Password: "; read p; stty echo; echo; echo "${#p} characters"');
	await reachText(run, 'Password: ');

	await run.input('1', Buffer.from('open sesame\n'));

	await reachOver(run);
	expect(await run.output()).toBe('Password: \r\n11 characters\r\n');
	expect(readFileSync(join(state.runs, run.id, 'recording.cast'), 'utf8')).not.toContain('sesame');
});

describe('a program that does not read', () => {
	test('takes 64 KiB and no more, costs no time, and can still be cancelled', async () => {
		const { start, state } = setStage();
		const run = start({ argv: ['sleep', '600'] });
		await reachKind(run, 'running');
		const { supervisor } = readLive(state, run.id);
		const line = Buffer.from(`${'x'.repeat(1023)}\n`);

		const answers = await Promise.all(Array.from({ length: 1024 }, (_, id) => run.input(String(id), line)));

		const typed = answers.filter((answer) => answer === 'typed').length;
		expect(answers.filter((answer) => answer === 'refused')).toHaveLength(1024 - typed);
		expect(typed).toBeGreaterThanOrEqual(64);
		expect(typed).toBeLessThan(256);
		const before = cpuTicks(supervisor.pid);
		await new Promise((resolve) => setTimeout(resolve, 1_000));
		expect(cpuTicks(supervisor.pid) - before).toBeLessThan(30);
		await run.cancel();
		expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGINT' } });
	});

	test('gets what waits as soon as it reads', async () => {
		const { shell } = setStage();
		const run = shell('stty -echo -icanon; echo begun; read -r go; head -c 50000 | wc -c');
		await begun(run);

		await run.input('1', Buffer.from(`\n${'x'.repeat(50_000)}`));

		await reachText(run, '50000');
	});
});

/** Processor time of a process, in hundredths of a second. */
function cpuTicks(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
	return Number(fields[11]) + Number(fields[12]);
}

describe('the size of the terminal', () => {
	test('is the one that was asked for', async () => {
		const { start } = setStage();

		const run = start({ argv: ['stty', 'size'], size: { columns: 132, rows: 43 } });

		await reachOver(run);
		expect(await run.output()).toBe('43 132\r\n');
	});

	test('follows a storm of ten thousand changes at ten a second, and ends with the last', async () => {
		const { shell } = setStage();
		const run = shell(
			'trap "stty size" WINCH; echo begun; while ! read line; do :; done; stty size; echo bye',
		);
		await begun(run);

		for (let n = 1; n <= 10_000; n += 1) run.resize(2 + (n % 499), 1 + (n % 200));
		run.resize(99, 33);
		await reachText(run, '33 99');
		await run.input('1', Buffer.from('\n'));

		await reachText(run, 'bye');
		const sizes = await collect(run.follow(1, new AbortController().signal));
		const resizes = sizes.filter((event) => event.kind === 'resize');
		expect(resizes.at(-1)).toMatchObject({ columns: 99, rows: 33 });
		const times = resizes.map(({ time }) => time);
		expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= 0.095)).toBe(true);
	});

	test.each([
		[0, 24],
		[80, 0],
		[-1, 24],
		[1e9, 24],
		[80, 1e9],
		[Number.NaN, 24],
		[80.5, 24],
		[1, 24],
		[501, 24],
		[80, 201],
		[Infinity, 24],
	])('refuses %d columns and %d rows', async (columns, rows) => {
		const { start } = setStage();
		const run = start({ argv: ['true'] });

		expect(() => run.resize(columns, rows)).toThrow(RangeError);
		expect(() => start({ argv: ['true'], size: { columns, rows } })).toThrow(RangeError);
	});

	test('of an ended run is nobody’s business', async () => {
		const { start } = setStage();
		const run = start({ argv: ['true'] });
		await reachOver(run);

		expect(() => run.resize(90, 30)).not.toThrow();
	});
});
