import { parseArgs, type ParseArgsConfig } from 'node:util';
import { problem, Refusal } from '../src/runbook/problem.ts';

/** Runs a parse of `node:util`'s `parseArgs`. @throws Refusal `command.usage` with its sentence. */
export function parseOptions<T extends ParseArgsConfig>(args: readonly string[], config: T) {
	try {
		return parseArgs<T & { args: string[] }>({ ...config, args: [...args] });
	} catch (error) {
		throw new Refusal(problem('command.usage', { detail: error instanceof Error ? error.message : String(error) }));
	}
}
