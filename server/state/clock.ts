/** Time as it is passed in: the wall clock names moments, the monotonic one measures. */
export interface Clock {
	/** Milliseconds since 1970. May jump either way. */
	now(): number;
	/** Milliseconds since an unknown start; on Linux the same start for every process until the machine boots again. */
	up(): number;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	up: () => Number(process.hrtime.bigint() / 1000n) / 1000,
};

/** Returns a moment of the wall clock as the journal and the files of a run write it. */
export function formatMoment(nowMs: number): string {
	return new Date(nowMs).toISOString();
}
