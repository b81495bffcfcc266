/** `drover check` and `drover run`, with real shells: alone, beside a Drover that runs, with a person and without. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { main } from '../../cli/main.ts';
import type { Person } from '../../cli/walk/person.ts';
import { takeLock } from '../../server/state/lock.ts';
import { openStateDirectory } from '../../server/state/state-directory.ts';
import { readWords } from '../../server/words.ts';
import type { SessionSummary } from '../../src/runbook/protocol/protocol.ts';
import { openPass, startDrover, fixtureRoot } from '../server/drover.ts';
import { makeFolder } from '../server/make-folder.ts';
import { previewOf } from '../server/preview-of.ts';
import { until } from '../server/until.ts';
import { killAll } from '../server/runs/harness.ts';
import { project } from './run-drover.ts';

let home: string;
let root: string;
let stateDir: string;
let field: string;

beforeEach(() => {
	home = makeFolder();
	root = join(home, 'project');
	stateDir = join(home, 'state');
	field = join(home, 'field');
	mkdirSync(field);
	cpSync(fixtureRoot, root, { recursive: true });
	// Nobody answers a prompt of a program here.
	change('read -rsp "Password: " answer\n      echo\n      [ "$answer" = "${password:-}" ] && echo "right, $name"', 'echo "$name"');
	onTestFinished(() => {
		if (existsSync(join(stateDir, 'runs'))) killAll({ path: stateDir, runs: join(stateDir, 'runs'), sessions: '', sockets: '', cache: '' });
	});
});

/** Puts another text into the fixture's runbook. */
function change(from: string, to: string): void {
	const file = join(root, 'src/content/runbooks/demo/files.yaml');
	const text = readFileSync(file, 'utf8');
	if (!text.includes(from)) throw new Error(`There is no ${from}.`);
	writeFileSync(file, text.replace(from, to));
}

interface Asked {
	readonly questions: string[];
	readonly person: Person;
	interrupt(): void;
}

/** A person who gives these answers, one after the other, and then none. */
function someone(...answers: readonly string[]): Asked {
	const [left, questions, listeners] = [[...answers], [] as string[], new Set<() => void>()];
	return {
		questions,
		person: {
			ask: (question) => {
				questions.push(question);
				return Promise.resolve(left.shift());
			},
			askHidden: (question) => {
				questions.push(question);
				return Promise.resolve(left.shift());
			},
			onInterrupt: (listener) => {
				listeners.add(listener);
				return () => void listeners.delete(listener);
			},
			status: (line) => line.includes('fill') && listeners.size,
		},
		interrupt: () => listeners.forEach((one) => one()),
	};
}

async function drover(args: readonly string[], { person, locale = 'en', onOut }: { person?: Person; locale?: 'zh' | 'en'; onOut?: (text: string) => void } = {}) {
	let [out, err] = ['', ''];
	const code = await main([...args, '--state-dir', stateDir], {
		root, say: readWords(project)[locale], locale, env: {}, person,
		out: (text) => {
			out += text;
			onOut?.(text);
		},
		err: (text) => void (err += text),
	});
	return { code, out, err };
}

const files = (...more: string[]) => ['demo/files', '--set', `folder=${field}`, '--set', 'name=bella', ...more];
const linesOf = (out: string) => out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
const journals = () => readdirSync(join(stateDir, 'sessions')).map((id) => readFileSync(join(stateDir, 'sessions', id, 'journal.jsonl'), 'utf8'));

