/** One clock for everything that shows elapsed time; it stands still while nobody looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls `draw` once a second until the signal ends. */
export function everySecond(draw: () => void, signal: AbortSignal): void {
	listeners.add(draw);
	signal.addEventListener('abort', () => {
		listeners.delete(draw);
		if (listeners.size === 0) clearInterval(timer);
		if (listeners.size === 0) timer = undefined;
	});
	timer ??= setInterval(() => {
		if (document.visibilityState === 'visible') for (const listener of listeners) listener();
	}, 1000);
}

export function secondsSince(at: string): number {
	return Math.max(0, (Date.now() - Date.parse(at)) / 1000);
}
