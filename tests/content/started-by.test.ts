/**
 * Who else starts the old server: units of systemd, by their files, and programs that have put their labels on the container. The files and labels are made after systemd.service(5),
 * Docker Compose and rancher/cattle; nothing here was tried with a real systemd or Compose.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import type { Check } from '../../src/runbook/definition/definition.ts';
import { evaluate } from '../../src/runbook/check/evaluate.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { makeFolder } from '../server/make-folder.ts';
import { folderWith } from './stand-ins.ts';

const runbooks = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks);
const docker = `#!/bin/bash
case "$*" in
	*.Config.Labels*) echo "$LABELS" ;;
	*.Config.Image*) echo "/rancher rancher/server:v1.6.14" ;;
	*) echo ;;
esac
`;
// The folders of the unit files are those of the test.
const find = '#!/bin/bash\nlinks=$1\nshift 5\nexec /usr/bin/find "$links" "$UNITS" "$@"\n';
const systemctl = `#!/bin/bash
case "$1" in
	is-enabled) [ -n "$ENABLED" ] || exit 1; echo "$ENABLED"; [ "$ENABLED" = enabled ] ;;
	show) [ -n "$ENABLED" ] || exit 1; printf '%s\\n' "ActiveState=$ACTIVE" "Restart=$RESTART" ;;
	*) exit 9 ;;
esac
`;

interface Machine {
	readonly units?: Readonly<Record<string, string>>;
	/** Links to units, by their names: what `systemctl enable` and `systemctl link` make. */
	readonly links?: Readonly<Record<string, string>>;
	readonly labels?: Readonly<Record<string, string>>;
	/** What systemd says of every unit; nothing where it does not answer. */
	readonly enabled?: 'enabled' | 'disabled' | 'masked' | '';
	readonly active?: string;
	readonly restart?: string;
}

/** What the checks of a step say, one after the other, and the hints that hold. */
function look(name: string, id: string, { units = {}, links = {}, labels = {}, enabled = 'enabled', active = 'active', restart = 'always' }: Machine) {
	const runbook = runbooks.find((one) => one.id === `rancher-1.6/${name}`);
	const step = runbook?.steps.find((one) => one.id === id);
	if (!runbook || !step) throw new RangeError(`There is no step "${id}" in ${name}.`);
	const folder = makeFolder();
	for (const [file, text] of Object.entries(units)) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), text);
	}
	for (const [link, target] of Object.entries(links)) {
		mkdirSync(dirname(join(folder, link)), { recursive: true });
		symlinkSync(join(folder, target), join(folder, link));
	}
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'rancher', old_tag: 'v1.6.14', new_tag: 'v1.6.30' });
	const programs = folderWith({ docker, find, systemctl });
	const graded = (check: Check) => {
		const prepared = prepareCheck(check, resolved, { step: id, node: { name: 'one', ssh: '', address: '10.0.0.1' } })?.probe;
		if (prepared?.kind !== 'command') throw new TypeError('The check is no command.');
		const [program = '', ...args] = prepared.command.argv;
		const env = { ...prepared.command.env, PATH: `${programs}:${process.env['PATH'] ?? ''}`, UNITS: folder, LABELS: Object.keys(labels).length === 0 ? 'null' : JSON.stringify(labels), ENABLED: enabled, ACTIVE: active, RESTART: restart };
		const { status, stdout, stderr } = spawnSync(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
		return { grade: evaluate(prepared, { kind: 'output', exit: status ?? -1, output: stdout + stderr }).grade, said: (stdout + stderr).trim() };
	};
	return { said: step.doneWhen.map((check) => graded(check).said), hints: Object.entries(step.hints).flatMap(([hint, check]) => (check.kind !== 'printed' && graded(check).grade === 'passed' ? [hint] : [])) };
}

const upgrades = ['single-container', 'external-database', 'bind-mount', 'high-availability'];
/** Whoever stops a server asks who starts it again; whoever makes another one, too. */
const paths = [...upgrades, 'back-up', 'roll-back'];
const makers = [...upgrades, 'roll-back'];
const unit = (line: string) => `[Unit]\nAfter=docker.service\n[Service]\nRestart=always\n${line}\n[Install]\nWantedBy=multi-user.target\n`;

test.each<[string, string]>([
	['docker run with a name', 'ExecStart=/usr/bin/docker run --rm --name=rancher -p 8080:8080 rancher/server:v1.6.14'],
	['docker run over several lines', 'ExecStart=/usr/bin/docker run \\\n\t--name rancher \\\n\t-p 8080:8080 rancher/server'],
	['docker start', 'ExecStart=-/usr/bin/docker start -a "rancher"'],
	['a shell', "ExecStart=/bin/sh -c 'docker start rancher || docker run rancher/server:v1.6.14'"],
	['the image alone', 'ExecStart=/usr/bin/docker run rancher/server:v1.6.14'],
	['its own name', 'ExecStart=/usr/bin/docker start -a %p'],
])('a unit with %s is found', (_, line) => {
	for (const path of paths) expect(look(path, 'started-by', { units: { 'rancher.service': unit(line) } }), path).toMatchObject({ said: ['systemd rancher.service', ''], hints: ['systemd'] });
});

test('a unit that has a drop-in for it is found by that', () => {
	expect(look('single-container', 'started-by', { units: { 'cattle.service.d/own.conf': '[Service]\nExecStart=\nExecStart=/usr/bin/docker start -a rancher\n' } }).said[0]).toBe('systemd cattle.service');
});

