import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import type { Values } from '../../../src/runbook/values/value.ts';
import { render, runbookOf, runbookOfSteps } from '../fixtures.ts';
import { hostileText } from '../hostile.ts';
import { parseByShell } from '../shell.ts';

/** Values that the types let pass as well as ones they must refuse. */
const values: fc.Arbitrary<Values> = fc.record(
	{
		container: fc.oneof(fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,20}$/), hostileText),
		name: fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{1,9}$/), fc.constant(''), hostileText),
		publish: fc.constantFrom('', '80', '127.0.0.1:9090', '[::1]:80', '0.0.0.0:8080'),
		file: fc.oneof(hostileText, fc.constantFrom("o'brien's data/x", 'a b', '/tmp/牧道 $HOME')),
		note: hostileText,
		env: fc.array(fc.oneof(hostileText.map((text) => `NAME${text.length}=${text}`), hostileText.map((text) => `API_TOKEN=${text}`), hostileText), { maxLength: 4 }),
		options: fc.array(fc.constantFrom('--memory=2g', '--log-opt=max-size=10m', '--label=a b', "--label=it's", '--privileged', '; id'), { maxLength: 3 }),
		password: hostileText,
		strict: fc.constantFrom('true', 'false', 'yes'),
		style: fc.constantFrom('flags', 'env', 'both'),
	},
	{ requiredKeys: [] },
);

const literal = fc.constantFrom('run', '-d', "'{{.State.Running}}'", '"a b"', '--x=y', 'it\\\'s', "''", '-p', '"\\$HOME"', '牧道', '"${note}"x');
const slotted = fc.constantFrom(
	'${container}',
	'${note}:${file}',
	'"${note} and ${file}"',
	'${publish}:8080',
	'[--name ${name}]',
	'[-e ${env}]...',
	'[${options}]...',
	'[${strict}]',
	'[--pass ${password}]',
	'[${name}/]${image}:${tag}',
	'[-v ${file}:/x[:${name}]]',
	'[--port ${publish.port} --ip ${publish.ip}]',
	"'$'${note}",
);
const template = fc
	.array(fc.tuple(fc.constantFrom(' ', '  ', ' \\\n  '), fc.oneof(literal, slotted)), { minLength: 1, maxLength: 8 })
	.map((words) => `docker${words.map(([blank, word]) => blank + word).join('')}`);

describe('for every template and every value', () => {
	test('what bash and sh parse from the display is exactly the argv and the environment', () => {
		const cases = fc.sample(fc.tuple(template, values), { numRuns: 800, seed: 7 }).flatMap(([text, given]) => {
			const rendered = render(runbookOf(text), given);
			if (rendered.problems.length > 0) return [];
			const secret = given['password'];
			return [{ rendered, secrets: { ...rendered.env, ...(typeof secret === 'string' && { password: secret }) } }];
		});
		expect(cases.length).toBeGreaterThan(300);

		for (const shell of ['bash', 'sh'] as const) {
			const lines = cases.map(({ rendered, secrets }) => ({ display: rendered.display, program: rendered.argv[0] ?? '', env: secrets, variables: Object.keys(rendered.env) }));
			const parsed = parseByShell(shell, lines);
			parsed.forEach((found, index) => {
				expect(found.argv, lines[index]?.display).toEqual(cases[index]?.rendered.argv);
				expect(found.env).toEqual(cases[index]?.rendered.env);
				expect(found.left).toEqual([]);
			});
		}
	}, 300_000);

	test('a value is refused by the name of its parameter, or stands in the argv unchanged', () => {
		fc.assert(
			fc.property(hostileText, (text) => {
				for (const name of ['container', 'note', 'file', 'password', 'publish', 'tag', 'image'] as const) {
					const runbook = runbookOf(`docker x[\${${name}}]`);
					const resolved = resolve(runbook, noRules, { [name]: text });
					const { argv } = render(runbook, { [name]: text });
					if (resolved.refused.length > 0) expect(resolved.refused[0]).toMatchObject({ parameter: name });
					else expect(argv[1]).toBe(`x${text}`);
				}
			}),
			{ numRuns: 400, examples: [['-v'], ['\u202e'], ["'"], ['a\nb'], ['８０８０'], ['\u3000'], ['']] },
		);
	});

	test('no secret stands in the display or in the problems', () => {
		const secret = fc.stringMatching(/^[!-~]{24}$/);
		fc.assert(
			fc.property(secret, (password) => {
				const runbook = runbookOf('docker run --db-pass ${password} [-e ${env}]...');
				const rendered = render(runbook, { password, env: [`VAULT_TOKEN=${password}`] });
				expect(rendered.argv).toContain(password);
				expect(rendered.env).toEqual({ VAULT_TOKEN: password });
				expect(rendered.secrets).toEqual([password]);
				expect(rendered.display).not.toContain(password);
				expect(rendered.display).toBe('VAULT_TOKEN="$VAULT_TOKEN" \\\ndocker run --db-pass "$password" -e VAULT_TOKEN');
			}),
			{ numRuns: 50 },
		);
	});
});

test('a script gets its values as variables, and its display is what runs', () => {
	const runbook = runbookOfSteps(`
- id: s
  phase: prepare
  script: |
    printf "%s" "$note" "\${name:-none}" > "$file"
    [ -n "$password" ] && echo "$publish_port"`);
	const given = { note: `it's "$HOME" \`id\``, file: 'out file', password: 'p w' };

	const rendered = render(runbook, given);

	expect(rendered.problems).toEqual([]);
	expect(rendered.argv.slice(0, 4)).toEqual(['bash', '-euo', 'pipefail', '-c']);
	expect(rendered.env).toEqual({ note: given.note, name: '', file: given.file, password: 'p w', publish_port: '8080' });
	const [found] = parseByShell('sh', [{ display: rendered.display, program: 'bash', env: { password: 'p w' }, variables: Object.keys(rendered.env) }]);
	expect(found).toEqual({ argv: rendered.argv, env: rendered.env, left: [] });
});