describe('drover check', () => {
	test('does the preflight, changes nothing, and ends with 0', async () => {
		const { code, out } = await drover(['check', ...files()]);

		expect([code, readdirSync(join(stateDir, 'runs')), readdirSync(field)]).toEqual([0, [], []]);
		expect(out).toContain('✓ The folder is there: Verified');
		expect(out).toContain('The preflight has passed.');
	});

	test.each<[string, number, (() => void), string]>([
		['1 for what failed', 1, () => rmSync(field, { recursive: true }), 'does not exist'],
		['5 for what could not be checked', 5, () => change('bash --version, prints: bash', 'no-such-program'), 'no-such-program'],
		['1 for both', 1, () => [rmSync(field, { recursive: true }), change('bash --version, prints: bash', 'no-such-program')], 'does not exist'],
		['0 for a warning', 0, () => change('bash --version, prints: bash', 'bash --version, prints: fish, severity: warn'), 'fish'],
	])('ends with %s', async (_, code, prepare, part) => {
		prepare();

		const said = await drover(['check', ...files()]);

		expect([said.code, said.err]).toEqual([code, '']);
		expect(said.out).toContain(part);
	});

	test('checks again what has passed, in the same session', async () => {
		await drover(['check', ...files()]);
		rmSync(field, { recursive: true });

		const { code, out } = await drover(['check', ...files()]);

		expect([code, journals().length]).toEqual([1, 1]);
		expect(out).toContain('continued');
	});

	test('leaves a session alone in which something was run', async () => {
		await drover(['run', ...files('--yes', 'prepare', '--until', 'prepare')]);
		await drover(['check', ...files()]);
		expect(journals()).toHaveLength(2);
	});

	test('tells a program one object a line, and writes JUnit', async () => {
		rmSync(field, { recursive: true });
		const junit = join(home, 'junit.xml');

		const { code, out } = await drover(['check', ...files('--json', '--junit', junit)]);

		const lines = linesOf(out);
		expect(lines.map(({ type }) => type)).toEqual(expect.arrayContaining(['session', 'begin', 'result', 'end']));
		expect(lines.at(-1)).toMatchObject({ type: 'end', exit: code, reason: 'failed', step: 'folder-there' });
		expect(lines.find(({ type, step }) => type === 'result' && step === 'folder-there')).toMatchObject({ result: 'failed', observed: [`${field} does not exist`] });
		expect(readFileSync(junit, 'utf8')).toMatch(/<testsuite name="preflight" tests="2" failures="1" errors="0" skipped="0"[^]*<testcase classname="demo\/files" name="folder-there"[^>]*><failure message="Failed">/);
	});

	test('speaks Chinese', async () => {
		const { out } = await drover(['check', ...files()], { locale: 'zh' });
		expect(out).toContain('前置检查已通过。');
		expect(out).not.toMatch(/cli\.walk|stop\.|\{[a-z]+\}/);
	});
});

