import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../cli/main.ts';
import { readWords } from '../../server/words.ts';
import { fixtureRoot } from '../server/drover.ts';

const project = join(import.meta.dirname, '..', '..');

async function drover(...args: string[]) {
	let out = '';
	let err = '';
	const code = await main(args, { root: fixtureRoot, say: readWords(project).en, locale: 'en', env: {}, out: (text) => void (out += text), err: (text) => void (err += text) });
	return { code, out, err };
}

test('list tells every runbook with its titles', async () => {
	expect((await drover('list')).out).toBe('demo/files  Play with files\ndemo/herd   Lead the herd\n');
	expect(JSON.parse((await drover('list', '--json')).out)).toMatchObject([{ id: 'demo/files', title: { zh: '摆弄文件' } }, { id: 'demo/herd' }]);
});

test('render fills values in and tells each step', async () => {
	const { code, out } = await drover('render', 'demo/files', '--set', 'folder=/tmp/a b', '--set', 'env=A=1', '--set', 'env=B=2', '--json');

	const { runbook, steps, warnings } = JSON.parse(out);
	expect([code, runbook, warnings]).toEqual([0, 'demo/files', []]);
	expect(steps.find((step: { id: string }) => step.id === 'make')).toEqual({
		id: 'make', phase: 'change', effect: 'change', node: null, ssh: null, command: "mkdir '/tmp/a b'/cow", argv: ['mkdir', '/tmp/a b/cow'], env: {}, depends: [], skipped: false, way: 'run', pointOfNoReturn: false,
	});
	expect(steps.find((step: { id: string }) => step.id === 'print').argv).toEqual(['printf', '%s\\n', 'cow', 'A=1', 'B=2']);
	expect(steps.find((step: { id: string }) => step.id === 'sign')).toMatchObject({ command: null, argv: null, skipped: false, way: 'by-hand' });
});

test('secrets appear only when they are asked for', async () => {
	const args = ['render', 'demo/files', 'ask', '--set', 'folder=/x', '--set', 'password=hunter2hunter2', '--set', 'env=API_TOKEN=hunter3hunter3', '--json'];
	const masked = await drover(...args);
	const shown = await drover(...args, '--show-secrets');

	expect(masked.out).not.toContain('hunter');
	expect(JSON.parse(masked.out).steps[0].env).toEqual({ name: 'cow', password: '$password' });
	expect(JSON.parse(shown.out).steps[0].env).toEqual({ name: 'cow', password: 'hunter2hunter2' });
});

test.each(['env=API TOKEN=hunter2hunter2', 'env=TOKEN hunter2hunter2', 'env=-TOKEN:hunter2hunter2', 'password hunter2hunter2', 'note=-x password=hunter2hunter2', 'password=hunter2\u0001hunter2'])('a refused %j does not show what may be a password', async (setting) => {
	const { code, out, err } = await drover('render', 'demo/files', '--set', 'folder=/x', '--set', setting);

	expect([code, out]).toEqual([2, '']);
	expect(err).not.toContain('hunter2');
	expect(err).toMatch(/env|password|note/);
});

test('values come from a file too, as YAML or JSON, nodes among them', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'drover-cli-'));
	writeFileSync(join(folder, 'v.yaml'), 'folder: /x\nnodes:\n  - { name: a, ssh: "", address: 10.0.0.1 }\n  - { name: b, ssh: root@b, address: 10.0.0.2 }\n');
	writeFileSync(join(folder, 'v.json'), '{"folder": "/x", "port": 80}');

	const herd = await drover('render', 'demo/herd', '--values', join(folder, 'v.yaml'), '--json');
	const files = await drover('render', 'demo/files', 'make', '--values', join(folder, 'v.json'), '--set', 'name=x');

	expect(JSON.parse(herd.out).steps.map((step: { node: string; argv: string[] }) => [step.node, step.argv[1]])).toEqual([['a', '/x/a-10.0.0.1'], ['b', '/x/b-10.0.0.2']]);
	const text = await drover('render', 'demo/herd', '--values', join(folder, 'v.yaml'));
	expect(text.out).toMatch(/\(a\)\ntouch \/x\/a-10\.0\.0\.1\n[^]*\(b\)\n# by hand on root@b\ntouch \/x\/b-10\.0\.0\.2\n/);
	expect(files).toMatchObject({ code: 0, err: '' });
	expect(files.out).toContain('mkdir /x/x');
});

test.each([
	[['render', 'demo/files', '--set', 'folder=x', '--set', 'name=-x'], ['folder', 'name']],
	[['render', 'demo/files'], ['folder']],
	[['render', 'demo/files', '--set', 'folder=/x', '--set', 'nmae=y'], ['nmae']],
	[['render', 'demo/files', '--set', 'folder=/x', '--set', 'folder=/y'], ['folder']],
	[['render', 'demo/herd', '--set', 'folder=/x'], ['nodes']],
])('%j is refused with exit code 2 and one line for each problem', async (args, parameters) => {
	const { code, out, err } = await drover(...args);

	expect([code, out]).toEqual([2, '']);
	const lines = err.trimEnd().split('\n');
	expect(lines).toHaveLength(parameters.length);
	parameters.forEach((parameter, index) => expect(lines[index]).toContain(parameter));
});

test.each([[['help']], [['--help']], [['report', '--help']], [['render', '-h']]])('%j says how each command is used', async (args) => {
	const { code, out, err } = await drover(...args);

	expect([code, err]).toEqual([0, '']);
	for (const command of ['start', 'list', 'render', 'detect', 'report']) expect(out).toMatch(new RegExp(`^ {2}drover \\[?${command}`, 'm'));
});

test.each([
	[['render', 'demo/fils'], 'demo/files'],
	[['render', 'demo/files', 'mak', '--set', 'folder=/x'], 'make'],
	[['rendr'], 'render'],
])('%j gets a suggestion', async (args, suggestion) => {
	const { code, err } = await drover(...args);
	expect(code).toBe(2);
	expect(err).toContain(suggestion);
});

test.each([[['render']], [['list', '--jsn']], [['render', 'demo/files', '--set', 'x']], [['start', '--port', '99999']], [['render', 'demo/files', '--values', '/nowhere']]])('%j is a usage mistake', async (args) => {
	const { code, err } = await drover(...args);
	expect(code).toBe(2);
	expect(err.trim()).not.toBe('');
});

test('what a command depends on, beside its own words, is told above it', async () => {
	let out = '';
	const code = await main(['render', 'demo/files', 'ask', '--set', 'folder=/x', '--set', 'password=hunter2hunter2'], { root: fixtureRoot, say: readWords(project).en, locale: 'en', env: { HOME: '/nowhere', LD_PRELOAD: '/x.so', POSIXLY_CORRECT: '1' }, out: (text) => void (out += text), err: () => undefined });

	expect(code).toBe(0);
	expect(out).toMatch(/^#[^\n]*\n# POSIXLY_CORRECT is set: bash gets options from it[^\n]*\n# LD_PRELOAD is set: other code is loaded[^\n]*\n/);
	expect(out).not.toContain('x.so');
});
