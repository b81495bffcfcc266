/**
 * What the tests draw by chance is the same in every run: the same code gives the same answer, here and at the gate. `npm run search` asks for other seeds. Loaded before every test file.
 */
import fc from 'fast-check';

/** `DROVER_SEED=random`: whatever fast-check chooses, and prints when it finds something. `DROVER_SEED=<number>`: that one. */
const wanted = process.env['DROVER_SEED'] ?? '1600';
if (wanted !== 'random' && !/^-?\d{1,10}$/.test(wanted)) throw new RangeError(`DROVER_SEED is "${wanted}". Give it a whole number, or "random".`);

/** Whether somebody searches: with seeds of his own, and for longer. */
export const isSearch = process.env['DROVER_SEED'] !== undefined;

fc.configureGlobal({ ...fc.readConfigureGlobal(), ...(wanted === 'random' ? {} : { seed: Number(wanted) }) });

/** Returns a number from 0 to 1, another one with each call: evenly spread. */
export function drawNumbers(): () => number {
	const drawn = fc.sample(fc.nat(0xffff), 1000);
	let next = 0;
	return () => (drawn[next++ % drawn.length] ?? 0) / 0x1_0000;
}
