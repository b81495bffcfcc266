import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readValuesFile } from '../../cli/values.ts';
import { parseMessage } from '../../server/socket/connection.ts';
import { formatLine } from '../../server/state/journal-line.ts';
import { readJournal } from '../../server/state/read-journal.ts';
import { StateError } from '../../server/state/state-error.ts';
import { detect } from '../../src/families/rancher/detect/detect.ts';
import { findUntrusted } from '../../src/runbook/text/character.ts';
import { listTypes } from '../../src/runbook/definition/list-types.ts';
import { loadFamily } from '../../src/runbook/definition/load.ts';
import { planSteps, stepsToRecheck, rollbackSteps } from '../../src/runbook/session/plan.ts';
import { Refusal } from '../../src/runbook/problem.ts';
import { ClientMessage, CheckRequest, MarkRequest, OpenRequest, RunRequest } from '../../src/runbook/protocol/protocol.ts';
import { parseEvent } from '../../src/runbook/run/recording.ts';
import { noRules, resolve } from '../../src/runbook/values/resolve.ts';
import { parseScript } from '../../src/runbook/definition/script.ts';
import { foldSession } from '../../src/runbook/session/session.ts';
import { SessionEvent, type Entry } from '../../src/runbook/session/session-event.ts';
import { parseSnippet, SnippetError } from '../../src/runbook/definition/snippet.ts';
import { parseValue } from '../../src/runbook/values/value.ts';
import { render, runbookOf, runbookOfSteps } from '../runbook/fixtures.ts';
import { parseByShell } from '../runbook/shell.ts';
import { fuzz, fuzzLimitMs, spoiled } from './fuzz.ts';

