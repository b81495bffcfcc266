/**
 * Every program, option and construct of the shell that the manual uses was there in the versions that it promises to work with: `since/floors.ts` against `since/table.ts`.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import type { Check, Command } from '../../src/runbook/definition/definition.ts';
import type { Piece, Snippet } from '../../src/runbook/definition/snippet.ts';
import { floors, isWithin } from './since/floors.ts';
import { parseShell, type Word } from './since/shell.ts';
import { table } from './since/table.ts';
import { usesOf, usesOfCommand, type Use } from './since/uses.ts';

const rows = new Map(table.map((row) => [row.program, row]));
const readings = (program: string) => rows.get(program)?.reading;

/** What is wrong with a use, for whoever wrote it; undefined where nothing is. */
function whyNot({ place, program, option }: Use): string | undefined {
	const what = option === undefined ? program : `${program} ${option}`;
	const row = rows.get(program);
	const found = option === undefined ? row && (['', row.since, row.source] as const) : row?.options?.find(([options]) => options.split(' ').includes(option));
	if (!row || !found) return `${what}: it is not in tests/content/since/table.ts. Add it with its version and source.`;
	const floor = floors[place][row.package];
	if (floor === undefined) return `${what}: tests/content/since/floors.ts does not say which ${row.package} is there (${place}).`;
	if (isWithin(found[1], floor)) return undefined;
	return `${what}: since ${row.package} ${found[1]} (${found[2] ?? row.source}), but ${place === 'image' ? 'the image' : 'the machine'} may have ${floor}.`;
}

const faultsOf = (uses: readonly Use[]) => [...new Set(uses.flatMap((use) => whyNot(use) ?? []))];
const faultsIn = (script: string) => faultsOf(usesOf(parseShell(script), readings));

/** A snippet's words; an optional word is one that is there, a repeated one a list. */
function wordsOf(snippet: Snippet): Word[] {
	const text = (pieces: readonly Piece[]): string => pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'slot' ? '…' : text(piece.pieces))).join('');
	const list: Word = { raw: '"${list[@]}"', text: '…', dynamic: true };
	return snippet.items.flatMap((item) => (item.kind === 'word' ? [item] : item.words).map((word): Word => {
		const whole = text(word.pieces);
		return item.kind === 'group' && whole === '…' ? list : { raw: whole, text: whole, dynamic: whole.includes('…') };
	}));
}

const content = readContent(join(import.meta.dirname, '../..'));
const commands = content.families.flatMap((family) => family.runbooks).flatMap((runbook) => runbook.steps.flatMap((step) => {
	const hints = Object.values(step.hints).filter((hint): hint is Exclude<typeof hint, { kind: 'printed' }> => hint.kind !== 'printed');
	const checks: readonly Check[] = [...step.skipWhen, ...step.doneWhen, ...step.undoneWhen, ...hints];
	return [...step.run, ...step.undo, ...checks.flatMap((check) => (check.kind === 'command' ? [check.command] : []))].map((command) => ({ name: `${runbook.id} ${step.id}`, command }));
}));

function usesOfStep(command: Command): readonly Use[] {
	return command.kind === 'script' ? usesOf(parseShell(command.script), readings) : usesOfCommand(wordsOf(command.snippet), readings, 'machine', () => { /* No snippet runs a function. */ });
}
const uses = commands.flatMap(({ name, command }) => usesOfStep(command).map((use) => ({ name, use })));

test('every command of the manual uses only what the oldest supported machine has', () => {
	const faults = new Map<string, Set<string>>();
	for (const { name, use } of uses) {
		const why = whyNot(use);
		if (why) faults.set(why, (faults.get(why) ?? new Set()).add(name));
	}

	expect([...faults].map(([why, names]) => `${why} [${[...names].join(', ')}]`)).toEqual([]);
});

test('the commands are read: what is known to be in them is found in them', () => {
	const found = new Set(uses.map(({ use: { place, program, option } }) => [place, program, ...(option === undefined ? [] : [option])].join(' ')));

	for (const one of [
		// A snippet, a function, a function's argument, a function that gets a command, a text for another shell, and what runs in a container.
		'machine docker run --volumes-from', 'machine docker load --input', 'machine grep --max-count', 'machine comm -1', 'machine docker save', 'machine docker container inspect', 'machine curl --data-binary',
		'machine bash <<<', 'machine xargs -r', 'machine docker update --restart', 'machine docker wait', 'machine timeout', 'machine bash -c', 'machine docker --format split',
		'image mysqldump --single-transaction', 'image mysql --connect-timeout', 'image tar --compare', 'image find -delete', 'image sh -c', 'image find -printf', 'image xargs -0', 'image stat --format', 'image curl --head', 'image mysqld --skip-networking',
	]) expect(found, one).toContain(one);
	expect(commands.length).toBeGreaterThan(200);
});