describe('drover run without a terminal', () => {
	test.each<[string, string[], string, string[]]>([
		['what prepares', [], '--yes prepare', []],
		['what changes', ['prepare'], '--yes change', []],
		['a step for the reader', ['prepare', 'change'], 'by hand', ['bella']],
	])('waits for a person before %s', async (_, yes, part, made) => {
		const { code, out } = await drover(['run', ...files(...yes.flatMap((one) => ['--yes', one]))]);

		expect([code, readdirSync(field)]).toEqual([4, made]);
		expect(out).toContain(part);
	});

	test('waits before the point of no return, and before what deletes, whatever is answered', async () => {
		change('do: by-hand', "run: 'touch ${folder}/signed'");

		const point = await drover(['run', ...files('--yes', 'prepare,change')]);
		const end = await drover(['run', ...files('--yes', 'prepare,change,point-of-no-return')]);

		expect([point.code, end.code]).toEqual([4, 4]);
		expect(point.out).toContain('--yes point-of-no-return');
		expect(end.out).toContain('--yes does not answer this');
		expect(readdirSync(field).toSorted()).toEqual(['bella', 'signed']);
	});

	test.each([['--until', 'make'], ['--until', 'change']])('ends where it is asked to: %s %s', async (...until) => {
		change('do: by-hand', "run: 'touch ${folder}/signed'");
		const { code, out } = await drover(['run', ...files('--yes', 'prepare,change,point-of-no-return', ...until)]);

		expect(code).toBe(0);
		expect(existsSync(join(field, 'signed'))).toBe(until[1] === 'change');
		expect(existsSync(join(field, 'bella', 'grass'))).toBe(until[1] === 'change');
		expect(out).toContain('Complete up to the step that was asked for.');
	});

	test.each<[string, () => string[], string]>([
		['an unknown runbook', () => ['demo/fils'], 'demo/files'],
		['a refused value', () => files('--set', 'port=x'), 'port'],
		['a missing value', () => ['demo/files'], 'folder'],
		['an unknown end', () => files('--until', 'mak'), 'make'],
		['an answer that is none', () => files('--yes', 'destroy'), '--yes'],
		['two runbooks', () => [...files(), 'demo/herd'], 'RUNBOOK'],
	])('refuses %s with 2, and leaves nothing', async (_, args, part) => {
		const { code, err } = await drover(['run', ...args()]);

		expect(code).toBe(2);
		expect(err).toContain(part);
		expect(existsSync(join(stateDir, 'sessions')) ? readdirSync(join(stateDir, 'sessions')) : []).toEqual([]);
	});

	test.each<[string, string, string]>([
		['prepare', "run: printf '%s\\n' ${name} [${note}] [${env}]...", "run: 'ls ${folder}/nothing'"],
		['change', "{ run: 'touch ${folder}/${name}/grass' }", "{ run: 'touch ${folder}/none/grass' }"],
		['verify', 'equals: grass, every: 1s, within: 1m', 'equals: hay'],
	])('ends with 1 where a step of %s fails, and begins nothing after it', async (_, from, to) => {
		change('do: by-hand', "run: 'touch ${folder}/signed'");
		change(from, to);

		const { code, out } = await drover(['run', ...files('--yes', 'prepare,change,point-of-no-return')]);

		expect(code).toBe(1);
		expect(out).toMatch(/Stopped at “.*”: it failed\./);
		expect(journals().join('')).toContain('"reason":"failed"');
		expect(existsSync(join(field, 'signed'))).toBe(to.includes('hay'));
	});

	test('keeps a secret out of everything', async () => {
		change("run: printf '%s\\n' ${name} [${note}] [${env}]...", 'script: echo "said ${password:-}"');
		const { code, out } = await drover(['run', ...files('--set', 'password=opensesame', '--yes', 'prepare', '--until', 'prepare', '--json')]);

		expect(code).toBe(0);
		expect([out, ...journals()].join('')).not.toContain('opensesame');
	});
});

