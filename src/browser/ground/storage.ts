/** What the browser keeps. It may be switched off or full: what it does not take lives as long as the page, and writing says so. */
class Keep {
	readonly #storage: () => Storage;
	readonly #untaken = new Map<string, string>();

	constructor(storage: () => Storage) {
		this.#storage = storage;
	}

	read(key: string): string | undefined {
		const untaken = this.#untaken.get(key);
		if (untaken !== undefined) return untaken;
		try {
			return this.#storage().getItem(key) ?? undefined;
		} catch {
			return undefined;
		}
	}

	/** @returns whether it is kept */
	write(key: string, text: string): boolean {
		try {
			this.#storage().setItem(key, text);
			this.#untaken.delete(key);
			return true;
		} catch {
			this.#untaken.set(key, text);
			return false;
		}
	}

	remove(key: string): void {
		this.#untaken.delete(key);
		try {
			this.#storage().removeItem(key);
		} catch {
			// Nothing is kept.
		}
	}
}

/** For every page of this origin, until it is taken away. */
export const kept = new Keep(() => localStorage);

/** For this tab, as long as it is open. */
export const tabKept = new Keep(() => sessionStorage);
