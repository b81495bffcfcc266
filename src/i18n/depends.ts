import { dependenciesOf } from '../runbook/command/dependencies.ts';
import type { Rendered } from '../runbook/command/render.ts';
import type { Locale } from './locale.ts';
import { fill } from './fill.ts';
import type { Table } from './words.ts';

/** Returns what says on what a command depends, one sentence for each effect. Loaded where something is set that a command may depend on. */
export async function loadDependencies(locale: Locale, separator: string, own: (table: Table) => Table = (table) => table): Promise<(command: Pick<Rendered, 'argv' | 'env'>, names: readonly string[]) => readonly string[]> {
	const { default: table } = locale === 'zh' ? await import('../../zh/depends.json') : await import('../../en/depends.json');
	const words = own(table);
	return (command, names) => dependenciesOf(command, names).map((one) => formatDependency(one, (key, slots) => fill(words[key] ?? key, slots), separator));
}

/** A dependency in words. `separator` stands between two names. */
export function formatDependency({ effect, names, programs }: ReturnType<typeof dependenciesOf>[number], say: (key: string, slots: Readonly<Record<string, string>>) => string, separator: string): string {
	const own = programs.filter((program) => !programs.some((other) => other.startsWith(`${program} `)));
	return say(`depends.${effect}`, { names: names.join(separator), programs: own.join(separator) });
}
