import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MadeReader, makesContainer } from '../../../src/runbook/run/made.ts';
import { planSteps, rollbackSteps, whyNotMark, whyNotRun, whyNotUndo } from '../../../src/runbook/session/plan.ts';
import { renderStep } from '../../../src/runbook/command/render.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import type { RunEnd } from '../../../src/runbook/run/run-state.ts';
import { foldSession } from '../../../src/runbook/session/session.ts';
import type { Entry, SessionEvent } from '../../../src/runbook/session/session-event.ts';
import { load, runbookOfSteps } from '../fixtures.ts';
import { parseByShell } from '../shell.ts';

const id = 'ab12'.repeat(16);
const other = 'cd34'.repeat(16);

function read(output: string | readonly string[], end: RunEnd = { code: 0 }) {
	const reader = new MadeReader();
	for (const piece of [output].flat()) reader.add(piece);
	return reader.result(end);
}

test.each<[readonly string[], boolean]>([
	[['docker', 'run', '-d', 'x'], true],
	[['docker', 'run', '--name', 'x', '--detach', 'y'], true],
	[['docker', 'run', '--detach=true', 'y'], true],
	[['docker', 'run', '-itd', 'y'], true],
	[['docker', 'container', 'run', '-d', 'x'], true],
	[['docker', 'create', 'x'], true],
	[['docker', 'container', 'create', 'x'], true],
	[['docker', 'run', '--rm', 'x'], false],
	[['docker', 'run', '-it', 'x'], false],
	[['docker', 'volume', 'create', 'x'], false],
	[['docker', 'start', '-d'], false],
	[['bash', '-c', 'docker run -d x'], false],
	[[], false],
])('whether %j makes a container is %s', (argv, makes) => {
	expect(makesContainer(argv)).toBe(makes);
});

describe('the container that a run made', () => {
	test.each<[string, string, RunEnd, object]>([
		['the line that Docker printed', `${id}\r\n`, { code: 0 }, { kind: 'container', id }],
		['a last line without an end', id, { code: 0 }, { kind: 'container', id }],
		['the line behind a pull', `Unable to find image\r\n\u001b[1A\u001b[2K\rabc: Pull complete\r\u001b[1BDigest: sha256:${other}\r\nStatus: Downloaded\r\n${id}\r\n`, { code: 0 }, { kind: 'container', id }],
		['the line before a failed start', `${id}\r\ndocker: Error response from daemon: driver failed programming external connectivity: Bind for 0.0.0.0:8080 failed: port is already allocated.\r\n`, { code: 125 }, { kind: 'container', id }],
		['the line before a warning', `${id}\r\nWARNING: IPv4 forwarding is disabled. Networking will not work.\r\n`, { code: 0 }, { kind: 'container', id }],
		['the line, although the client was killed', `${id}\r\n`, { signal: 'SIGKILL' }, { kind: 'container', id }],
		['the same line twice', `${id}\r\n${id}\r\n`, { code: 0 }, { kind: 'container', id }],
		['nothing where the name was taken', `docker: Error response from daemon: Conflict. The container name "/x" is already in use by container "${other}".\r\nSee 'docker run --help'.\r\n`, { code: 125 }, { kind: 'nothing' }],
		['nothing where create was refused', 'Error response from daemon: No such container: x\r\n', { code: 1 }, { kind: 'nothing' }],
		['nothing where a pull broke off at the registry', 'docker: Error response from daemon: Get "https://r/v2/": EOF.\r\n', { code: 125 }, { kind: 'nothing' }],
		['nothing where Docker is down', 'docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?.\r\n', { code: 125 }, { kind: 'nothing' }],
		['not known where the answer was lost', 'docker: error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/containers/create": EOF.\r\n', { code: 125 }, { kind: 'unknown' }],
		['not known where the client was killed', '', { signal: 'SIGKILL' }, { kind: 'unknown' }],
		['not known after Ctrl-C', '^C\r\n', { code: 130 }, { kind: 'unknown' }],
		['not known of a success without an id', 'done\r\n', { code: 0 }, { kind: 'unknown' }],
		['not known where two ids stand', `${id}\r\n${other}\r\n`, { code: 0 }, { kind: 'unknown' }],
		['not known where a secret hides a part of the id', `${id.slice(0, 20)}••••••••${id.slice(28)}\r\n`, { code: 125 }, { kind: 'unknown' }],
		['no id that is too long', `${id}a\r\n`, { code: 125 }, { kind: 'nothing' }],
		['no id with something behind it', `${id} x\r\n`, { code: 125 }, { kind: 'nothing' }],
		['no id in capitals', `${id.toUpperCase()}\r\n`, { code: 125 }, { kind: 'nothing' }],
	])('is %s', (_, output, end, made) => {
		expect(read(output, end)).toEqual(made);
	});

	test('is the same however the output is cut into pieces', () => {
		const output = `pulling\r\n${id}\r\nWARNING: x\r\n`;
		fc.assert(
			fc.property(fc.array(fc.nat(output.length)), (cuts) => {
				const at = [0, ...cuts.sort((a, b) => a - b), output.length];
				expect(read(at.slice(1).map((end, index) => output.slice(at[index], end)))).toEqual({ kind: 'container', id });
			}),
		);
	});

	test('is never read out of any other text', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef \r\u001b:x') }), (text) => {
				fc.pre(!text.split('\r').some((line) => line.length === 64));
				expect(read(`${text}\n`, { code: 125 }).kind).not.toBe('container');
			}),
		);
	});

	test('is not known where output is missing', () => {
		const reader = new MadeReader();
		reader.add('a');
		reader.skip();
		expect(reader.result({ code: 125 })).toEqual({ kind: 'unknown' });
	});

	test('is found in a line that begins after a very long one', () => {
		expect(read([`${'x'.repeat(100_000)}\r\n`, `${id}\r\n`])).toEqual({ kind: 'container', id });
	});
});

