/** An open terminal, whatever the protocol behind it. */
export class Terminal {
	readonly send: (text: string) => void;
	readonly close: () => void;
	received = 0;
	#last = '';
	#waiting: (() => boolean)[] = [];

	constructor(send: (text: string) => void, close: () => void) {
		this.send = send;
		this.close = close;
	}

	receive(bytes: Buffer): void {
		this.received += bytes.length;
		this.#last = bytes.toString('latin1', Math.max(0, bytes.length - 16));
		this.#waiting = this.#waiting.filter((isDone) => !isDone());
	}

	#until(isThere: () => boolean): Promise<void> {
		if (isThere()) return Promise.resolve();
		return new Promise((resolve) => {
			this.#waiting.push(() => {
				const there = isThere();
				if (there) resolve();
				return there;
			});
		});
	}

	/** Resolves when so many bytes have come in all. */
	untilBytes(count: number): Promise<void> {
		return this.#until(() => this.received >= count);
	}

	untilReady(): Promise<void> {
		return this.#until(() => this.#last.includes('READY\n'));
	}
}
