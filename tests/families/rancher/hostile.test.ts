import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detect } from '../../../src/families/rancher/detect/detect.ts';
import { findUntrusted } from '../../../src/runbook/text/character.ts';
import { hostileText } from '../../runbook/hostile.ts';
import { parseByShell } from '../../runbook/shell.ts';
import { renderFound } from './round-trip.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Path = readonly (string | number)[];

const folder = join(import.meta.dirname, 'fixtures');
const fixtures = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).documents as Json[]);

/** The path of every text in a value. */
function textsIn(value: Json, path: Path = []): Path[] {
	if (typeof value === 'string') return [path];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, one]) => textsIn(one, [...path, Array.isArray(value) ? Number(name) : name]));
}

function replace(value: Json, [name, ...rest]: Path, text: Json): Json {
	if (name === undefined) return text;
	if (Array.isArray(value)) return value.map((one, index) => (index === name ? replace(one, rest, text) : one));
	return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, key === name ? replace(one as Json, rest, text) : (one as Json)]));
}

const leaf = fc.integer({ min: 0, max: fixtures.length - 1 }).chain((index) => {
	const documents = fixtures[index] ?? [];
	return fc.constantFrom(...textsIn(documents[0] ?? null)).map((path) => ({ documents, path }));
});

const wordsOf = (found: { argv: readonly string[]; options: readonly string[] }) => [...found.argv, ...found.options];

/** Both proxy variables of the server that has them. */
const repeated = fixtures.findIndex((documents) => JSON.stringify(documents).includes('"http_proxy='));
const proxied = textsIn(fixtures[repeated]?.[0] ?? null).filter((path) => /^https?_proxy=/.test(textAt(fixtures[repeated]?.[0] ?? null, path)));

/** What this property has found. */
const findings: [{ documents: Json[]; path: Path }, string][] = [
	[{ documents: fixtures[2] ?? [], path: ['Name'] }, '/00'],
	[{ documents: fixtures[2] ?? [], path: ['Config', 'Image'] }, 'a@#@ ../:'],
	...proxied.map((path): [{ documents: Json[]; path: Path }, string] => [{ documents: fixtures[repeated] ?? [], path }, "CORRAL=''"]),
	[{ documents: fixtures.find((documents) => JSON.stringify(documents).includes('"CgroupPermissions":"rwm"')) ?? [], path: ['HostConfig', 'Devices', 0, 'CgroupPermissions'] }, "'''"],
];
/** A document can hold what no argument can. */
const nul = textsIn(fixtures[0]?.[0] ?? null).map((path): (typeof findings)[number] => [{ documents: fixtures[0] ?? [], path }, 'CORRAL=a\0b']);

function textAt(value: Json, [name, ...rest]: Path): string {
	if (name === undefined) return typeof value === 'string' ? value : '';
	return textAt((value as Record<string | number, Json>)[name] ?? null, rest);
}

