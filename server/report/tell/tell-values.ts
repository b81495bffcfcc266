import type { Value } from '../../../src/runbook/values/value.ts';
import { given, words, type Line } from '../line.ts';
import type { ReportSource } from '../source.ts';
import type { ToldValue } from '../told.ts';
import type { Teller } from './teller.ts';

/** Tells all values that commands were made of: given, detected and standard ones. Of a secret, that there was one. */
export function tellValues(source: ReportSource, teller: Teller): ToldValue[] {
	const { session, runbook, resolved } = source;
	const names = runbook ? Object.keys(runbook.parameters) : [];
	const others = Object.keys(session.values).filter((name) => !names.includes(name));
	return [...names, ...others].flatMap((name): ToldValue[] => {
		const label = teller.parameter(name);
		if (runbook?.parameters[name]?.type === 'secret') return wasUsed(name, source) ? [{ label, lines: [teller.line('report.value-secret')], origin: teller.text(session.detected.includes(name) ? 'origin.detected' : 'report.typed') }] : [];
		const own = Object.hasOwn(session.values, name) ? session.values[name] : undefined;
		if (own !== undefined) return [{ label, lines: tellValue(own, teller), origin: teller.text(session.detected.includes(name) ? 'origin.detected' : 'report.typed') }];
		const items = resolved.answers.get(name)?.items ?? [];
		return items.length === 0 ? [] : [{ label, lines: items.map((item) => given(item.text)), origin: teller.text('origin.default') }];
	});
}

/** A command shows a secret by its name: `"$db_password"`. */
function wasUsed(name: string, { session }: ReportSource): boolean {
	return [...session.runs.values()].some((run) => run.display.includes(`$${name}"`));
}

function tellValue(value: Value, teller: Teller): Line[] {
	if (typeof value === 'string') return [value === '' ? teller.line('report.value-empty') : given(value)];
	if (value.length === 0) return [teller.line('report.value-empty')];
	return value.map((one) => {
		if (typeof one === 'string') return given(one);
		const slots = { name: given(one.name), address: given(one.address) };
		return one.ssh === '' ? teller.line('report.node-here', slots) : teller.line('report.node', { ...slots, ssh: given(one.ssh) });
	});
}

/** Tells which values were changed once something had been done with them. */
export function tellValueChanges({ told }: ReportSource, teller: Teller): Line[] {
	let values: Readonly<Record<string, Value>> = {};
	let hasBegun = false;
	return told.flatMap(({ at, event }) => {
		if (event.type !== 'values.set') {
			hasBegun ||= 'step' in event;
			return [];
		}
		const before = values;
		values = event.values;
		return hasBegun ? tellDifference(before, values, at, teller) : [];
	});
}

function tellDifference(before: Readonly<Record<string, Value>>, after: Readonly<Record<string, Value>>, at: string, teller: Teller): Line[] {
	const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return names.flatMap((name) => {
		const [was, is] = [before[name], after[name]];
		if (JSON.stringify(was) === JSON.stringify(is)) return [];
		const slots = { at: teller.times.clock(at), parameter: teller.parameter(name), before: inOneLine(was, teller), after: inOneLine(is, teller) };
		if (was === undefined) return [teller.line('report.value-added', slots)];
		return [teller.line(is === undefined ? 'report.value-removed' : 'report.value-changed', slots)];
	});
}

function inOneLine(value: Value | undefined, teller: Teller): Line {
	return value === undefined ? words('') : teller.list(tellValue(value, teller));
}
