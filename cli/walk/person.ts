/** The reader at a terminal: is asked, and may interrupt. Without a terminal there is none. */
import { createInterface } from 'node:readline';

export interface Person {
	/** Asks, and returns what was typed, without blanks around it; undefined when the terminal is closed. */
	ask(question: string): Promise<string | undefined>;
	/** Calls back at each Ctrl-C from here on; the returned function ends that. */
	onInterrupt(listener: () => void): () => void;
	/** Shows a line in place of the last one that was shown so; an empty one takes it away. */
	status(line: string): void;
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
	return {
		status,
		ask: async (question) => {
			status('');
			const lines = createInterface({ input, output });
			const { promise, resolve } = Promise.withResolvers<string | undefined>();
			lines.on('SIGINT', () => {
				output.write('\n');
				resolve(undefined);
			});
			lines.on('close', () => resolve(undefined));
			lines.question(question, (answer) => resolve(answer.trim()));
			const answer = await promise;
			lines.close();
			return answer;
		},
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
