import type { Say } from '../server/words.ts';
import type { Person } from './walk/person.ts';

/** What a command works with. Texts go out through here, so that a test can read them. */
export interface Terminal {
	/** Drover's own folder: words of the interface, pages and what builds them. */
	readonly root: string;
	/** The content folder; Drover's own unless said. */
	readonly content: string;
	readonly say: Say;
	readonly locale: 'zh' | 'en';
	readonly out: (text: string) => void;
	readonly err: (text: string) => void;
	readonly env: NodeJS.ProcessEnv;
	/** Who can be asked; undefined without a terminal. */
	readonly person?: Person | undefined;
}

/** A command gets its arguments and returns the exit code: 0 done, 1 failed, 2 asked wrongly, 3 another server is there, 4 waits for a person, 5 could not check. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;