const runbook = runbookOfSteps(`
- { id: stop, phase: change, run: docker stop x, undo: docker start x }
- { id: create, phase: change, run: "docker create --name \${container} x", undo: "docker rm \${made}", undone_when: { run: "docker container inspect \${made}", exit: 1 } }
- id: start
  phase: change
  point_of_no_return: true
  run: docker run -d [--name \${name}] x
  undo: { script: '[ -z "\${made:-}" ] || docker rm "\${made:-}"' }`);
const resolved = resolve(runbook, noRules, { container: 'c' });
const step = (name: string) => {
	const found = runbook.steps.find((one) => one.id === name);
	if (!found) throw new RangeError(name);
	return found;
};

describe('an undo that acts on it', () => {
	test('names it, and a real shell reads it as that word', () => {
		const rendered = renderStep(step('create'), 'undo', resolved, { made: { kind: 'container', id } });

		expect(rendered).toMatchObject({ display: `docker rm ${id}`, argv: ['docker', 'rm', id], problems: [] });
		expect(renderStep(step('start'), 'undo', resolved, { made: { kind: 'container', id } })).toMatchObject({ env: { made: id }, problems: [] });
		expect(parseByShell('sh', [{ display: rendered?.display ?? '', program: 'docker', env: {}, variables: [] }])).toMatchObject([{ argv: ['docker', 'rm', id] }]);
	});

	test('shows a stand-in, and cannot run, where no run is known', () => {
		for (const made of [undefined, { kind: 'unknown' } as const]) {
			expect(renderStep(step('create'), 'undo', resolved, made && { made })).toMatchObject({ display: 'docker rm CONTAINER_ID', problems: [{ name: 'step.made-unknown' }] });
			const script = renderStep(step('start'), 'undo', resolved, made && { made });
			expect(script?.display).toMatch(/^made=CONTAINER_ID \\\nbash /);
			expect(script?.problems).toMatchObject([{ name: 'step.made-unknown' }]);
		}
	});

	test('gets an empty text in a script where nothing was made', () => {
		expect(renderStep(step('start'), 'undo', resolved, { made: { kind: 'nothing' } })).toMatchObject({ env: { made: '' }, problems: [] });
	});

	test.each([
		['- { id: a, phase: change, run: docker rename x y, undo: "docker rm ${made}" }', 'makes no container'],
		['- { id: a, phase: change, run: docker run x, undo: "docker rm ${made}" }', 'makes no container'],
		['- { id: a, phase: change, script: docker run -d x, undo: "docker rm ${made}" }', 'makes no container'],
		['- { id: a, phase: change, run: "docker rm ${made}", undo: docker ps }', '"made" is not a parameter'],
		['- { id: a, phase: change, script: \'docker rm "$made"\', undo: docker ps }', '"made" is neither a parameter nor set'],
		['- { id: a, phase: change, run: docker run -d x, undo: "docker rm ${made.name}" }', '"made" is not a parameter'],
		['- { id: a, phase: change, run: docker run -d x, undo: { script: "docker rm $made" } }', 'outside double quotes'],
		['- { id: a, phase: change, run: docker run -d x, undo: docker ps, done_when: { run: "docker inspect ${made}" } }', '"made" is not a parameter'],
	])('is refused where it cannot be known: %s', (steps, message) => {
		expect(load(steps).lintErrors.map((one) => one.message).join('\n')).toContain(message);
	});
});

