/** What must hold of the commands of every runbook of Rancher 1.x. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import type { Check, Command, Runbook, Step } from '../../src/runbook/definition/definition.ts';
import { renderStep } from '../../src/runbook/command/render.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import type { Piece, Snippet } from '../../src/runbook/definition/snippet.ts';
import { commandsOf } from './commands-of.ts';

const content = readContent(join(import.meta.dirname, '../..'));
const runbooks = content.families.find((one) => one.id === 'rancher-1.6')?.runbooks ?? [];
const steps = runbooks.flatMap((runbook) => runbook.steps.map((step) => ({ runbook, step, name: `${runbook.id} ${step.id}` })));
const checksOf = (step: Step): Check[] => [...step.skipWhen, ...step.doneWhen, ...step.undoneWhen, ...Object.values(step.hints).filter((hint) => hint.kind !== 'printed')];
const commandOf = (check: Check): Command[] => (check.kind === 'command' ? [check.command] : []);

/** A snippet as its author wrote it, near enough. */
function textOf(snippet: Snippet): string {
	const pieces = (list: readonly Piece[]): string => list.map((one) => (one.kind === 'text' ? one.text : one.kind === 'slot' ? `\${${one.name}${one.field ? `.${one.field}` : ''}}` : `[${pieces(one.pieces)}]`)).join('');
	return snippet.items.map((item) => (item.kind === 'word' ? pieces(item.pieces) : `[${item.words.map((word) => pieces(word.pieces)).join(' ')}]`)).join(' ');
}
const sourceOf = (command: Command) => (command.kind === 'script' ? command.script : textOf(command.snippet));
const every = steps.flatMap(({ step, name }) => [...step.run, ...step.undo, ...checksOf(step).flatMap(commandOf)].map((command) => ({ name, source: sourceOf(command), command })));

test('the content has no mistakes, and all ten runbooks', () => {
	expect(content.lintErrors).toEqual([]);
	expect(runbooks.map((one) => one.id.split('/')[1])).toEqual([
		'single-container', 'external-database', 'bind-mount', 'high-availability', 'air-gap',
		'infrastructure-services', 'upgrade-manager', 'back-up', 'roll-back', 'log-lock',
	]);
});

test('the start of a single container is the command that everybody knows', () => {
	const runbook = runbooks.find((one) => one.id === 'rancher-1.6/single-container') as Runbook;
	const start = runbook.steps.find((one) => one.id === 'start') as Step;

	const rendered = renderStep(start, 'run', resolve(runbook, rulesOf(runbook.family), { container: 'rancher', old_tag: 'v1.6.14' }));

	expect(rendered?.display).toBe('docker run -d --volumes-from rancher-data --restart=unless-stopped -p 8080:8080 rancher/server:v1.6.30');
});

