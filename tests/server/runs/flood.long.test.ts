/** Output without end, and many short programs whose last lines must not be lost. What one gigabyte costs holds `tests/attack/slow-reader.test.ts`. */
import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { reachKind, reachOver, setStage, until } from './harness.ts';

const isLong = Boolean(process.env.CI);

test('a flood is cancelled by the first signal, before a second one is due', async () => {
	const { start, told } = setStage();
	const run = start({ argv: ['yes'] });
	await reachKind(run, 'running');
	await until(() => run.written > 100, 'the flood');

	await run.cancel();

	expect(await reachOver(run)).toMatchObject({ end: { signal: 'SIGINT' } });
	expect(told.flatMap((event) => (event.type === 'run.signalled' ? [event.signal] : []))).toEqual(['SIGINT']);
});

test.skipIf(!isLong)(
	'eighty short programs lose nothing while the processor is busy (takes a minute: set CI=1 to run it)',
	async () => {
		const burners = Array.from({ length: 2 }, () => spawn('sh', ['-c', 'while :; do :; done']));
		onTestFinished(() => burners.forEach((burner) => void burner.kill('SIGKILL')));
		const { start } = setStage();
		const whole = Array.from({ length: 3000 }, (_, index) => `${index + 1}\r\n`).join('');

		for (let round = 0; round < 20; round += 1) {
			const runs = Array.from({ length: 4 }, () => start({ argv: ['seq', '1', '3000'] }));
			for (const run of runs) {
				expect(await reachOver(run)).toMatchObject({ end: { code: 0 }, output: { kind: 'whole' } });
				expect(await run.output()).toBe(whole);
			}
		}
	},
	600_000,
);
