/**
 * Fuzzing of what meets hostile text: so many inputs, the same in every run (`tests/seed.ts`). Whoever searches fuzzes for a time instead, from seeds that fast-check prints when it finds something. What was found is kept as an
 * example beside the property.
 */
import fc from 'fast-check';
import { hostileText } from '../runbook/hostile.ts';

/** Of each property, in a search: `DROVER_SEED=random DROVER_FUZZ_SECONDS=600 npx vitest run --project unit tests/fuzz`. */
const seconds = Number(process.env['DROVER_FUZZ_SECONDS'] ?? 0);

/** Net for a test that hangs: what is fuzzed, what is done beside it, and one input that was begun before the time was over. */
export const fuzzLimitMs = seconds * 1000 + 300_000;

/** Checks a property of so many inputs, or until the time of a search is over; a property returns nothing and throws. */
export async function fuzz<T>(numRuns: number, inputs: fc.Arbitrary<T>, check: (input: T) => void | Promise<void>, examples: readonly T[] = []): Promise<void> {
	const limits = seconds > 0 ? { interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false, numRuns: 10_000_000 } : { numRuns };
	await fc.assert(fc.asyncProperty(inputs, async (input) => check(input)), { ...limits, examples: examples.map((one): [T] => [one]) });
}

/** One change to a text, as a bit flip, a bad merge or an attacker would make it. */
type Mutation = (text: string) => string;

const at = (text: string, place: number): number => Math.floor(place * (text.length + 1));
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
	fc.tuple(place, hostileText).map(([where, text]): Mutation => (given) => given.slice(0, at(given, where)) + text + given.slice(at(given, where))),
	fc.tuple(place, fc.nat({ max: 12 })).map(([where, length]): Mutation => (given) => given.slice(0, at(given, where)) + given.slice(at(given, where) + length)),
	fc.tuple(place, place).map(([from, to]): Mutation => (given) => given.slice(0, at(given, Math.max(from, to))) + given.slice(at(given, Math.min(from, to)))),
	fc.tuple(place, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })).map(([where, char]): Mutation => (given) => given.slice(0, at(given, where)) + char + given.slice(at(given, where) + 1)),
	place.map((where): Mutation => (given) => given.slice(0, at(given, where))),
	fc.tuple(place, fc.constantFrom('"', "'", '{', '}', '[', ']', ':', ',', '\\', '\n', '0', '-', 'null', '__proto__', 'constructor', '${', '}...', '\u0000', '\ud800', '1e999')).map(([where, text]): Mutation => (given) => given.slice(0, at(given, where)) + text + given.slice(at(given, where))),
);

/** Good texts with something wrong in them, one to six times over; now and then anything at all. */
export function spoiled(corpus: readonly string[]): fc.Arbitrary<string> {
	const spoil = fc.tuple(fc.constantFrom(...corpus), fc.array(mutation, { minLength: 1, maxLength: 6 })).map(([text, mutations]) => mutations.reduce((given, change) => change(given), text));
	return fc.oneof({ weight: 9, arbitrary: spoil }, { weight: 1, arbitrary: hostileText });
}