describe('drover run with a person', () => {
	test('asks before each part, and goes from the preflight to the end', async () => {
		const asked = someone('yes', 'yes', 'yes', 'bella');

		const { code, out } = await drover(['run', ...files()], { person: asked.person });

		expect([code, readdirSync(field)]).toEqual([0, []]);
		expect(asked.questions.map((one) => one.split(/[.:"]/)[0])).toEqual(['Steps', 'Steps', 'Do ', 'This deletes bella']);
		expect(out).toContain(`mkdir ${field}/bella`);
		expect(out).toContain('All steps are complete.');
	});

	test.each<[string, string[], string[], string]>([
		['no', ['no'], [], 'the answer was not yes'],
		['another name', ['yes', 'yes', 'yes', 'bell'], ['bella'], 'the name was not typed'],
		['nothing any more', ['yes'], [], 'the answer was not yes'],
	])('stops where the answer is %s', async (_, answers, left, part) => {
		const { code, out } = await drover(['run', ...files()], { person: someone(...answers).person });
		expect([code, readdirSync(field)]).toEqual([4, left]);
		expect(out).toContain(part);
	});

	test('goes on in the next call where the last one stopped, with the values of the session', async () => {
		await drover(['run', ...files('--until', 'change')], { person: someone('yes', 'yes').person });

		const { code, out } = await drover(['run', 'demo/files'], { person: someone('yes', 'bella').person });

		expect([code, readdirSync(field), journals().length]).toEqual([0, [], 1]);
		expect(out).toContain('continued');
	});

	test.each([['c', 'failed', 'SIGINT'], ['s', 'running', 'continues without the server']])('asks at Ctrl-C what to cancel: %s', async (answer, state, part) => {
		const asked = someone('yes', 'yes', answer);
		const started = Promise.withResolvers<void>();
		const going = drover(['run', ...files('--set', 'wait=long', '--json')], { person: asked.person, onOut: (text) => text.includes('"begin","step":"fill"') && started.resolve() });
		await started.promise;
		await until(() => /"run\.asked"[^\n]*"step":"fill"/.test(journals().join('')), 'the run of the step');

		asked.interrupt();
		const { code, out, err } = await going;

		expect([code, asked.questions.length]).toEqual([1, 3]);
		expect(linesOf(out).at(-1)).toMatchObject({ type: 'end', reason: 'stopped', step: 'fill', exit: 1 });
		expect(journals().join('').includes('run.signalled')).toBe(state === 'failed');
		expect(`${err}${journals().join('')}`).toContain(part);
	});
});

describe('beside a Drover that runs on the state directory', () => {
	test('that one does the work: the same session, for both', async () => {
		const server = await startDrover({ root, stateDir, folder: home });
		onTestFinished(() => server.close());
		const pass = await openPass(server, 'demo/files', { folder: field, name: 'bella' }, previewOf('demo/files'));
		onTestFinished(() => pass.close());
		for (const step of ['folder-there', 'tools']) await pass.look({ step, for: 'done', values: { folder: field, name: 'bella' } });

		const { code, out } = await drover(['run', ...files('--yes', 'prepare,change', '--until', 'change')], { person: someone('yes').person });

		expect(code).toBe(0);
		expect(out).toContain(`http://127.0.0.1:${server.port}`);
		expect(out).toContain(`Session ${pass.id}, continued`);
		const session = await pass.session();
		expect([session.steps.get('make')?.kind, [...session.phases.values()].map(({ part, end }) => [part, end?.reason])]).toEqual(['verified', [['prepare', 'done'], ['change', 'done']]]);
		expect(((await server.call('GET', '/api/sessions')).body as SessionSummary[]).length).toBe(1);
	});

	test('a program that asks is answered here, and what is typed is nowhere kept', async () => {
		change('echo "$name"', 'read -rsp "Password: " answer; [ "$(rev <<< "$answer")" = emasesnepo ]; : "${password:-}" "$name"');
		const server = await startDrover({ root, stateDir, folder: home });
		onTestFinished(() => server.close());
		const asked = someone('opensesame');

		const { code, out } = await drover(['run', ...files('--yes', 'prepare', '--until', 'prepare')], { person: asked.person });

		expect([code, asked.questions.length]).toEqual([0, 1]);
		expect(asked.questions[0]).toContain('Password:');
		expect([out, ...journals()].join('')).not.toContain('opensesame');
	});

	test('a refusal comes as the server says it; an end of the server ends it', async () => {
		const server = await startDrover({ root, stateDir, folder: home });
		const started = Promise.withResolvers<void>();
		const going = drover(['run', ...files('--set', 'wait=long', '--yes', 'prepare,change', '--json')], { onOut: (text) => text.includes('"begin","step":"fill"') && started.resolve() });
		await started.promise;

		const beside = await drover(['run', ...files('--set', 'note=other', '--yes', 'prepare,change')]);
		await server.close();
		const { code, out } = await going;

		expect(beside.code).toBe(1);
		expect(beside.out).toMatch(/"fill"|“.*” is running|Stopped/);
		expect(code).toBe(1);
		expect(['server-ended', 'lost']).toContain(linesOf(out).at(-1)?.['reason']);
	});

	test('one that does not answer keeps the directory: 3', async () => {
		const opening = openStateDirectory(stateDir);
		if (opening.kind !== 'ready') throw opening.error;
		const lock = await takeLock(opening.state);
		onTestFinished(() => {
			if (lock.kind === 'held') lock.close();
		});

		const { code, err } = await drover(['check', ...files()]);

		expect(code).toBe(3);
		expect(err).toContain(stateDir);
	});
});
