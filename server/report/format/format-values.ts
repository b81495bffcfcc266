import type { Value } from '../../../src/runbook/values/value.ts';
import { given, words, type Line } from '../line.ts';
import type { ReportSource } from '../source.ts';
import type { ReportValue } from '../report-content.ts';
import type { Formatter } from './formatter.ts';

/** Tells all values that commands were made of: given, detected and standard ones. Of a secret, that there was one. */
export function formatValues(source: ReportSource, formatter: Formatter): ReportValue[] {
	const { session, runbook, resolved } = source;
	const names = runbook ? Object.keys(runbook.parameters) : [];
	const others = Object.keys(session.values).filter((name) => !names.includes(name));
	return [...names, ...others].flatMap((name): ReportValue[] => {
		const label = formatter.parameter(name);
		if (runbook?.parameters[name]?.type === 'secret') return wasUsed(name, source) ? [{ label, lines: [formatter.line('report.value-secret')], origin: formatter.text(session.detected.includes(name) ? 'origin.detected' : 'report.typed') }] : [];
		const own = Object.hasOwn(session.values, name) ? session.values[name] : undefined;
		if (own !== undefined) return [{ label, lines: formatValue(own, formatter), origin: formatter.text(session.detected.includes(name) ? 'origin.detected' : 'report.typed') }];
		const items = resolved.answers.get(name)?.items ?? [];
		return items.length === 0 ? [] : [{ label, lines: items.map((item) => given(item.text)), origin: formatter.text('origin.default') }];
	});
}

/** A command shows a secret by its name: `"$db_password"`. */
function wasUsed(name: string, { session }: ReportSource): boolean {
	return [...session.runs.values()].some((run) => run.display.includes(`$${name}"`));
}

function formatValue(value: Value, formatter: Formatter): Line[] {
	if (typeof value === 'string') return [value === '' ? formatter.line('report.value-empty') : given(value)];
	if (value.length === 0) return [formatter.line('report.value-empty')];
	return value.map((one) => {
		if (typeof one === 'string') return given(one);
		const slots = { name: given(one.name), address: given(one.address) };
		return one.ssh === '' ? formatter.line('report.node-here', slots) : formatter.line('report.node', { ...slots, ssh: given(one.ssh) });
	});
}

/** Tells which values were changed once something had been done with them. */
export function formatValueChanges({ timeline }: ReportSource, formatter: Formatter): Line[] {
	let values: Readonly<Record<string, Value>> = {};
	let hasBegun = false;
	return timeline.flatMap(({ at, event }) => {
		if (event.type !== 'values.set') {
			hasBegun ||= 'step' in event;
			return [];
		}
		const before = values;
		values = event.values;
		return hasBegun ? formatDifference(before, values, at, formatter) : [];
	});
}

function formatDifference(before: Readonly<Record<string, Value>>, after: Readonly<Record<string, Value>>, at: string, formatter: Formatter): Line[] {
	const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return names.flatMap((name) => {
		const [was, is] = [before[name], after[name]];
		if (JSON.stringify(was) === JSON.stringify(is)) return [];
		const slots = { at: formatter.times.clock(at), parameter: formatter.parameter(name), before: inOneLine(was, formatter), after: inOneLine(is, formatter) };
		if (was === undefined) return [formatter.line('report.value-added', slots)];
		return [formatter.line(is === undefined ? 'report.value-removed' : 'report.value-changed', slots)];
	});
}

function inOneLine(value: Value | undefined, formatter: Formatter): Line {
	return value === undefined ? words('') : formatter.list(formatValue(value, formatter));
}
