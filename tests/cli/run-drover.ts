import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { readWords } from '../../server/words.ts';

export const project = join(import.meta.dirname, '..', '..');

export interface Said {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

/** Runs the command line and returns what it said. */
export async function runDrover(args: readonly string[], { root = project, locale = 'en', env = {} }: { root?: string; locale?: 'zh' | 'en'; env?: NodeJS.ProcessEnv } = {}): Promise<Said> {
	let [out, err] = ['', ''];
	const code = await main(args, { root, say: readWords(project)[locale], locale, env, out: (text) => void (out += text), err: (text) => void (err += text) });
	return { code, out, err };
}