describe('what could lose data', () => {
	test.each(steps.filter(({ step }) => (step.effect === 'change' || step.effect === 'destroy') && !step.byHand))('$name can be taken back, or is a gate', ({ step }) => {
		expect(step.undo.length > 0 || step.pointOfNoReturn).toBe(true);
	});

	test('what is taken back is proven, unless the command is the proof of itself', () => {
		const unproven = steps.filter(({ step }) => step.undo.length > 0 && step.undoneWhen.length === 0).map(({ name }) => name);

		// Stacks and nodes elsewhere: their state is asked for by a check of an earlier step.
		expect(unproven.filter((name) => !/start-others|stop-children|stop-others|keep-others-down/.test(name))).toEqual([]);
	});

	// The one volume that is removed holds no data: the catalog of the new image, in a volume that the step before made and marked.
	const withoutCatalog = every.filter(({ name }) => name !== 'rancher-1.6/single-container catalog-volume');

	test('no command removes volumes, prunes, forces or takes a moving tag', () => {
		const bad = withoutCatalog.filter(({ source }) => /\bdocker (?:container )?rm\b[^\n|;]*\s(?:-[a-z]*[vf]|--volumes|--force)|\bprune\b|\bvolume rm\b|server:(?:latest|stable)/.test(source));

		expect(bad.map(({ name, source }) => `${name}: ${source}`)).toEqual([]);
	});

	test('a backup stands before every stop', () => {
		for (const runbook of runbooks) {
			const ids = runbook.steps.map((step) => step.id);
			const stop = ids.indexOf('stop');
			if (stop < 0 || runbook.id.endsWith('roll-back')) continue;
			expect(ids.slice(0, stop), runbook.id).toContain('back-up');
		}
		// Going back begins with the backup itself, and sets aside what is there before it replaces it.
		const back = runbooks.find((one) => one.id.endsWith('roll-back'))?.steps.map((step) => step.id) ?? [];
		expect(back.indexOf('backup-there')).toBeLessThan(back.indexOf('stop'));
		expect(back.indexOf('set-aside')).toBeLessThan(back.indexOf('restore-files'));
	});

	test('nothing stops a server that has its database inside before that is shut down', () => {
		const bare = every.filter(({ source }) => /^\s*docker stop .*\$\{?(?:container|server)\b/m.test(source));

		// Of a cluster, whose database is outside.
		expect([...new Set(bare.map(({ name }) => name))]).toEqual(['rancher-1.6/high-availability stop', 'rancher-1.6/roll-back stop-others']);
	});

	test('a volume that only the old server holds is held by another container before the stop', () => {
		for (const name of ['single-container', 'roll-back']) {
			const ids = runbooks.find((one) => one.id.endsWith(name))?.steps.map((step) => step.id) ?? [];
			expect(ids.indexOf('data-container'), name).toBeGreaterThan(0);
			expect(ids.indexOf('data-container'), name).toBeLessThan(ids.indexOf('stop'));
		}
	});

	test('every path asks whether Docker removes the server at its stop, before the stop', () => {
		for (const runbook of runbooks) {
			const ids = runbook.steps.map((step) => step.id);
			if (!ids.includes('stop')) continue;
			expect(ids.slice(0, ids.indexOf('stop')), runbook.id).toContain('auto-remove');
			expect(runbook.steps.find((step) => step.id === 'auto-remove')?.required, runbook.id).toBe(true);
		}
	});

	test('the data container is created and never started', () => {
		expect(every.filter(({ source }) => /docker (?:start|restart|run)\b[^\n]*(?:\$\{data_container\}|\$data_container)/.test(source) && !source.includes('--volumes-from ${data_container}')).map(({ name }) => name)).toEqual([]);
	});
});

describe('servers', () => {
	const starts = every.filter(({ source }) => /^docker (?:run -d|create) /.test(source) && !source.includes('--name ${data_container}'));
	const repeated = [
		'[-p ${publish}:8080]', '[-e http_proxy=${proxy} -e https_proxy=${proxy} -e no_proxy=[${no_proxy}] -e NO_PROXY=[${no_proxy}]]', '[-e JAVA_OPTS=${java_opts}]',
		'[-e ${env}]', '[${docker_options}]',
	];

	test('there are some', () => expect(starts.length).toBeGreaterThan(15));

	test.each(starts)('$name repeats every option of the old one, and puts flags after the image', ({ source }) => {
		for (const option of repeated) expect(source).toContain(option);
		// A server that is only created gets the policy that was written down when it is started.
		if (source.startsWith('docker run')) expect(source).toContain('[--restart=${restart}]');
		expect(source).toMatch(/\[-e CATTLE_BOOTSTRAP_REQUIRED_IMAGE=\$\{registry\}\/\$\{(?:old_)?agent_image\}\]/);
		expect(source).toMatch(/\[-v \$\{ca_cert\}:\$\{(?:old_)?ca_target\}\[:\$\{ca_options\}\]\]/);
		expect(source.endsWith(' [${command_words}]')).toBe(true);
		const image = source.search(/ \[\$\{registry\}\/\]\$\{image\}:\$\{(?:old|new)_tag\}(?: |$)/);
		expect(image).toBeGreaterThan(0);
		expect(source.slice(0, image)).not.toMatch(/ --(?:db|advertise)-/);
		expect(source.slice(image)).not.toMatch(/ (?:-[ev]|--volumes-from|--name|-p) /);
	});

	test('every image stands behind the registry', () => {
		const bare = every.filter(({ source }) => /(?<!\]|\/)\$\{image\}|(?<!\}|\/)\$image:/.test(source.replaceAll('echo "$image:$new_tag"', '')));

		expect(bare.map(({ name, source }) => `${name}: ${source}`)).toEqual([]);
	});

	test('a password is in no argument but the flag that the server itself asks for', () => {
		const secret = every.filter(({ command }) => command.kind === 'argv').filter(({ source }) => /\$\{(?:db_password|secret_key)\}/.test(source.replace(/--db-pass \$\{db_password\}/g, '')));
		const inScripts = every.filter(({ command }) => command.kind === 'script').flatMap(({ name, source }) => [...source.matchAll(/.*\$\{?(?:db_password|secret_key).*/g)].map(([line]) => `${name}: ${line.trim()}`));

		expect(secret.map(({ name }) => name)).toEqual([]);
		expect(inScripts.filter((line) => !/MYSQL_PWD="\$db_password" docker|printf "user = /.test(line))).toEqual([]);
	});
});

describe('scripts', () => {
	const scripts = every.filter(({ command }) => command.kind === 'script');

	test('a test that may fail stands alone, at the end, or says what happens: "a && b" is no reason for bash to stop', () => {
		const silent = scripts.flatMap(({ name, source }) => {
			const lines = source.trim().split('\n');
			return lines.filter((line, index) => /^\s*\[.*\] && /.test(line) && !/\|\|/.test(line) && index < lines.length - 1 && !/^\s*}/.test(lines[index + 1] ?? '')).map((line) => `${name}: ${line.trim()}`);
		});

		expect(silent).toEqual([]);
	});
});

describe('checks only look', () => {
	const programs = new Set([
		'[', '[[', 'echo', 'printf', 'cat', 'grep', 'sort', 'uniq', 'comm', 'cut', 'head', 'tail', 'tr', 'wc', 'ls', 'stat', 'df', 'du', 'date', 'read', 'mapfile', 'return', 'exit',
		'continue', 'break', 'timedatectl', 'true', 'tac',
	]);
	const docker = /^docker (?:version|info|ps|logs|container inspect|image inspect|volume inspect)(?: |$)/;
	const inside = /^docker exec (?:--env MYSQL_PWD )?(?:…|\$\{container\}) (?:mysql|curl|df|du|ls|stat|timeout 20 openssl s_client)(?: |$)|^docker exec --interactive … openssl x509 -noout -text/;
	const throwaway = /^docker run --rm (?:--network=none )?(?:--interactive )?(?:--(?:env|volumes-from) \S+ |-v … |\$\{network\[@\]\+…\} |… )*--entrypoint (?:ls|stat|df|du|tail|…|tar … --(?:list|compare)|bash … -euo pipefail -c …|find … \/look -printf …)(?: |$)/;

	/** Why a command may change something; undefined when it only probes. */
	function whyNot(words: readonly string[], functions: ReadonlySet<string>): string | undefined {
		const [program = '', ...rest] = words;
		const line = words.join(' ');
		if (programs.has(program) || functions.has(program.replace(/\(\)$/, '')) || /^[…}]/.test(program)) return undefined;
		if (program === 'sed') return rest.some((word) => /^-[a-zA-Z]*i|^--in-place/.test(word)) ? line : undefined;
		if (program === 'tar') return /--(?:list|compare|to-stdout)/.test(line) ? undefined : line;
		if (program === 'find') return /-(?:delete|exec|ok|fprint)/.test(line) ? line : undefined;
		if (program === 'systemctl') return /^systemctl (?:is-enabled|show)\b/.test(line) ? undefined : line;
		if (program === 'chronyc' || program === 'ntpq') return /^(?:chronyc -n tracking|ntpq -c rv)\b/.test(line) ? undefined : line;
		if (program === 'curl') return /--(?:data|upload|form)|--request (?!GET)/.test(line) ? line : undefined;
		if (program === 'xargs') return docker.test(rest.slice(rest.indexOf('docker')).join(' ')) ? undefined : line;
		if (program === 'timeout') return /^timeout 5 bash -c …/.test(line) ? undefined : line;
		if (program === 'exec' || program === 'bash') return undefined;
		if (program === 'docker') return docker.test(line) || inside.test(line) || throwaway.test(line) ? undefined : line;
		return line;
	}

	const probes = steps.flatMap(({ step, name }) => checksOf(step).flatMap(commandOf).map((command) => ({ name, source: sourceOf(command), script: command.kind === 'script' })));

	test.each([...new Map(probes.map((one) => [one.source, one])).values()])('$name: $source', ({ source, script }) => {
		const functions = new Set([...source.matchAll(/^([a-z_]+)\(\) \{$/gm)].map(([, name]) => name ?? ''));

		expect((script ? commandsOf(source) : [source.split(' ')]).flatMap((words) => whyNot(words, functions) ?? [])).toEqual([]);
		if (!source.startsWith('grep ')) expect([...source.matchAll(/\b(?:INSERT|UPDATE|DELETE|DROP|ALTER|CREATE|SET|GRANT|TRUNCATE)\b(?! TABLE \.)/g)].map(([word]) => word)).toEqual([]);
		expect(source).not.toMatch(/(?<![0-9&])>(?!&|\s*\/dev\/null|=)\s*"?\$/);
		for (const [, mount = ''] of source.matchAll(/ -v ("[^"]*:[^"]*")/g)) expect(mount).toMatch(/:ro"$/);
	});
});

test('commands hold no full-width character', () => {
	expect(every.filter(({ source }) => /[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]/.test(source)).map(({ name }) => name)).toEqual([]);
});

describe('an undo', () => {
	const undos = steps.flatMap(({ step, name }) => step.undo.map((command) => ({ name, source: sourceOf(command), run: step.run.map(sourceOf) })));

	test('takes no container away but the one that its own run made', () => {
		const guesses = undos.filter(({ source }) => /\bnew_servers?\b|\bdocker rm (?!\$\{made\}|"\$server")/.test(source)).map(({ name }) => name);
		const blind = undos.filter(({ run, source }) => run.some((one) => /^docker (?:run -d|create) /.test(one)) && !/\$\{made(?::-)?\}/.test(source)).map(({ name }) => name);

		expect([guesses, blind]).toEqual([[], []]);
	});

	test('mounts no folder by a list of commas, which a name can add to', () => {
		expect(every.filter(({ source }) => /--mount\b/.test(source)).map(({ name }) => name)).toEqual([]);
	});
});

test('no question whose failure would be taken for an empty answer', () => {
	const blind = every.flatMap(({ name, source }) => [...source.matchAll(/.*(?:\[ -z "\$\((?!grep|tail|echo).*|docker [^|\n]*\) *\|\| true|< <\(docker .*).*/g)].map(([line]) => `${name}: ${line.trim()}`));

	expect([...new Set(blind)]).toEqual([]);
});
