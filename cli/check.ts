import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { common, goThrough } from './run.ts';

/** `drover check RUNBOOK`: the preflight alone. Changes nothing. */
export const check: Command = async (args, terminal) => {
	const { values, positionals } = parseOptions(args, { options: common, allowPositionals: true });
	return await goThrough({ ...values, until: 'preflight', yes: new Set(), checksOnly: true }, positionals, terminal, 'drover check RUNBOOK');
};
