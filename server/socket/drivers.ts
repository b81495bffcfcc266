/** Somebody who looks on at runs, and may type. */
interface Driver {
	showDrives(run: string, drives: boolean): void;
}

/** Who types into which run: the last to type drives, the others look on. */
export class Drivers {
	readonly #drivers = new Map<string, Driver>();

	/** Makes a connection the driver of a run; tells both when that is new. */
	take(run: string, connection: Driver): void {
		const before = this.#drivers.get(run);
		if (before === connection) return;
		this.#drivers.set(run, connection);
		before?.showDrives(run, false);
		connection.showDrives(run, true);
	}

	/** The first to look at a run that nobody drives drives it. */
	offer(run: string, connection: Driver): void {
		if (!this.#drivers.has(run)) this.#drivers.set(run, connection);
		connection.showDrives(run, this.#drivers.get(run) === connection);
	}

	drop(connection: Driver): void {
		for (const [run, driver] of this.#drivers) if (driver === connection) this.#drivers.delete(run);
	}
}
