import type { Connection } from './connection.ts';

/** Who types into which run: the last to type drives, the others look on. */
export class Drivers {
	readonly #drivers = new Map<string, Connection>();

	/** Makes a connection the driver of a run; tells both when that is new. */
	take(run: string, connection: Connection): void {
		const before = this.#drivers.get(run);
		if (before === connection) return;
		this.#drivers.set(run, connection);
		before?.tellDrives(run, false);
		connection.tellDrives(run, true);
	}

	/** The first to look at a run that nobody drives drives it. */
	offer(run: string, connection: Connection): void {
		if (!this.#drivers.has(run)) this.#drivers.set(run, connection);
		connection.tellDrives(run, this.#drivers.get(run) === connection);
	}

	drop(connection: Connection): void {
		for (const [run, driver] of this.#drivers) if (driver === connection) this.#drivers.delete(run);
	}
}
