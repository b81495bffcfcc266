/** Detection that a family declares in `family.yaml`: named inspections of containers, each with the fields that it knows them by and the values that it reads. */
import type { Inspection, ValueFrom } from '../runbook/definition/family-rules.ts';
import { problem } from '../runbook/problem.ts';
import type { Value, Values } from '../runbook/values/value.ts';
import type { Detection, Found } from './family.ts';
import { maxDepth, readJsonValues } from './json-values.ts';

/** What is known of a family that detects by declaration. Plain data: a page has it too. */
export interface DeclaredDetection {
	readonly family: string;
	readonly inspections: Readonly<Record<string, Inspection>>;
	/** Parameters whose values are secret. */
	readonly secrets: readonly string[];
}

/** A field longer than this is no name, tag or path. Unit: UTF-16 units. */
const maxText = 2_000;
const hidden = '••••••••';

export function declaredDetection({ family, inspections, secrets }: DeclaredDetection): Detection {
	const secretsIn = (values: Values) => Object.keys(values).filter((name) => secrets.includes(name));
	return {
		detect: (text) => {
			const { values, fault } = readJsonValues(text);
			const containers = values.flatMap((value) => [value].flat(maxDepth) as unknown[]).filter(isContainer);
			const found = containers.flatMap((container) => {
				const [match] = Object.entries(inspections).filter(([, { where }]) => Object.entries(where).every(([path, wanted]) => matches(textAt(container, path), wanted) !== undefined));
				return match ? [describe(family, container, ...match)] : [];
			});
			return { found, problems: fault ? [problem('detect.unreadable', {})] : [] };
		},
		compareWithForm: ({ values }, form) =>
			Object.entries(values).flatMap(([parameter, value]) => {
				const [own, given] = [plain(value), plain(form[parameter] ?? '')];
				return own === given ? [] : [{ parameter, found: secrets.includes(parameter) ? hidden : own, form: secrets.includes(parameter) && given !== '' ? hidden : given }];
			}),
		secretsOf: (values) => ({ parameters: secretsIn(values), variables: [] }),
		maskFound: (found) => ({ ...found, values: Object.fromEntries(Object.entries(found.values).map(([name, value]) => [name, secrets.includes(name) ? hidden : value])) }),
	};
}

/** Several as one: each finds what it knows. That one finds nothing is no trouble where another does. */
export function combineDetections(all: readonly Detection[]): Detection | undefined {
	if (all.length <= 1) return all[0];
	const of = (found: Found) => all.find((one) => owners.get(found) === one) ?? all[0];
	const owners = new WeakMap<Found, Detection>();
	return {
		detect: (text) => {
			const each = all.map((one) => ({ one, ...one.detect(text) }));
			const found = each.flatMap(({ one, found: own }) => {
				for (const server of own) owners.set(server, one);
				return own;
			});
			const known = new Set(found.filter(({ runbook }) => runbook !== null).map(({ container }) => container));
			// What one takes for nothing of its own may be another's.
			const told = found.filter((one) => one.runbook !== null || !known.has(one.container));
			return { found: told, problems: known.size > 0 ? [] : (each.find(({ problems }) => problems.length > 0)?.problems ?? []) };
		},
		compareWithForm: (found, values) => of(found)?.compareWithForm(found, values) ?? [],
		secretsOf: (values) => {
			const each = all.map((one) => one.secretsOf(values));
			return { parameters: each.flatMap(({ parameters }) => parameters), variables: each.flatMap(({ variables }) => variables) };
		},
		maskFound: (found) => of(found)?.maskFound(found) ?? found,
	};
}

function isContainer(value: unknown): value is object {
	return typeof value === 'object' && value !== null && (Object.hasOwn(value, 'HostConfig') || (Object.hasOwn(value, 'Config') && Object.hasOwn(value, 'Name')));
}

function describe(family: string, container: object, id: string, { runbook, version, values }: Inspection): Found {
	const read = Object.entries(values).flatMap(([name, from]): [string, Value][] => {
		const text = valueOf(container, from);
		return text === undefined ? [] : [[name, text]];
	});
	return {
		kind: 'server',
		container: nameOf(container),
		version: version ? (valueOf(container, version) ?? null) : null,
		runbook: `${family}/${runbook}`,
		airGapped: false,
		reasons: [{ name: `${family}.${id}`, slots: {} }],
		warnings: [],
		values: Object.fromEntries(read),
	};
}

function nameOf(container: object): string {
	return textAt(container, 'Name') ?? textAt(container, 'Id')?.slice(0, 12) ?? '';
}

function valueOf(container: object, from: ValueFrom): string | undefined {
	const text = 'from' in from ? textAt(container, from.from) : 'env' in from ? variableOf(container, from.env) : mountedAt(container, from.mount);
	const wanted = 'matches' in from ? from.matches : undefined;
	return wanted === undefined ? text : matches(text, wanted);
}

/** The first group of what matches, or all of it; undefined when nothing does. */
function matches(text: string | undefined, pattern: string): string | undefined {
	const found = text === undefined ? null : new RegExp(pattern, 'u').exec(text);
	return found ? (found[1] ?? found[0]) : undefined;
}

/** A name is told as it is typed: Docker puts a slash before it. */
function textAt(container: object, path: string): string | undefined {
	let value: unknown = container;
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
		value = (value as Readonly<Record<string, unknown>>)[key];
	}
	const text = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
	if (text === undefined || text.length > maxText) return undefined;
	return path === 'Name' ? text.replace(/^\//, '') : text;
}

function listAt(container: object, path: readonly string[]): readonly unknown[] {
	let value: unknown = container;
	for (const key of path) value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
	return Array.isArray(value) ? value : [];
}

function variableOf(container: object, name: string): string | undefined {
	const line = listAt(container, ['Config', 'Env']).find((one) => typeof one === 'string' && one.startsWith(`${name}=`));
	return typeof line === 'string' && line.length <= maxText ? line.slice(name.length + 1) : undefined;
}

function mountedAt(container: object, place: string): string | undefined {
	const mount = listAt(container, ['Mounts']).find((one) => typeof one === 'object' && one !== null && textAt(one, 'Destination') === place);
	if (typeof mount !== 'object' || mount === null) return undefined;
	const { Name, Source } = mount as { readonly Name?: unknown; readonly Source?: unknown };
	return [Name, Source].find((one): one is string => typeof one === 'string' && one !== '' && one.length <= maxText);
}

function plain(value: Value): string {
	return typeof value === 'string' ? value : value.map((one) => (typeof one === 'string' ? one : one.name)).join('\n');
}
