import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteFar } from '../../../src/runbook/command/far-line.ts';
import { encodeFar, wrapperLine } from '../../../src/runbook/command/far-wrapper.ts';
import { hostileText } from '../hostile.ts';
import { render, runbookOf, runbookOfSteps } from '../fixtures.ts';
import { parseByShell } from '../shell.ts';

const far = { session: 'root@node2:2222', nodes: false, sudo: [] };

test('what a reader types for another machine has the command in quotes for the login shell there', () => {
	const rendered = render(runbookOf('docker stop ${container}'), { container: 'rancher' }, {}, far);

	expect(rendered.display).toBe("ssh -p 2222 root@node2 'docker stop rancher'");
	expect(rendered.argv).toEqual(['docker', 'stop', 'rancher']);
	expect(rendered.machine).toEqual({ ssh: 'root@node2:2222', sudo: false });
});

test('variables go by env, sudo before everything, a secret stays a name', () => {
	const rendered = render(runbookOf('docker run [-e ${env}]... ${image}'), { env: ['API_TOKEN=x y z 12345'] }, {}, { ...far, sudo: [far.session] });

	expect(rendered.display).toBe(`ssh -p 2222 root@node2 'sudo -n env API_TOKEN="$API_TOKEN" \\\ndocker run -e API_TOKEN rancher/server'`);
	expect(rendered.env).toEqual({ API_TOKEN: 'x y z 12345' });
});

test('backslashes stand outside of the single quotes, where fish reads none', () => {
	expect(quoteFar('a\\b c\\')).toBe("a\\\\'b c'\\\\");
	fc.assert(fc.property(hostileText, (text) => {
		const quoted = quoteFar(text);
		const inside = [...quoted.matchAll(/'([^']*)'/gs)].map(([, one]) => one).join('');
		expect(inside).not.toContain('\\');
	}));
});

test('what bash and sh make of the line for another machine is ssh, the destination and one word', () => {
	const text = fc.sample(hostileText, { numRuns: 200, seed: 5 });
	const lines = text.flatMap((note) => {
		const rendered = render(runbookOf('docker x ${note}'), { note }, {}, far);
		return rendered.problems.length > 0 || rendered.argv[2] === undefined ? [] : [rendered];
	});
	for (const shell of ['bash', 'sh'] as const) {
		const outer = parseByShell(shell, lines.map(({ display }) => ({ display, program: 'ssh', env: {}, variables: [] })));
		outer.forEach(({ argv }) => expect(argv.slice(0, 4)).toEqual(['ssh', '-p', '2222', 'root@node2']));
		const inner = parseByShell(shell, outer.map(({ argv }) => ({ display: argv[4] ?? '', program: 'docker', env: {}, variables: [] })));
		inner.forEach(({ argv }, index) => expect(argv).toEqual(lines[index]?.argv));
	}
}, 120_000);

test('a script is the same script over there', () => {
	const runbook = runbookOfSteps(String.raw`
- id: s
  phase: prepare
  script: printf "%s\n" "$note"`);

	const rendered = render(runbook, { note: 'it\'s "x"' }, {}, far);
	const [outer] = parseByShell('sh', [{ display: rendered.display, program: 'ssh', env: {}, variables: [] }]);
	const [inner] = parseByShell('sh', [{ display: (outer?.argv[4] ?? '').replace(/^env /, ''), program: 'bash', env: {}, variables: ['note'] }]);

	expect(inner?.argv).toEqual(rendered.argv);
	expect(inner?.env).toEqual(rendered.env);
});

test('the wrapper is one constant line without a backslash, and a single quote at either end only', () => {
	for (const line of [wrapperLine(false), wrapperLine(true)]) {
		expect(line).not.toMatch(/[\\\n!]/);
		expect(line.match(/'/g)).toHaveLength(2);
	}
});

test('a variable that no shell can hold, and NUL, are refused before anything is sent', () => {
	expect(() => encodeFar({ argv: ['x'], env: { 'A-B': '1' } })).toThrow('A-B');
	expect(() => encodeFar({ argv: ['a\0b'] })).toThrow('NUL');
});