const root = join(import.meta.dirname, '../..');
const yamlFiles = globSync('{src,tests/e2e/content/src}/content/runbooks/**/*.yaml', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
const snippets = yamlFiles.flatMap((text) => [...text.matchAll(/run: (?:([^{|"'\n][^\n]*)$|\|-\n((?: {6,}[^\n]*\n)+))/gm)].map(([, line, lines = '']) => line ?? lines.replace(/^ {6,}/gm, '').trimEnd()));
const scripts = yamlFiles.flatMap((text) => [...text.matchAll(/script: \|-?\n((?: {6,}[^\n]*\n|\n)+)/g)].map(([, script = '']) => script));
const external = new Set(['docker', 'curl', 'tar', 'cp', 'ls', 'mkdir', 'touch', 'rm', 'rmdir', 'sleep', 'seq', 'cat']);
const { polluted: before } = {} as Record<string, unknown>;

afterAll(() => expect(({} as Record<string, unknown>)['polluted']).toBe(before));

test('a snippet is parsed, or refused with the place of the mistake and an advice; a shell reads what is shown as what would run', async () => {
	expect(snippets.length).toBeGreaterThan(30);
	const shown = new Map<string, ReturnType<typeof render>>();

	await fuzz(3_000, spoiled(snippets), (text) => {
		try {
			parseSnippet(text);
		} catch (error) {
			if (!(error instanceof SnippetError)) throw error;
			expect(error.offset).toBeLessThanOrEqual(text.length);
			expect(error.advice).not.toBe('');
		}
	}, ['\u001b[31m'.repeat(10_000), '${a}['.repeat(5000)]);

	for (const text of fc.sample(spoiled(snippets), { seed: 1600, numRuns: 4000 })) {
		if (/\$\{|[^\x20-\x7e\n]/.test(text)) continue;
		try {
			parseSnippet(text);
			const rendered = render(runbookOf(text), {});
			if (rendered.problems.length === 0) shown.set(text, rendered);
		} catch (error) {
			if (!(error instanceof SyntaxError)) throw error;
		}
	}
	// Builtins of the shell cannot be replaced by a program that prints what it was given.
	const cases = [...shown.values()].filter(({ argv }) => external.has(argv[0] ?? ''));
	const parsed = parseByShell('bash', cases.map(({ display, argv }) => ({ display, program: argv[0] ?? '', env: {}, variables: [] })));
	parsed.forEach(({ argv }, index) => expect(argv, cases[index]?.display ?? '').toEqual(cases[index]?.argv));
	expect(cases.length).toBeGreaterThan(2);
}, fuzzLimitMs);

test('a script is parsed, or refused with the place of the mistake', async () => {
	expect(scripts.length).toBeGreaterThan(5);
	const fields = new Map([['container', []], ['old_tag', []], ['publish', ['port', 'ip', 'host']], ['folder', []]]);

	await fuzz(10_000, spoiled(scripts), (text) => {
		try {
			parseScript(text, fields);
		} catch (error) {
			if (!(error instanceof SnippetError)) throw error;
			expect(error.offset).toBeLessThanOrEqual(text.length);
		}
	});
}, fuzzLimitMs);

test('a definition is loaded, or its mistakes are listed with file and line', async () => {
	await fuzz<[family: string, runbook: string]>(
		400,
		fc.tuple(spoiled(yamlFiles.map((text) => text.slice(0, 6000))), spoiled(yamlFiles.filter((text) => text.startsWith('id:')).map((text) => text.slice(0, 6000)))),
		([family, runbook]) => {
			const { lintErrors } = loadFamily({ path: 'f/family.yaml', text: family }, [{ path: 'f/r.yaml', text: runbook }]);

			for (const { file, line, message } of lintErrors) expect([file.length > 0, line >= 1, message.length > 0]).toEqual([true, true, true]);
		},
		[["*'", 'id: f/r\n'], ['family: f\nparameters: &a [*a]\nsteps: {}\nrunbooks: []\n', 'id: f/r\n'], [`x: ${'['.repeat(3000)}`, 'id: f/r\n'], ['a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\n', '? {a: 1}\n: x\n'], [`{${'['.repeat(5000)}${']'.repeat(5000)}}`, `${'? '.repeat(1000)}x`]],
	);
}, fuzzLimitMs);

const types = ['agent-image', 'container', 'docker-options', 'env', 'host', 'image', 'java-options', 'key', 'name', 'path', 'port', 'project', 'proxy', 'publish', 'registry', 'restart', 'secret', 'tag', 'text', 'url', 'volume'] as const;
const goodValues = ['rancher-data', 'v1.6.30', 'rancher/server', 'rancher/agent:v1.2.11', '127.0.0.1:8080', '[::1]:80', '/var/lib/rancher', 'A=b', '--memory=8g', '-Xmx4g -Xms1g', 'http://proxy:3128', 'on-failure:3', 'registry.example:5000/x', 'opensesame', '1a5', 'AB12', 'https://h/x?y'];
const mayDash: ReadonlySet<string> = new Set(['docker-options', 'java-options', 'secret']);

test('a value of any type stands unchanged and harmless, or is refused by the name of its parameter', async () => {
	await fuzz<[type: (typeof types)[number], text: string]>(20_000, fc.tuple(fc.constantFrom(...types), spoiled(goodValues)), ([type, text]) => {
		const { items, problems } = parseValue('p', { type, group: 'g' } as Parameters<typeof parseValue>[1], listTypes.has(type) ? [text] : text);

		expect(problems.every(({ parameter }) => parameter === 'p')).toBe(true);
		expect(items.length > 0 && problems.length > 0).toBe(false);
		for (const item of items) {
			expect(item.text).toBe(text);
			expect(findUntrusted(text)).toBeUndefined();
			if (!mayDash.has(type)) expect(text.startsWith('-')).toBe(false);
		}
		for (const { slots } of problems) for (const slot of Object.values(slots)) if (typeof slot === 'string' && slot.length > 2) expect(findUntrusted(slot)).toBeUndefined();
	}, [['host', `a${'\u{1f404}'.repeat(120)}`]]);
}, fuzzLimitMs);

test('an inspect document is read as far as it can be, and what is told of it is inert', async () => {
	const folder = join(root, 'tests/families/rancher/fixtures');
	const documents = readdirSync(folder).map((file) => JSON.stringify((JSON.parse(readFileSync(join(folder, file), 'utf8')) as { documents: unknown }).documents));

	await fuzz(
		12_000,
		spoiled(documents),
		(text) => {
			const { found, problems } = detect(text);

			const told = [...problems, ...found.flatMap(({ reasons, warnings }) => [...reasons, ...warnings])].flatMap(({ slots }) => Object.values(slots));
			for (const slot of told) expect(findUntrusted(String(slot))).toBeUndefined();
		},
		['[{"Id":"a","Config":{"Env":["__proto__=1","constructor=2"]},"HostConfig":{}}]', '{"__proto__":{"polluted":true}}', '[{"Id":1e999}]', '[[[[[[[[]]]]]]]]', '\ufeff[]'],
	);
}, fuzzLimitMs);

test('a file of values gives values, or one sentence', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'drover-fuzz-'));
	const path = join(folder, 'values');
	const corpus = ['container: rancher\nold_tag: v1.6.20\nenv:\n  - A=b\n', '{"container":"rancher","nodes":[{"name":"a","ssh":"","address":"10.0.0.1"}]}', 'nodes:\n  - { name: a, ssh: "", address: 10.0.0.1 }\n'];
	try {
		await fuzz(
			1_500,
			spoiled(corpus),
			(text) => {
				writeFileSync(path, text);
				try {
					for (const value of Object.values(readValuesFile(path))) expect(['string', 'object']).toContain(typeof value);
				} catch (error) {
					if (!(error instanceof Refusal)) throw error;
				}
			},
			['*x', 'a: *nowhere\n', '__proto__: {polluted: true}\n', '&a a: *a\n', '!!js/function "x": y\n', `a: ${'['.repeat(2000)}`, 'a: &a [x,x]\nb: [*a,*a]\n', `{${'['.repeat(5000)}${']'.repeat(5000)}}`, `a: ${'['.repeat(5000)}${']'.repeat(5000)}`, `${'? '.repeat(1000)}x`],
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
}, fuzzLimitMs);

const session = 'abcdefghij';
const run = '6d1f9f5e-3d38-4c2e-9a8f-0d1c6c2f1a11';
const size = { columns: 80, rows: 24 };
const messages = [
	{ type: 'session.follow', session, from: 0 },
	{ type: 'run.follow', run, from: 12 },
	{ type: 'run.unfollow', run },
	{ type: 'run.input', run, id: 'k1', text: 'y\r' },
	{ type: 'run.resize', run, ...size },
].map((one) => JSON.stringify(one));
const requests = [
	{ runbook: 'demo/files', name: 'x', values: { folder: '/tmp', env: ['A=b'], nodes: [{ name: 'a', ssh: '', address: 'b' }] }, detected: ['folder'] },
	{ session, runbook: 'demo/files', step: 'make', kind: 'run', values: {}, preview: 'x', confirmed: true, size },
	{ step: 'make', mark: 'skipped', reason: 'why' },
	{ step: 'make', for: 'done', values: {} },
	{ prove: true, values: {} },
].map((one) => JSON.stringify(one));

test('a message over the socket is one of the protocol, to the letter, or none', async () => {
	await fuzz(
		40_000,
		spoiled(messages),
		(text) => {
			const message = parseMessage(text);

			if (message) expect(ClientMessage.parse(JSON.parse(text))).toEqual(message);
			if (message) expect(JSON.stringify(JSON.parse(text)).length).toBe(JSON.stringify(message).length);
		},
		['{"type":"run.unfollow","run":"a","__proto__":{"polluted":true}}', '{"type":"constructor"}', '{"type":"__proto__"}', '[]', 'null', '{"type":["run.follow"]}'],
	);
}, fuzzLimitMs);

test('a body of a request has the shape of its schema, to the letter, or is refused', async () => {
	await fuzz(30_000, spoiled(requests), (text) => {
		let body: unknown;
		try {
			body = JSON.parse(text);
		} catch {
			return;
		}
		for (const schema of [OpenRequest, RunRequest, MarkRequest, CheckRequest]) {
			const parsed = schema.safeParse(body);
			if (parsed.success) expect(parsed.data).toEqual(body);
		}
	});
}, fuzzLimitMs);

const happened: SessionEvent[] = [
	{ type: 'session.opened', session, runbook: 'f/r', name: 'n', definition: 'd', drover: '1' },
	{ type: 'values.set', values: { container: 'x' }, detected: [] },
	{ type: 'step.looked', step: 'look', for: 'done', result: 'passed', saw: [{ name: 'output', slots: { text: 'x' } }] },
	{ type: 'run.asked', run, step: 'stop', kind: 'run', display: 'docker stop x', definition: 'd', values: { container: 'x' } },
	{ type: 'run.ended', run, end: { code: 0 }, endedAt: '2026-01-01T00:00:00Z', elapsedMs: 5 },
	{ type: 'step.marked', step: 'move', mark: 'skipped', reason: 'r' },
	{ type: 'session.renamed', name: 'm' },
	{ type: 'session.closed' },
	{ type: 'session.reopened' },
];
const journal = happened.map((event, index) => formatLine({ n: index + 1, at: '2026-01-01T00:00:00.000Z', up: index }, event)).join('');
const schema = { parse: (value: unknown) => SessionEvent.parse(value) };

test('a spoiled journal gives a beginning of what was written, or stops with the line; it never tells what was not', async () => {
	const whole = readJournal('j', Buffer.from(journal), schema).events;

	await fuzz(
		24_000,
		spoiled([journal]),
		(text) => {
			try {
				const { events } = readJournal('j', Buffer.from(text), schema);
				expect(events).toEqual(whole.slice(0, events.length));
			} catch (error) {
				if (!(error instanceof StateError)) throw error;
				expect(error.problem).toBe('journal.corrupt');
			}
		},
		[journal.slice(0, -1), `${journal}\0\0\0\n`, journal.replace('\n', '\r\n'), `${journal}${journal}`],
	);
}, fuzzLimitMs);

test('any sequence of events is a session, and can be planned, proven and taken back', async () => {
	const runbook = runbookOfSteps(`
- { id: look, phase: preflight, done_when: { run: docker ps } }
- { id: stop, phase: change, run: docker stop x, undo: docker start x, done_when: { run: docker ps } }
- { id: move, phase: change, run: docker rename x y, undo: docker rename y x }
- { id: start, phase: change, run: docker run x, point_of_no_return: true }`);
	const event = spoiled(happened.map((one) => JSON.stringify(one))).map((text) => {
		try {
			const parsed = SessionEvent.safeParse(JSON.parse(text));
			return parsed.success ? parsed.data : undefined;
		} catch {
			return undefined;
		}
	});
	const any = fc.array(fc.oneof(fc.constantFrom(...happened), event), { maxLength: 14 });

	await fuzz(15_000, any, (found) => {
		const entries = [happened[0], ...found].flatMap((one, index): Entry[] => (one ? [{ n: index + 1, at: '2026-01-01T00:00:00.000Z', event: one }] : []));
		const folded = foldSession(entries);
		if (!folded) throw new Error('There is no session.');
		const steps = planSteps(runbook, resolve(runbook, noRules, folded.values), folded);
		stepsToRecheck(steps);
		rollbackSteps(runbook, steps, folded);
		expect(steps.map(({ step }) => step.id)).toEqual(['look', 'stop', 'move', 'start']);
	});
}, fuzzLimitMs);

test('a line of a recording is an event, or no event', async () => {
	await fuzz(30_000, spoiled(['[0.5,"o","hello\\r\\n"]', '[1,"r","80x24"]', '[2.5,"m","dropped 123 bytes"]']), (text) => {
		try {
			const event = parseEvent(text, 7);
			expect(event.n).toBe(7);
			if (event.kind === 'resize') expect([event.columns, event.rows].every(Number.isFinite)).toBe(true);
		} catch (error) {
			expect(error).toBeInstanceOf(Error);
			expect(error).not.toBeInstanceOf(TypeError);
		}
	});
}, fuzzLimitMs);
