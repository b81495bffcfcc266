/** The reader at a terminal: is asked, and may interrupt. Without a terminal there is none. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface Person {
	/** Asks, and returns what was typed, without blanks around it; undefined when the terminal is closed. */
	ask(question: string): Promise<string | undefined>;
	/** The same for a program that asks: what is typed is not shown, and nothing of it is changed. `signal` takes the question back. */
	askHidden(question: string, signal: AbortSignal): Promise<string | undefined>;
	/** Calls back at each Ctrl-C from here on; the returned function ends that. */
	onInterrupt(listener: () => void): () => void;
	/** Shows a line in place of the last one that was shown so; an empty one takes it away. */
	status(line: string): void;
}

interface Asking {
	readonly isHidden: boolean;
	readonly signal?: AbortSignal;
}

/** Undefined where nobody can type or read. Questions go to where the reader looks: what a program reads of us stays clean. */
export function findPerson(input: NodeJS.ReadStream = process.stdin, output: NodeJS.WriteStream = process.stderr): Person | undefined {
	if (!input.isTTY || !output.isTTY) return undefined;
	const listeners = new Set<() => void>();
	const interrupt = () => [...listeners].at(-1)?.();
	let shown = false;
	const status = (line: string) => {
		if (line === '' && !shown) return;
		shown = line !== '';
		output.write(`\r\u001b[K${[...line].slice(0, Math.max(20, output.columns - 2)).join('')}`);
	};
	let isAsking = false;
	const askNow = async (question: string, { isHidden, signal }: Asking) => {
		if (signal?.aborted) return undefined;
		status('');
		isAsking = true;
		// A line that is read without an echo has nowhere to write.
		const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
		const lines = createInterface({ input, output: isHidden ? nowhere : output, terminal: true });
		const { promise, resolve } = Promise.withResolvers<string | undefined>();
		lines.on('SIGINT', () => {
			if (!isHidden) output.write('\n');
			resolve(undefined);
			if (isHidden) interrupt();
		});
		lines.on('close', () => resolve(undefined));
		const take = () => resolve(undefined);
		signal?.addEventListener('abort', take, { once: true });
		if (isHidden) output.write(question);
		lines.question(isHidden ? '' : question, resolve);
		const answer = await promise;
		signal?.removeEventListener('abort', take);
		lines.close();
		if (isHidden) output.write('\n');
		isAsking = false;
		return answer;
	};
	// Two questions at once would share what is typed.
	let before: Promise<unknown> = Promise.resolve();
	const ask = (question: string, asking: Asking) => {
		const turn = before.then(() => askNow(question, asking));
		before = turn.catch(() => undefined);
		return turn;
	};
	return {
		status: (line) => {
			if (!isAsking || line === '') status(line);
		},
		ask: async (question) => (await ask(question, { isHidden: false }))?.trim(),
		askHidden: (question, signal) => ask(question, { isHidden: true, signal }),
		onInterrupt: (listener) => {
			if (listeners.size === 0) process.on('SIGINT', interrupt);
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
				if (listeners.size === 0) process.off('SIGINT', interrupt);
			};
		},
	};
}
