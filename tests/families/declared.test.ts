/** A family without code: rules and detection that `family.yaml` declares, with their words on the family's page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintLine } from '../lint-line.ts';
import { detectionFor } from '../../src/content/content.ts';
import { combineDetections } from '../../src/families/declared.ts';
import { readContent } from '../../src/content/read-content.ts';
import { lintFolder } from '../../src/content/lint.ts';
import { runDrover } from '../cli/run-drover.ts';
import { makeFolder } from '../server/make-folder.ts';

const familyYaml = `family: containers
runbooks: [stop]
parameters:
  container: { type: container, group: what }
  tag: { type: tag, group: what }
  volume: { type: volume, group: what }
  password: { type: secret, group: what }
rules:
  moving: { when: { is: { tag: latest } }, refuse: tag }
  old: { when: { is: { tag: ['9.6', '10'] } }, warn: tag }
detect:
  postgres:
    where: { Config.Image: '(?:^|/)postgres(?::|$)', State.Running: 'true' }
    runbook: stop
    version: { from: Config.Image, matches: ':(.+)$' }
    values:
      container: Name
      tag: { from: Config.Image, matches: ':(.+)$' }
      volume: { mount: /var/lib/postgresql/data }
      password: { env: POSTGRES_PASSWORD }
`;
const familyPage = `---
title: Containers
description: Runbooks for single containers.
parameters:
  container: { label: Container, help: Its name or id. }
  tag: { label: Tag, help: What runs. }
  volume: { label: Volume, help: Where the data is. }
  password: { label: Password, help: Of the database. }
groups: { what: What }
rules:
  moving: The tag "latest" is another image every month. Write the tag that runs.
  old: This version is no longer maintained.
detect: { postgres: A PostgreSQL database }
---
`;

async function makeContentFolder(yaml = familyYaml, page = familyPage): Promise<string> {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);
	writeFileSync(join(folder, 'runbooks/containers/family.yaml'), yaml);
	writeFileSync(join(folder, 'runbooks/containers/stop.yaml'), `id: containers/stop\nparameters: [container, tag, volume, password]\nsteps:\n  - { id: stop, phase: change, run: "docker stop \${container}", undo: "docker start \${container}" }\n`);
	writeFileSync(join(folder, 'en/runbooks/containers/family.mdx'), page);
	return folder;
}

const container = (name: string, image: string, more: object = {}) => ({ Id: 'a'.repeat(64), Name: `/${name}`, State: { Running: true }, HostConfig: {}, Config: { Image: image, Env: ['POSTGRES_PASSWORD=hunter2hunter2'] }, Mounts: [{ Type: 'volume', Name: 'pgdata', Source: '/var/lib/docker/volumes/pgdata/_data', Destination: '/var/lib/postgresql/data' }], ...more });

test('a rule refuses values or warns of them, with the sentence of the family', async () => {
	const folder = await makeContentFolder();
	const render = (tag: string) => runDrover(['render', 'containers/stop', 'stop', '--set', 'container=db', '--set', `tag=${tag}`, '--content', folder]);

	expect(lintFolder(folder)).toEqual([]);
	expect(await render('latest')).toMatchObject({ code: 2, err: 'The tag "latest" is another image every month. Write the tag that runs.\n' });
	expect(await render('9.6')).toMatchObject({ code: 0, err: 'tag: This version is no longer maintained.\n' });
	expect(await render('15.4')).toMatchObject({ code: 0, err: '' });
});

test('what is declared is detected, with its values, and its secrets are hidden', async () => {
	const folder = await makeContentFolder();
	const file = join(folder, 'inspected.json');
	writeFileSync(file, JSON.stringify([container('web', 'nginx:1'), container('db', 'docker.io/library/postgres:15.4'), container('stopped', 'postgres:9.6', { State: { Running: false } })]));

	const told = await runDrover(['detect', '--from', file, '--json', '--content', folder]);
	const plain = await runDrover(['detect', '--from', file, '--content', folder]);

	expect(JSON.parse(told.out)).toMatchObject([{ container: 'db', version: '15.4', runbook: 'containers/stop', reasons: [{ text: 'A PostgreSQL database' }], values: { container: 'db', tag: '15.4', volume: 'pgdata', password: '••••••••' } }]);
	expect(`${told.out}${plain.out}`).not.toContain('hunter2hunter2');
	expect(plain.out).toContain('A PostgreSQL database');
});

test('a folder whose families detect nothing says so, and asks no Docker', async () => {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);

	expect(await runDrover(['detect', '--content', folder])).toMatchObject({ code: 2, err: 'These runbooks do not say what they are for on a machine, so there is nothing to detect. Give the values yourself.\n' });
});

test('families detect side by side: what one takes for nothing of its own is another\'s', async () => {
	const declared = detectionFor(readContent(await makeContentFolder()).families);
	const rancher = detectionFor(readContent(join(import.meta.dirname, '../..')).families);
	if (!declared || !rancher) throw new RangeError('Both detect.');
	const both = combineDetections([rancher, declared]);

	const { found, problems } = both?.detect(JSON.stringify([container('db', 'postgres:15.4')])) ?? {};

	expect(problems).toEqual([]);
	expect(found?.map(({ container: name, runbook }) => [name, runbook])).toEqual([['db', 'containers/stop']]);
	expect(found?.[0] && both?.maskFound(found[0]).values['password']).toBe('••••••••');
});

test('what was pasted and is no JSON is said to be none', async () => {
	const folder = await makeContentFolder();
	const file = join(folder, 'inspected.json');
	writeFileSync(file, '[ { "Id": ');

	expect(await runDrover(['detect', '--from', file, '--content', folder])).toMatchObject({ code: 2, err: 'This is no JSON as docker inspect prints it. Paste its whole output.\n' });
});

test.each([
	['an unknown parameter in a condition', familyYaml.replace('is: { tag: latest }', 'is: { tga: latest }'), familyPage, 'runbooks/containers/family.yaml:9  the family has no parameter "tga". Did you mean "tag"?'],
	['a value for no parameter', familyYaml.replace('      volume: {', '      vollume: {'), familyPage, 'runbooks/containers/family.yaml:19  the family has no parameter "vollume". Did you mean "volume"?'],
	['a runbook that is not there', familyYaml.replace('runbook: stop', 'runbook: stopp'), familyPage, 'runbooks/containers/family.yaml:14  the family has no runbook "stopp". Did you mean "stop"?'],
	['a rule without words', familyYaml, familyPage.replace(/^ {2}old:.*\n/m, ''), 'en/runbooks/containers/family.mdx:10  rule "old" has no words. Write them'],
	['words of an inspection that is not there', familyYaml, familyPage.replace('detect: {', 'detect: { mysql: MySQL,'), 'en/runbooks/containers/family.mdx:13  there is no detected container "mysql". Remove it.'],
])('%s is an error of the author', async (_, yaml, page, line) => {
	const folder = await makeContentFolder(yaml, page);

	expect((await runDrover(['list', '--content', folder])).err).toMatch(lintLine(line));
});

test('a rule that refuses and warns, and an expression that is none, are errors', async () => {
	const folder = await makeContentFolder(familyYaml.replace('refuse: tag', 'refuse: tag, warn: tag').replace('(?:^|/)postgres', '(postgres'));

	const { err } = await runDrover(['list', '--content', folder]);

	expect(err).toMatch(lintLine('family.yaml:9  rules: "moving" is a map. Write either "refuse" or "warn"'));
	expect(err).toContain('Write a regular expression');
});