test.each<[string, string]>([
	['stops it', 'ExecStop=/usr/bin/docker stop rancher'],
	['starts another', 'ExecStart=/usr/bin/docker run --name rancher-agent rancher/agent:v1.2.11'],
	['speaks of it', '# docker run --name rancher rancher/server'],
	['starts the engine', 'ExecStart=/usr/bin/dockerd -H fd://'],
])('a unit that only %s is none of them', (_, line) => {
	expect(look('single-container', 'started-by', { units: { 'other.service': unit(line) } })).toEqual({ said: ['', ''], hints: [] });
});

test('a unit that is switched off, and does not start it when it ends, is in nobody\'s way; after the upgrade it still has to be changed', () => {
	const units = { 'rancher.service': unit('ExecStart=/usr/bin/docker start -a rancher') };

	expect(look('single-container', 'started-by', { units, enabled: 'disabled', restart: 'no' }).said[0]).toBe('');
	expect(look('single-container', 'started-by', { units, enabled: 'masked', active: 'inactive' }).said[0]).toBe('');
	expect(look('single-container', 'started-by', { units, enabled: 'disabled' }).said[0]).toBe('systemd rancher.service');
	expect(look('single-container', 'started-by', { units, enabled: '' }).said[0]).toBe('systemd rancher.service');
	for (const path of makers) expect(look(path, 'starts-again', { units, enabled: 'disabled', restart: 'no' }), path).toMatchObject({ said: ['systemd rancher.service', ''], hints: ['systemd'] });
});

// Docker Compose names the project after its directory, and from 1.27 on notes that directory on the container.
const composed = { 'com.docker.compose.project': 'herd', 'com.docker.compose.service': 'server' };
const inPlace = { ...composed, 'com.docker.compose.project': 'other', 'com.docker.compose.project.working_dir': '/opt/Herd' };
const ofCompose = (labels: Readonly<Record<string, string>>, text: string) => look('single-container', 'started-by', { units: { 'herd.service': unit(text) }, labels }).said[0];

test.each([
	['its directory', 'WorkingDirectory=/opt/herd\nExecStart=/usr/local/bin/docker-compose up'],
	['a directory whose name Compose spells otherwise', 'WorkingDirectory=/opt/Her-d/\nExecStart=/usr/bin/docker compose up --remove-orphans'],
	['its file', 'ExecStart=/usr/bin/docker-compose -f /srv/herd/docker-compose.yml up -d'],
	['its file, glued', 'ExecStart=/usr/bin/docker compose --file=/srv/herd/compose.yaml start'],
	['its name', 'ExecStart=/usr/bin/docker-compose -p herd -f /etc/x/compose.yml up'],
	['its name in a variable', 'Environment="COMPOSE_PROJECT_NAME=herd"\nWorkingDirectory=/etc/x\nExecStart=docker-compose up'],
	['a shell that goes there', 'ExecStart=/bin/bash -c "cd /srv/herd && docker-compose up"'],
	['nothing that tells projects apart', 'ExecStart=/usr/bin/docker-compose up'],
])('a unit that lets Compose start the container is found by %s', (_, text) => {
	expect(ofCompose(composed, text)).toBe('systemd herd.service');
});

test('a unit of Compose is found by the directory on the label, whatever the project is called', () => {
	expect(ofCompose(inPlace, 'WorkingDirectory=/opt/Herd\nExecStart=/usr/bin/docker compose up')).toBe('systemd herd.service');
	expect(ofCompose(inPlace, 'ExecStart=/usr/bin/docker compose --project-directory /opt/Herd up')).toBe('systemd herd.service');
});

test.each([
	['another project', composed, 'WorkingDirectory=/opt/meadow\nExecStart=/usr/bin/docker-compose up'],
	['another name', composed, 'WorkingDirectory=/opt/herd\nExecStart=/usr/bin/docker-compose -p meadow up'],
	['the end of it', composed, 'WorkingDirectory=/opt/herd\nExecStop=/usr/bin/docker-compose down'],
	['a container that Compose did not make', {}, 'WorkingDirectory=/opt/herd\nExecStart=/usr/bin/docker-compose up'],
] as const)('a unit of Compose for %s is none of them', (_, labels, text) => {
	expect(ofCompose(labels, text)).toBe('');
});

test('an instance of a template is found by its link, and one that is linked nowhere by the name that it would have', () => {
	const units = { 'docker-compose@.service': unit('WorkingDirectory=/etc/compose/%i\nExecStart=/usr/bin/docker-compose up') };
	const said = (machine: Machine) => look('single-container', 'started-by', { labels: composed, ...machine }).said[0];

	expect(said({ units, links: { 'multi-user.target.wants/docker-compose@herd.service': 'docker-compose@.service' } })).toBe('systemd docker-compose@herd.service');
	expect(said({ units })).toBe('systemd docker-compose@herd.service');
	expect(said({ units: { 'docker@.service': unit('ExecStart=/usr/bin/docker start -a %i') } })).toBe('systemd docker@rancher.service');
	expect(said({ units: { 'elsewhere/own.txt': unit('ExecStart=/usr/bin/docker start -a rancher') }, links: { 'own.service': 'elsewhere/own.txt' } })).toBe('systemd own.service');
});

test.each([
	['com.docker.compose.project', 'compose'],
	['io.rancher.container.uuid', 'rancher'],
	['com.amazonaws.ecs.cluster', 'other'],
	['io.kubernetes.pod.name', 'other'],
])('a container with the label %s is told by the hint "%s"', (label, hint) => {
	for (const step of ['started-by', 'starts-again']) {
		const { said, hints } = look('single-container', step, { labels: { maintainer: 'x', [label]: 'herd' } });

		expect([said, hints]).toEqual([['', `"${label}":"herd"`], [hint]]);
	}
});

test('a container of nobody is told of nobody', () => {
	for (const name of paths) expect(look(name, 'started-by', { labels: { maintainer: 'Rancher Labs', 'my.com.docker.compose.project': 'x' } })).toEqual({ said: ['', ''], hints: [] });
});
