/** What an author is told: all at once, one message for one mistake, where it is, why it matters, and what to write. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lint, lintFolder } from '../../src/content/lint.ts';
import type { SourceFile } from '../../src/runbook/definition/yaml-file.ts';

const root = join(import.meta.dirname, '../..');
const folder = 'src/content/runbooks/lab/';
const parameters = `
  name: { type: container, group: g }
  port: { type: port, group: g, default: '8080' }
  size: { type: choice, group: g, options: [small, large], default: small }
  folder: { type: path, group: g }
  note: { type: text, group: g }
  password: { type: secret, group: g }
  env: { type: env, group: g }`;
const names = [...parameters.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name ?? '');

interface Parts {
	/** Below \`steps:\` of the runbook. */
	readonly steps?: string;
	readonly family?: string;
	readonly runbook?: string;
	readonly body?: string;
	readonly files?: readonly SourceFile[];
}

const using = `- id: use-all
  phase: preflight
  done_when: { run: 'ls \${name} \${port} \${size} \${folder} \${note} [\${password}]' }
  usually: [{ time: 1s, when: { given: [env] } }]`;

/** Content in both languages, right in itself; a part that is given takes the place of what is right. */
function content({ steps = '', family, runbook, body, files = [] }: Parts): SourceFile[] {
	const familyFile = { path: `${folder}family.yaml`, text: family ?? `family: lab\nrunbooks: [r]\nparameters:${parameters}\n` };
	const all = `${using}\n${steps}`.trim();
	const runbookFile = { path: `${folder}r.yaml`, text: runbook ?? `id: lab/r\nparameters: [${names.join(', ')}]\nsteps:\n${all.replace(/^(?=.)/gm, '  ')}\n` };
	const ids = [...new Set([...runbookFile.text.matchAll(/\bid: ([a-z-]+)(?=[\s,])/g)].map(([, id]) => id ?? ''))];
	const hints = [...runbookFile.text.matchAll(/hints: \{ ([a-z-]+):/g)].map(([, hint]) => `${ids.at(-1)}.${hint}`);
	const words = `---\ntitle: Lab\ndescription: Lab.\ngroups: { g: G }\nparameters:\n${names.map((one) => `  ${one}: { label: L, help: H.${one === 'size' ? ', options: { small: S, large: L }' : ''} }`).join('\n')}\n---\n`;
	const page = `---\ntitle: R\nshort: R\ndescription: R.\nsteps:\n${ids.map((id) => `  ${id}: Do it`).join('\n')}\nhints: { ${hints.map((one) => `${one}: It is so`).join(', ')} }\n---\n${body ?? ids.map((id) => `<Step id="${id}">\n</Step>\n`).join('\n')}`;
	const pages = ['en', 'zh'].flatMap((locale) => [{ path: `${locale}/runbooks/lab/family.mdx`, text: words }, { path: `${locale}/runbooks/lab/r.mdx`, text: locale === 'en' ? page : page.replace(body ?? '\u0000', ids.map((id) => `<Step id="${id}">\n</Step>\n`).join('\n')) }]);
	return [...new Map([familyFile, runbookFile, ...pages, ...files].map((file) => [file.path, file])).values()];
}

const said = (parts: Parts) => lint(content(parts)).map(({ file, line, message, advice }) => `${file.split('/').slice(-1)[0]}:${line} ${message}. ${advice}`);
const script = (text: string) => said({ steps: `- id: s\n  phase: prepare\n  script: |\n${text.replace(/^(?=.)/gm, '    ')}` });
const step = (rest: string) => said({ steps: `- { id: s, phase: prepare, ${rest} }` });

test('content without a mistake has none', () => {
	expect(said({})).toEqual([]);
});

test('the content of Drover and of its tests has none', () => {
	for (const one of ['.', 'tests/fixture', 'tests/e2e/content', 'tests/server/report/content']) expect(lintFolder(join(root, one)), one).toEqual([]);
});

describe('one mistake is one message', () => {
	test('"${" in a map that is written in braces', () => {
		expect(said({ steps: '- id: s\n  phase: prepare\n  run: true\n  undone_when: { run: az group exists --name LinuxRG-${note}, prints: "false" }\n- { id: t, phase: prepare, run: "true" }' })).toEqual([
			`r.yaml:11 "\${" begins a map here: in "{ … }" and "[ … ]" YAML reads braces. Put the text in quotes: { run: 'docker stop \${container}' }.`,
		]);
	});

	test('YAML that is none, with lines and lines behind it', () => {
		const found = said({ steps: `- id: s\n  phase: prepare\n  run: "ls\n${'- { id: t, phase: prepare, run: "true" }\n'.repeat(30)}` });

		expect(found).toHaveLength(1);
	});

	test('an unknown variable that a script uses again and again', () => {
		expect(script('echo "$nope" "$nope"\necho "${nope}"')).toEqual(['r.yaml:11 "nope" is neither a parameter nor set by the script. Use a parameter of the runbook, or set the variable first.']);
	});
});

describe('everything at once', () => {
	test('mistakes of every layer, each where it is', () => {
		const found = said({
			family: `family: lab\nrunbooks: [r]\nparameters:${parameters}\n  odd: { type: prot, group: g }\nnonsense: 1\n`,
			steps: '- { use: nope }\n- { id: s, phase: prepar, run: ls }\n- { id: t, phase: prepare, run: "ls | cat > x" }\n- { id: t, phase: preflight, run: ls }\n- { id: u, phase: prepare, run: "ls ${nme}", until: use-all }',
			body: '<Step id="use-al">\n</Step>\n\n{1}\n\n[a](/en/lab/nowhere/)\n\n```bash\nls\n```\n',
		});

		expect(found.filter((one) => !one.startsWith('r.mdx'))).toEqual([
			'family.yaml:11 parameter "odd": "type" is "prot". Did you mean "port"?',
			'family.yaml:12 "nonsense" is not known here. Remove it, or see CONTRIBUTING.md for what is known.',
			'r.yaml:8 the family has no shared step "nope". Remove it, or see CONTRIBUTING.md for what is known.',
			'r.yaml:9 step "s": "phase" is "prepar". Did you mean "prepare"?',
			'r.yaml:10 "|" would be acted on by a shell. A pipe needs a shell: use "script:".',
			'r.yaml:10 ">" would be acted on by a shell. A redirection needs a shell: use "script:".',
			'r.yaml:11 there are two steps "t". Give each step an id of its own.',
			'r.yaml:11 step "t" goes back to phase "preflight". Phases follow each other: preflight, prepare, change, verify, finish.',
			'r.yaml:12 "nme" is not a parameter of this runbook. Did you mean "name"?',
			'r.yaml:12 step "u" holds until "use-all", which is not later. Name a later step.',
		]);
		expect(found).toContain('r.mdx:12 there is no step "use-al". Did you mean "use-all"?');
		expect(found.join('\n')).toContain('"{1}" would be computed');
		expect(found.join('\n')).toContain('there is no such page: "/en/lab/nowhere/". Lead to a page that is there.');
		expect(found.join('\n')).toContain('a command stands in prose');
	});

	test('columns, reasons and rules go along', () => {
		expect(lint(content({ steps: '- id: s\n  phase: prepare\n  run: ls | cat' }))).toEqual([
			{ file: `${folder}r.yaml`, line: 10, column: 13, rule: 'snippet.syntax', message: '"|" would be acted on by a shell', advice: 'A pipe needs a shell: use "script:".' },
		]);
	});

	test('a mistake in a shared step is told once, in the family', () => {
		const family = `family: lab\nrunbooks: [r]\nparameters:${parameters}\nsteps:\n  both:\n    phase: prepare\n    run: ls | cat\n`;

		expect(lint(content({ family, steps: '- { use: both }' })).filter(({ file }) => file.endsWith('.yaml')).map(({ file, line, message }) => `${file.split('/').at(-1)}:${line} ${message}`)).toEqual(['family.yaml:14 "|" would be acted on by a shell']);
	});
});

describe('sentences, and never what a schema says', () => {
	test.each([
		['an empty file of a check', "- { id: s, phase: prepare, done_when: { file: '' } }", 'r.yaml:8 step "s", done_when: "file" is empty. Write it, or remove the key.'],
		['a step without a phase', '- { id: s, run: ls }', 'r.yaml:8 step "s": "phase" is missing. Write "phase: …".'],
		['an unknown key', '- { id: s, phase: prepare, run: ls, done_when: { run: ls, print: x } }', 'r.yaml:8 "print" is not known here. Did you mean "prints"?'],
		['a number for a text', '- { id: s, phase: prepare, run: 5 }', 'r.yaml:8 step "s": "run" is 5. Write a text, in quotes where YAML would read something else.'],
		['a duration', '- { id: s, phase: prepare, run: ls, done_when: { run: ls, within: 5 minutes } }', 'r.yaml:8 step "s", done_when: "within" is "5 minutes". Write a duration as 5s, 10m or 1h.'],
	])('%s', (_, steps, message) => {
		expect(said({ steps })).toEqual([message]);
	});

	test('a page without a title', () => {
		const found = said({ files: [{ path: 'en/runbooks/lab/r.mdx', text: '---\nshort: R\ndescription: R.\nsteps: { use-all: Use }\n---\n<Step id="use-all">\n</Step>\n' }] });

		expect(found).toEqual(['r.mdx:2 "title" is missing. Write "title: …".']);
	});

	test('words that are missing are missed where they belong', () => {
		expect(said({ files: [{ path: 'en/runbooks/lab/r.mdx', text: '---\ntitle: R\nshort: R\ndescription: R.\nsteps: { use-al: Use }\n---\n<Step id="use-all">\n</Step>\n' }] })).toEqual([
			'r.mdx:5 step title "use-all" has no words. Write them as "use-all: …" in "steps".',
			'r.mdx:5 there is no step title "use-al". Did you mean "use-all"?',
		]);
	});
});

describe('what only shows when it runs', () => {
	const family = (one: string) => said({ family: `family: lab\nrunbooks: [r]\nparameters:${parameters}\n`.replace(/ {2}port:.*/, `  port: ${one}`) });

	test('a default that its type refuses', () => {
		expect(family("{ type: port, group: g, default: eighty }")).toEqual(['family.yaml:5 the default "eighty" of "port" is no port. Write a value that the form would take (value.type), or remove it.']);
		const [found] = said({ family: `family: lab\nrunbooks: [r]\nparameters:${parameters.replace('default: small', 'default: medium')}\n` });
		expect(found).toBe('family.yaml:6 the default "medium" of "size" is none of its options. Write one of: small, large.');
		expect(said({ runbook: `id: lab/r\nparameters: [${names.join(', ')}]\ndefaults: { port: eighty }\nsteps:\n${using.replace(/^(?=.)/gm, '  ')}\n` })).toEqual(['r.yaml:3 the default "eighty" of "port" is no port. Write a value that the form would take (value.type), or remove it.']);
	});

	test.each([
		['an impossible option', 'run: ls, when: { is: { size: largee } }', 'r.yaml:8 "size" is never "largee". Did you mean "large"?'],
		['given and missing', 'run: ls, when: { given: [note], missing: [note] }', 'r.yaml:8 "note" cannot be given and missing at once. Keep one.'],
		['a wait that ends before the second try', 'run: ls, done_when: { run: ls, every: 10s, within: 5s }', 'r.yaml:8 the check ends ("within") before it is tried again ("every"). Make "within" longer than "every".'],
		['an expression that takes for ever', "run: ls, done_when: { run: ls, matches: '^(a+)+$' }", 'r.yaml:8 the regular expression /^(a+)+$/ can take for ever. Let no part that repeats stand in another that repeats the same text: write a+ instead of (a+)+.'],
		['a check that changes something', "run: ls, done_when: { run: 'rm -f x' }", 'r.yaml:8 a check runs "rm", which changes something. Ask for the state, and change it in a step.'],
		['an exit code that passes and warns', 'run: ls, done_when: { run: ls, exit: 2, warn: 2 }', 'r.yaml:8 exit code 2 passes, and is worth a warning. Keep one.'],
		['an invisible character', 'run: "ls \u202ex"', 'r.yaml:8 the file has a character that cannot be seen (U+202E). Remove it, and type the place anew. A space is U+0020.'],
	])('%s', (_, rest, message) => {
		expect(step(rest)).toEqual([message]);
	});

	test('a step that destroys what a secret names', () => {
		expect(said({ steps: "- { id: s, phase: finish, effect: destroy, object: password, point_of_no_return: true, run: 'ls' }" })).toEqual(['r.yaml:8 step "s" asks for the secret "password" by its name. Name a parameter that may be shown.']);
	});

	test.each(['rm -rf ${folder}', 'sudo rm -rf ${folder}', 'docker rm ${name}', 'docker run -d ${name}', 'systemctl restart docker', 'sed -i s/a/b/ ${folder}', 'kubectl -n x delete pod y', 'mkfs.ext4 ${folder}', 'curl -X POST http://x/'])('a preflight that runs "%s"', (run) => {
		expect(said({ steps: `- { id: s, phase: preflight, run: '${run}', done_when: { run: ls } }` }).join('\n')).toMatch(/a step that only reads runs "[^"]+", which changes something\. Move it to a later phase, or say its "effect"\./);
	});

	test.each(['docker ps', 'docker container inspect ${name}', 'docker logs --tail 5 ${name}', 'docker run --rm alpine:3 ls', 'systemctl show docker', 'sed -n 1p ${folder}', 'kubectl get pods', 'curl -fsS http://x/', 'tar --list --file ${folder}', 'docker image ls', 'git status'])('a preflight that runs "%s" reads', (run) => {
		expect(said({ steps: `- { id: s, phase: preflight, run: '${run}', done_when: { run: ls } }` })).toEqual([]);
	});

	test('a parameter that nothing uses, and one that no runbook asks for', () => {
		expect(said({ family: `family: lab\nrunbooks: [r]\nparameters:${parameters}\n  idle: { type: text, group: g }\n` }).filter((one) => !one.startsWith('family.mdx'))).toEqual(['family.yaml:11 no runbook asks for parameter "idle". Use it in a step, or remove it.']);
		expect(said({ runbook: `id: lab/r\nparameters: [${names.join(', ')}]\nsteps:\n${using.replace(' ${note}', '').replace(/^(?=.)/gm, '  ')}\n` })).toEqual(['r.yaml:2 nothing in this runbook uses parameter "note". Use it in a step, or remove it.']);
	});

	test('a form and bounds of a text that nothing fits', () => {
		const note = (one: string) => said({ family: `family: lab\nrunbooks: [r]\nparameters:${parameters.replace('note: { type: text, group: g }', `note: ${one}`)}\n` });

		expect(note("{ type: text, group: g, pattern: '(' }")[0]).toMatch(/^family\.yaml:8 Invalid regular expression/);
		expect(note("{ type: text, group: g, pattern: '(a+)+' }")[0]).toMatch(/can take for ever/);
		expect(note('{ type: number, group: g, min: 5, max: 3 }')[0]).toBe('family.yaml:8 parameter "note" wants at least 5 and at most 3. Let "min" be the smaller one.');
		expect(note('{ type: number, group: g, min: 5, default: "4" }')[0]).toBe('family.yaml:8 the default "4" of "note" is no number. Write a value that the form would take (value.too-small), or remove it.');
		expect(note('{ type: number, group: g }')).toEqual([]);
	});

	test('a derived value that no code derives', () => {
		expect(said({ family: `family: lab\nrunbooks: [r]\nparameters:${parameters}\nderived: { made_up: { type: text, group: g } }\n` })).toEqual(['family.yaml:11 nothing derives "made_up". Only a family with code of its own (src/families) derives values: ask for it as a parameter.']);
	});

	test('a script that Bash cannot read, with the line of the script', () => {
		expect(script('if true; then\n  echo x\ndone')).toEqual(['r.yaml:13 Bash cannot read the script: syntax error near unexpected token "done". Fix it here or in a line before; "bash -n" says the same.']);
	});

	test('nothing of a script runs while Bash reads it', () => {
		const file = join(mkdtempSync(join(tmpdir(), 'drover-lint-')), 'ran');

		expect(script(`touch ${file}\nexit 3`)).toEqual([]);
		expect(script(`set +n\ntouch ${file}\n}\ntouch ${file}`).join()).toContain('Bash cannot read the script');
		expect(existsSync(file)).toBe(false);
	});
});

describe('a text of another program', () => {
	test.each([
		['sh -c "echo ${note}"', 'sh'],
		['bash -euo pipefail -c "echo ${note}"', 'bash'],
		['sudo bash -lc "echo ${note}"', 'bash'],
		['docker exec ${name} sh -c "ls ${folder}"', 'sh'],
		['ssh host -- "sudo mkdir ${folder}"', 'ssh'],
		['ssh -p 22 host mkdir ${folder}', 'ssh'],
		['psql -U postgres -c "select ${note}"', 'psql'],
		['docker exec ${name} mysql -u root -e "select ${note}"', 'mysql'],
		['docker exec ${name} psql --command=${note}', 'psql'],
		['awk "/${note}/" file', 'awk'],
		['python3 -c "print(${note})"', 'python3'],
	])('%s', (run, reader) => {
		expect(said({ steps: `- id: s\n  phase: prepare\n  run: ${run}` }).join('\n')).toMatch(new RegExp(`^r\\.yaml:10 "\\$\\{(?:note|folder)\\}" stands in a text that ${reader} reads\\. `));
	});

	test.each([
		['eval "echo $note"', 'eval'],
		['trap "rm $folder" EXIT', 'trap'],
		['sh -c "echo $note"', 'sh'],
		['x="$note"; eval "echo $x"', 'eval'],
	])('in a script: %s', (text, reader) => {
		expect(script(text).join('\n')).toMatch(new RegExp(`stands in a text that ${reader} reads`));
	});

	test.each(['[[ "$note" -gt 1 ]]', '[[ $note -eq 1 ]]', 'echo "$(( note + 1 ))"', '(( note > 1 )) || true', 'let "x = $note"', 'a=(1); echo "${a[$note]}"', 'x="$note"; echo "$((x))"', '[[ -v $note ]] || true'])('%s is computed', (text) => {
		expect(script(text).join('\n')).toMatch(/is computed by Bash\. Compare with/);
	});

	test.each(['sh -c "ls ${folder|sh}"', 'ssh host mkdir -p ${folder|sh}', 'ssh host sudo docker stop ${name}', 'docker exec ${name} sh -c "echo ${port}"', "sh -c 'ls \"$1\"' sh ${folder}", 'sh ${folder} -c', 'ssh -l ${note} host ls', 'docker run alpine:3 ls ${folder}', 'psql -v value=${note} --file=q.sql'])('%s is right', (run) => {
		expect(said({ steps: `- id: s\n  phase: prepare\n  run: ${run}` })).toEqual([]);
	});

	test('a value quoted for another shell stands outside of its quotes, and nowhere else', () => {
		expect(step(`run: 'sh -c "ls ''\${folder|sh}''"'`)).toEqual(['r.yaml:8 "${folder|sh}" stands in quotes of the text that sh reads. It brings its own quotes: put it outside of them.']);
		expect(step("run: 'ls ${folder|sh}'")).toEqual(['r.yaml:8 "${folder|sh}" is no text of another shell. Write ${folder}: a value is one word already.']);
		expect(step(`run: 'psql -c "select \${note|sh}"'`).join()).toContain('is quoted for a shell, and psql reads it');
		expect(step(`run: 'sh -c "ls \${password|sh}"'`).join()).toContain('the secret "password" stands in the text of another program');
		expect(script('sh -c "ls $folder_sh"')).toEqual([]);
	});
});

describe('a script that is right', () => {
	test.each([
		['a pattern in quotes', 'x="abc"\necho "${x#"$note"}"'],
		['a here-document with a value', 'cat <<EOF\nit\'s $note\nEOF'],
		['a here-document as it is', "cat <<'EOF'\n$nothing `here`\nEOF"],
		['a comparison', '[[ $note == a* ]] || true'],
		['mapfile', 'mapfile -t lines < <(ls)\necho "${lines[@]}"'],
		['printf -v', 'printf -v out "%s" "$note"\necho "$out"'],
		['a map', 'declare -A m\nm[a]=1\necho "${m[a]}"'],
		['local without values', 'f() {\n  local a b\n  a=1\n  b=2\n  echo "$a$b"\n}\nf'],
		['getopts', 'while getopts a:b flag; do\n  echo "$flag $OPTARG"\ndone'],
		['variables of the shell', 'echo "$PATH" "$EUID" "$BASH_VERSION"'],
		['single quotes', "awk '{print $1}' < \"$folder\"\necho 'it'\\''s'"],
		['a case in a substitution', 'echo "$(case "$note" in a) echo "$note" ;; *) echo b ;; esac)"'],
		['an assignment', 'x=$note\ny=$(ls)\necho "$x$y"'],
		['the length of a value', '[[ "${#note}" -gt 3 ]] || true'],
		['a port in arithmetic', 'echo "$(( port + 1 ))"'],
		['a comment with a quote', "# it's so\necho \"$note\""],
		['a text of SQL', "psql --set=ON_ERROR_STOP=1 <<'SQL'\nSELECT 'x';\nSQL"],
		['an extended pattern', '[[ $note == @(a|b) ]] || true'],
		['a substitution of a process', 'diff <(ls "$folder") <(ls)'],
		['a loop', 'for ((i = 0; i < 3; i++)); do\n  echo "$i"\ndone\nuntil false; do break; done'],
	])('%s', (_, text) => {
		expect(script(text)).toEqual([]);
	});

	test.each([
		['echo "$(case a in b) echo $note ;; esac)"', 'parameter "note" stands outside double quotes'],
		['x=1\necho "${x#$note}"', 'parameter "note" stands outside double quotes, where it is a pattern'],
		['[[ a == $note ]]', 'where it is a pattern'],
		['for x in $note; do echo "$x"; done', 'parameter "note" stands outside double quotes'],
		['a=($note)\necho "${a[0]}"', 'parameter "note" stands outside double quotes'],
		['echo `ls`', 'a script has a backtick'],
		['echo "x', 'a double quote is not closed'],
		["echo 'x", 'a single quote is not closed'],
		['cat <<EOF\n$note', 'the here-document "EOF" has no end'],
	])('%j is not', (text, message) => {
		expect(script(text).join('\n')).toContain(message);
		expect(script(text)).toHaveLength(1);
	});
});

describe('prose', () => {
	const prose = (text: string) => said({ body: `<Step id="use-all">\n</Step>\n\n${text}\n` }).map((one) => one.replace(/^r\.mdx:\d+ /, ''));

	test.each(['~~~bash\nls\n~~~', '```zsh\nls\n```'])('a fence of a shell: %j', (text) => expect(prose(text)).toEqual(['a command stands in prose. Make it a step of the definition, or describe it in words.']));

	test('a fence without a language', () => expect(prose('```\nls\n```')).toEqual(['a text in a fence does not say what it is. If it is a command, make it a step of the definition. Otherwise name its language: ```text.']));

	test('a tag that is not closed, braces and another element', () => {
		expect(prose('<Step id="x">\nwords')[0]).toContain('Expected a closing tag for `<Step>`');
		expect(prose('The state {{.State}}.')[0]).toContain('would be computed');
		expect(prose('<Foo/>')[0]).toContain('<Foo> stands in prose');
	});

	test.each([
		['[a](/en/lab/r/)', []],
		['[a](#use-all)', []],
		['## Here [#here]\n\n[a](#here)', []],
		['## Some words\n\n[a](/en/lab/r/#some-words)', []],
		['[a](/en/lab/)', []],
		['[a](https://example.org/)', []],
		['[a](/en/lab/nowhere/)', ['there is no such page: "/en/lab/nowhere/". Lead to a page that is there.']],
		['[a](/en/lab/r)', ['the link to "/en/lab/r" has no slash at its end. Write /en/lab/r/.']],
		['[a](/zh/lab/r/)', ['the link to "/zh/lab/r/" leads into another language. Lead to /en/….']],
		['[a](#use-al)', ['there is no such section or step: "#use-al" of /en/lab/r/. Did you mean "#use-all"?']],
		['[a][b]\n\n[b]: /en/lab/x/', ['there is no such page: "/en/lab/x/". Did you mean "/en/lab/r/"?']],
	])('a link %j', (text, messages) => expect(prose(text)).toEqual(messages));
});