test.each([
	['docker run --rm --mount type=bind,source=/a,target=/b image', /^docker run --mount: since docker 17\.06 .*may have 1\.13/],
	['keep_whole() { "${@:3}"; }\nkeep_whole a b docker pull --quiet x', /^docker pull --quiet: since docker 19\.03/],
	['docker ps --quiet | xargs -r docker run --mount x', /^docker run --mount: since docker 17\.06/],
	['said=$(timedatectl show --property=NTPSynchronized --value)', /^timedatectl show: since systemd 239 /],
	['wait -n', /^wait -n: since bash 4\.3 /],
	['echo "${x@Q}"', /^bash \$\{x@Q\}: since bash 4\.4 /],
	['f() { local -n other=$1; }\nf x', /^local -n: since bash 4\.3 /],
	['list=()\ndocker run "${list[@]}" image', /^bash \$\{x\[@\]\}: since bash 4\.4 .*may have 4\.2/],
	['echo "${x/a/&}"', /^bash \$\{x\/pattern\/&\}: since bash 5\.2 /],
	['printf "%(%s)T"', /^printf %\(…\)T-alone: since bash 4\.3 /],
	['list[-1]=x', /^bash x\[-1\]=: since bash 4\.3 /],
	['[[ -v list[0] ]]', /^\[\[ -v:x\[…\]: since bash 4\.3 /],
	['[[ -R name ]]', /^\[\[ -R: since bash 4\.3 /],
	['echo "$((EPOCHSECONDS - 5))"', /^bash \$EPOCHSECONDS: since bash 5\.0 /],
	['mapfile -d "" -t list', /^mapfile -d: since bash 4\.4 /],
	['shopt -s inherit_errexit', /^shopt inherit_errexit: since bash 4\.4 /],
	['env -S "a b" x', /^env -S: since coreutils 8\.30 /],
	['cut -z -d x -f 1', /^cut -z: since coreutils 8\.25 /],
	['date --debug', /^date --debug: since coreutils 8\.26 /],
	['systemctl show --value x', /^systemctl show --value: since systemd 230 /],
	['systemctl enable --now x', /^systemctl enable --now: since systemd 220 /],
	['docker ps --format "{{json .State}}"', /^docker ps \.State: since docker 20\.10 /],
	['cp --sparse=always a b', /^cp --sparse: it is not in .*Add it with its version and source/],
	['rsync -a a b', /^rsync: it is not in /],
	['echo "$(jq .x <<< "$y")"', /^jq: it is not in /],
	['docker container prune', /^docker container prune: it is not in /],
	['docker ps --format "{{slice .ID 1}}"', /^docker --format slice: since docker 19\.03 /],
	['docker exec "$c" curl --fail-with-body http://x', /^curl --fail-with-body: since curl 7\.76 .*the image may have 7\.35/],
	['docker run --rm --entrypoint tar "$image" --sort=name --create .', /^tar --sort: since tar 1\.28 .*the image may have 1\.27/],
	['docker run --rm --entrypoint bash "$image" -c "find . -files0-from x; echo \\"\\${x@Q}\\""', /^bash \$\{x@Q\}: since bash 4\.4 .*the image may have 4\.3/],
	['timeout 5 bash -c "wait -n"', /^wait -n: since bash 4\.3 .*the machine may have 4\.2/],
	['"$program" --flag', /^"\$program": it is not in /],
])('%j is refused, and why', (script, why) => {
	expect(faultsIn(script)).toEqual(expect.arrayContaining([expect.stringMatching(why)]));
});

test.each(['if [ -z "${x:-}" ]; then echo "$y"; fi', '[ -n "$a" ] && docker run --rm -v "$a:/b" image --mount', 'list=()\necho ${list[@]+"${list[@]}"}', 'case "$a" in\n  b | c) echo "wait -n" ;;\n  *) exit 1 ;;\nesac'])('%j is fine', (script) => {
	expect(faultsIn(script)).toEqual([]);
});

test.each([
	'printf "%(%F %T)T" -1', 'printf -v now "%(%s)T" -1', '[[ -v name ]]', 'list[0]=x', 'shopt -s lastpipe', 'docker image inspect --format "{{.Id}}" x', 'docker ps --all --format "{{.Names}} {{.Status}}"', 'timeout --foreground 5 true', 'sort -h', 'sort -V', 'stat --printf "%s" x',
	'grep -P x', 'find . -printf "%s"', 'df --output=avail /', 'numfmt --to=iec 5', 'date -Iseconds', 'date -u +%s', 'realpath -m x', 'readlink -f x', 'sha256sum x', 'systemctl is-active x', 'seq 3', 'basename x', 'dirname x', 'nproc', 'base64 -d x', 'truncate -s 0 x',
])('%j is as old as that and fine', (script) => {
	expect(faultsIn(script)).toEqual([]);
});

test('what the reader of scripts does not know it refuses, rather than read past it', () => {
	for (const script of ['cat << EOF\nx\nEOF', 'echo `date`', 'for ((i = 0; i < 3; i++)); do echo; done', '((i++))', 'echo "open', 'f() ( echo )', 'echo $(date', 'case x in y) echo', 'coproc x']) expect(() => parseShell(script), script).toThrow();
});

test('every row has a version and a source, and stands once', () => {
	expect(table.filter(({ since, source }) => !/^\d+(?:\.\d+)*$/.test(since) || source.length < 10)).toEqual([]);
	expect(table.map(({ program }) => program)).toEqual([...new Set(table.map(({ program }) => program))]);
	for (const row of table) {
		const options = (row.options ?? []).flatMap(([names]) => names.split(' '));
		expect(options, row.program).toEqual([...new Set(options)]);
		for (const [, since] of row.options ?? []) expect(since, row.program).toMatch(/^\d+(?:\.\d+)*$/);
	}
});
