/** What the browser keeps. It may be switched off or full: then there is nothing, and writing says so. */
class Keep {
	readonly #storage: () => Storage;

	constructor(storage: () => Storage) {
		this.#storage = storage;
	}

	read(key: string): string | undefined {
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
			return true;
		} catch {
			return false;
		}
	}

	remove(key: string): void {
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