const opened: SessionEvent = { type: 'session.opened', session: 's', runbook: 'f/r', name: 'n', definition: 'd', drover: '1' };
const asked = (run: string, of: string, kind: 'run' | 'undo' = 'run'): SessionEvent => ({ type: 'run.asked', run, step: of, kind, display: 'x', definition: 'd', values: {}, ...(of !== 'stop' && kind === 'run' && { makes: true as const }) });
const ended = (run: string, code: number): SessionEvent => ({ type: 'run.ended', run, end: { code }, endedAt: '2026-01-01T00:00:00Z', elapsedMs: 5 });
const made = (run: string, what: 'nothing' | 'unknown' | typeof id): SessionEvent => ({ type: 'run.made', run, made: what === id ? { kind: 'container', id } : { kind: what === 'nothing' ? 'nothing' : 'unknown' } });

function stand(...events: SessionEvent[]) {
	const entries: Entry[] = [opened, asked('r0', 'stop'), ended('r0', 0), ...events].map((event, index) => ({ n: index + 1, at: `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`, event }));
	const session = foldSession(entries);
	if (!session) throw new Error('no session');
	const steps = planSteps(runbook, resolved, session);
	const back = rollbackSteps(runbook, steps, session);
	return { steps, back, keys: back.map((one) => one.planned.key), why: (key: string) => whyNotUndo(back, key)?.name, run: (key: string) => whyNotRun(steps, key)?.name };
}

describe('the plan', () => {
	test('undoes the container that the run made', () => {
		const { back, why, keys } = stand(asked('r1', 'create'), ended('r1', 0), made('r1', id));

		expect(keys).toEqual(['create', 'stop']);
		expect(back[0]?.made).toEqual({ kind: 'container', id });
		expect(why('create')).toBeUndefined();
	});

	test('has nothing to undo where nothing was made, and goes on to what came before', () => {
		const { keys, why } = stand(asked('r1', 'create'), ended('r1', 1), made('r1', 'nothing'));

		expect(keys).toEqual(['stop']);
		expect(why('stop')).toBeUndefined();
	});

	test('keeps an undo that does more than that', () => {
		expect(stand(asked('r1', 'create'), ended('r1', 0), made('r1', id), asked('r2', 'start'), ended('r2', 125), made('r2', 'nothing')).keys).toEqual(['start', 'create', 'stop']);
	});

	test('offers no undo while the output is read, and none where it is not known', () => {
		expect(stand(asked('r1', 'create'), ended('r1', 0)).why('create')).toBe('step.running');
		for (const events of [[ended('r1', 0), made('r1', 'unknown')], [{ type: 'run.unknown', run: 'r1', reason: 'rebooted' } as const]]) {
			const { why } = stand(asked('r1', 'create'), ...events);
			expect(why('create')).toBe('step.made-unknown');
			expect(why('stop')).toBe('step.undo-order');
		}
	});

	test('knows nothing of what a run of an earlier Drover made', () => {
		const { makes: _, ...old } = { makes: true, ...asked('r1', 'create') };
		expect(stand(old as SessionEvent, ended('r1', 0)).why('create')).toBe('step.made-unknown');
	});

	test('goes on when the reader has undone by hand what is not known, and only that', () => {
		const events = [asked('r1', 'create'), ended('r1', 0), made('r1', 'unknown')];
		const before = stand(...events);
		const marked = stand(...events, { type: 'step.marked', step: 'create', mark: 'undone', reason: '' });
		const known = stand(asked('r1', 'create'), ended('r1', 0), made('r1', id));
		const whyNot = ({ steps }: typeof before) => whyNotMark(steps[1] as (typeof steps)[number], steps, 'undone', '')?.name;

		expect([whyNot(before), whyNot(known), whyNot(stand())]).toEqual([undefined, 'step.nothing-to-undo', 'step.nothing-to-undo']);
		expect([marked.keys, marked.why('stop'), marked.steps[1]?.status.kind]).toEqual([['stop'], undefined, 'undone']);
	});

	test('runs no step again whose last run left a container', () => {
		expect(stand(asked('r1', 'create'), ended('r1', 1), made('r1', id)).run('create')).toBe('step.made-before');
		expect(stand(asked('r1', 'create'), ended('r1', 1), made('r1', 'nothing')).run('create')).toBeUndefined();
		expect(stand(asked('r1', 'create'), ended('r1', 1), made('r1', id), asked('r2', 'create', 'undo'), ended('r2', 0)).run('create')).toBeUndefined();
	});
});