test('a hostile text anywhere in a document stands in the command exactly, or is told; nothing vanishes in silence', () => {
	// What became of the texts: a detection that takes nothing, refuses everything or warns of everything would pass otherwise.
	const became = { told: 0, taken: 0, rendered: 0 };
	fc.assert(
		fc.property(leaf, fc.oneof({ weight: 3, arbitrary: hostileText.filter((text) => text.length > 2) }, { weight: 1, arbitrary: hostileText.filter((text) => text.length > 2).map((text) => `CORRAL=${text}`) }), ({ documents, path }, text) => {
			const before = detect(JSON.stringify(documents));
			const after = detect(JSON.stringify([replace(documents[0] ?? null, path, text), ...documents.slice(1)]));
			const [one, other] = [before.found[0], after.found[0]];

			expect(other).toBeDefined();
			if (!one || !other) return;
			// Something is said that was not said before: what is no longer said tells nothing.
			const said = new Set([...one.reasons, ...one.warnings, ...before.problems].map((finding) => JSON.stringify(finding)));
			const told = other.kind !== one.kind || [...other.reasons, ...other.warnings, ...after.problems].some((finding) => !said.has(JSON.stringify(finding)));
			const lost = texts(one.values).filter((value) => !texts(other.values).includes(value));
			// Docker puts a slash before a name.
			const own = path[0] === 'Name' ? text.replace(/^\//, '') : text;
			const taken = texts(other.values).filter((value) => value.includes(own) || value.includes(own.replaceAll('"', '""')));
			// The name of an anonymous volume is in no option that was typed: without it the option is what was.
			if (lost.length > 0 && path[0] !== 'Mounts') expect(told || taken.length > 0, path.join('.')).toBe(true);
			// One text takes no other value along. What was a field of the form may have become a variable (without its proxy, no_proxy is one like others); an option may now say
			// what goes without saying otherwise (the permissions of a device).
			const original = textAt(documents[0] ?? null, path);
			const variables = texts(other.values).map((value) => value.slice(value.indexOf('=') + 1));
			const others = lost.filter((value) => !value.includes(original) && !original.includes(value) && !original.includes(value.split('=').at(-1) ?? value) && !variables.includes(value) && !taken.some((one) => one.startsWith(value)));
			if (others.length > 0 && path[0] !== 'Mounts') expect(told, `${path.join('.')}: ${others.join(' ')}`).toBe(true);
			became.told += told ? 1 : 0;
			became.taken += taken.length > 0 ? 1 : 0;
			// The old server's name is in other commands than the one that starts the new server.
			if (taken.length > 0 && other.runbook !== null && path[0] !== 'Name') {
				const rendered = tryRender(other);
				became.rendered += rendered ? 1 : 0;
				if (rendered) for (const value of taken) expect(wordsOf(rendered).some((word) => word.includes(value.slice(value.indexOf('=') + 1))), path.join('.')).toBe(true);
			}
		}),
		{ numRuns: 800, examples: [...findings, ...nul] },
	);
	expect(became.told).toBeGreaterThan(100);
	expect(became.taken).toBeGreaterThan(20);
	expect(became.rendered).toBeGreaterThan(20);
});

test('a real shell reads the command of what was found as exactly its words, with a hostile text in place of every text of every document', () => {
	const hostile = hostileText.filter((text) => text.length > 2 && text.length < 2000);
	// Most documents have a text in the same place: three of them will do.
	const seen = new Map<string, number>();
	const isNew = (place: string) => {
		const times = (seen.get(place) ?? 0) + 1;
		seen.set(place, times);
		return times <= 3;
	};
	const cases = fixtures.flatMap((documents, fixture) =>
		textsIn(documents[0] ?? null).filter((path) => isNew(path.join('.'))).flatMap((path, index) => {
			const [plain = '', variable = ''] = fc.sample(hostile, { numRuns: 2, seed: 1600 + 1000 * fixture + index });
			return [plain, `CORRAL=${variable}`].flatMap((text) => {
				const [found] = detect(JSON.stringify([replace(documents[0] ?? null, path, text), ...documents.slice(1)])).found;
				if (!found?.runbook) return [];
				const rendered = tryRender(found);
				const password = found.values['db_password'];
				const words = Object.fromEntries([found.values['command_words'] ?? []].flat().map((word, index) => [`command_words_${index + 1}`, String(word)]));
				// Only where it stands in the command is there something to read.
				const isIn = rendered && [...rendered.argv, ...Object.values(rendered.env)].some((word) => word.includes(text.slice(text.indexOf('=') + 1)));
				return isIn ? [{ rendered, variables: { ...rendered.env, ...words, db_password: typeof password === 'string' ? password : 'cattle' } }] : [];
			});
		}),
	);
	expect(cases.length).toBeGreaterThan(60);

	for (const shell of ['bash', 'sh'] as const) {
		const parsed = parseByShell(shell, cases.map(({ rendered, variables }) => ({ display: rendered.display, program: 'docker', env: variables, variables: Object.keys(rendered.env) })));
		parsed.forEach(({ argv, env, left }, index) => {
			const { rendered } = cases[index] ?? {};
			expect(argv, rendered?.display).toEqual(rendered?.argv);
			expect([env, left]).toEqual([rendered?.env, []]);
		});
	}
}, 300_000);

/** The command, unless a rule refuses the form with the name of a field. */
function tryRender(found: Parameters<typeof renderFound>[0]) {
	try {
		return renderFound(found);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		expect(error.message).toContain('"parameter"');
		return undefined;
	}
}

function texts(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

test('nothing that is told holds a character that a page or a terminal acts on', () => {
	fc.assert(
		fc.property(leaf, hostileText, ({ documents, path }, text) => {
			const { found, problems } = detect(JSON.stringify([replace(documents[0] ?? null, path, text), ...documents.slice(1)]));
			const told = [...problems, ...found.flatMap(({ reasons, warnings }) => [...reasons, ...warnings])].flatMap(({ slots }) => Object.values(slots));
			for (const slot of [...told, ...found.map(({ container }) => container)]) {
				expect(findUntrusted(String(slot))).toBeUndefined();
				expect(String(slot).length).toBeLessThanOrEqual(400);
			}
		}),
		{ numRuns: 400 },
	);
});

test('a value of any other shape anywhere is told by its field, and the rest is read', () => {
	const wrong = fc.constantFrom<Json>(7, true, 'x', [], [1], ['x'], {}, { a: 1 }, null, [null], [{}], { '8080/tcp': 7 }, { __proto__x: { polluted: 'yes' } });
	const anyPath = fc.integer({ min: 0, max: fixtures.length - 1 }).chain((index) => {
		const documents = fixtures[index] ?? [];
		return fc.constantFrom(...pathsIn(documents[0] ?? null).filter((path) => path.length > 0)).map((path) => ({ documents, path }));
	});
	fc.assert(
		fc.property(anyPath, wrong, ({ documents, path }, value) => {
			const { found, problems } = detect(JSON.stringify([replace(documents[0] ?? null, path, value), ...documents.slice(1)]));
			expect(found).toHaveLength(problems.some(({ name }) => name === 'inspect.no-container') ? 0 : 1);
			for (const { name, slots } of problems) if (name === 'inspect.wrong-shape') expect(path.join('.')).toContain(String(slots['fields']).split(', ')[0]?.split('.')[0]);
		}),
		{ numRuns: 800 },
	);
});

function pathsIn(value: Json, path: Path = []): Path[] {
	if (typeof value !== 'object' || value === null) return [path];
	return [path, ...Object.entries(value).flatMap(([name, one]) => pathsIn(one, [...path, Array.isArray(value) ? Number(name) : name]))];
}

test('a field of another shape is told by its path, and everything else is read', () => {
	const [container, ...more] = fixtures[0] ?? [];
	const odd = replace(replace(container ?? null, ['HostConfig', 'Memory'], 'much'), ['Config', 'Env', 0], 7);
	const { found, problems } = detect(JSON.stringify([odd, ...more]));

	expect(problems).toEqual([{ name: 'inspect.wrong-shape', slots: { container: 'rancher', fields: expect.stringMatching(/^Config\.Env, HostConfig\.Memory$/) } }]);
	expect(found[0]?.values).toMatchObject({ container: 'rancher', image: 'rancher/server', publish: expect.any(String) });
});

const maps: readonly Path[] = [['Config', 'Labels'], ['Config', 'Volumes'], ['Config', 'ExposedPorts'], ['HostConfig', 'LogConfig', 'Config'], ['HostConfig', 'Sysctls'], ['HostConfig', 'Tmpfs'], ['HostConfig', 'StorageOpt'], ['HostConfig', 'Annotations'], ['HostConfig', 'PortBindings'], ['NetworkSettings', 'Networks']];

test('a hostile name of a label, a port, a volume or a network stands in the command exactly, or is told', () => {
	const [plain] = fixtures.filter(([container]) => JSON.stringify(container).includes('"Labels":{}'));
	const before = detect(JSON.stringify(plain)).found[0];
	fc.assert(
		fc.property(fc.constantFrom(...maps), hostileText.filter((text) => text.length > 2), ([where = '', ...rest], name) => {
			const value: Json = where === 'NetworkSettings' || rest[0] === 'Volumes' || rest[0] === 'ExposedPorts' ? {} : rest[0] === 'PortBindings' ? [{ HostIp: '', HostPort: '1' }] : 'v';
			const [container, ...more] = plain ?? [];
			const parent = (container as Record<string, Record<string, Json>>)[where] ?? {};
			const [after] = detect(JSON.stringify([{ ...(container as object), [where]: merge(parent, rest as string[], Object.fromEntries([[name, value]])) }, ...more])).found;

			const taken = texts(after?.values).some((text) => text.includes(name));
			const told = JSON.stringify(after?.warnings) !== JSON.stringify(before?.warnings);
			expect(taken || told, `${where}.${rest.join('.')}`).toBe(true);
		}),
		{ numRuns: 800 },
	);
});

function merge(object: Json, [name, ...rest]: readonly string[], more: Json): Json {
	if (name === undefined) return { ...(object as object), ...(more as object) };
	const parent = (object ?? {}) as Record<string, Json>;
	return { ...parent, [name]: merge(parent[name] ?? {}, rest, more) };
}

test('names of prototypes are names like others', () => {
	const text = JSON.stringify(fixtures[0]).replace('"Labels":{}', '"Labels":{"__proto__":"a","constructor":"b","toString":"c"}').replace('"PortBindings":{', '"PortBindings":{"__proto__":null,"constructor":[{"HostPort":"1"}],');
	const { found } = detect(text);

	expect(found[0]?.values['docker_options']).toEqual(expect.arrayContaining(['--label=__proto__=a', '--label=constructor=b', '--label=toString=c']));
	expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	expect(Object.getPrototypeOf(found[0]?.values)).toBe(Object.prototype);
});

test('two hundred containers and megabytes of text are read in seconds', () => {
	const [container] = fixtures[0] ?? [];
	const many = Array.from({ length: 200 }, (_, index) => ({ ...(container as object), Id: index.toString(16).padStart(64, '0'), Name: `/server_${index}` }));
	const { found, problems } = detect(JSON.stringify(many));
	expect([found.length, problems]).toEqual([200, []]);

	const big = replace(container ?? null, ['Config', 'Env', 0], `BIG=${'x'.repeat(8_000_000)}`);
	const { found: one } = detect(JSON.stringify([big]));
	expect(one[0]?.warnings).toContainEqual(expect.objectContaining({ name: 'variable-refused', slots: { variable: 'BIG' }, problem: expect.objectContaining({ name: 'value.too-long' }) }));
});

test.each([
	['', 'inspect.empty'],
	[' \n', 'inspect.empty'],
	['[]', 'inspect.no-container'],
	['[{"Name":"rancher-db","Driver":"local"}]', 'inspect.other-document'],
	['7', 'inspect.other-document'],
	['hello', 'inspect.not-json'],
	['[{"Id":"a","HostConfig":{', 'inspect.cut-short'],
	['['.repeat(5000), 'inspect.too-deep'],
	['Error: No such object: rancher', 'inspect.not-json'],
])('%j is told to be %s', (text, name) => {
	expect(detect(text).problems.map((one) => one.name)).toContain(name);
});

test('the place of a mistake is told by line and column', () => {
	expect(detect('[\n  {"Id": "a",\n   "Name": rancher}\n]').problems).toEqual([{ name: 'inspect.not-json', slots: { line: 3, column: 12 } }]);
	expect(detect('[\n  {"Id": "a",\n   "Name": "ranch').problems).toEqual([{ name: 'inspect.cut-short', slots: { line: 3, column: 18 } }]);
});

test('what stands before a mistake is read all the same', () => {
	const { found, problems } = detect(`${JSON.stringify(fixtures[0])}\n$ docker inspect rancher`);
	expect([found.length, problems.map(({ name }) => name)]).toEqual([1, ['inspect.not-json']]);
});
