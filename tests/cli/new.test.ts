/** `drover new`, and what a content folder is told when it is none. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { lintLine } from '../lint-line.ts';
import { makeFolder } from '../server/make-folder.ts';
import { runDrover } from './run-drover.ts';

test.each([['en', 'Stop a container'], ['zh', '停止容器']] as const)('a new folder has a runbook, a README and schemas for editors, and no error (%s)', async (locale, title) => {
	const folder = join(makeFolder(), 'mine');

	const { code } = await runDrover(['new', folder], { locale });
	const list = await runDrover(['list', '--json', '--content', folder], { locale });

	expect(code).toBe(0);
	expect(JSON.parse(list.out)).toMatchObject([{ id: 'containers/stop', title: { [locale]: title } }]);
	expect(readdirSync(folder).sort()).toEqual(['README.md', 'drover.yaml', locale, 'runbooks', 'schemas'].sort());
	for (const file of ['drover.yaml', 'runbooks/containers/family.yaml', 'runbooks/containers/stop.yaml']) {
		const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
		expect(JSON.parse(readFileSync(join(folder, file, '..', schema), 'utf8'))).toMatchObject({ type: 'object' });
	}
});

test('families and runbooks are added inside, and nothing else of a file changes', async () => {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);
	const family = join(folder, 'runbooks/containers/family.yaml');
	writeFileSync(family, `${readFileSync(family, 'utf8')}# a comment\n`);
	const before = readFileSync(family, 'utf8');

	expect((await runDrover(['new', 'family', 'disks', '--content', folder])).code).toBe(0);
	writeFileSync(join(folder, 'runbooks/disks/family.yaml'), 'family: disks\nrunbooks:\n  - stop\nparameters:\n  container: { type: container, group: what }\n');
	writeFileSync(join(folder, 'runbooks/disks/stop.yaml'), readFileSync(join(folder, 'runbooks/disks/stop.yaml'), 'utf8'));
	writeFileSync(join(folder, 'en/runbooks/disks/family.mdx'), '---\ntitle: Disks\ndescription: Disks.\nparameters: { container: { label: Container, help: Its name. } }\ngroups: { what: What }\n---\n');
	expect((await runDrover(['new', 'runbook', 'disks/grow', '--content', folder])).code).toBe(0);
	expect((await runDrover(['new', 'runbook', 'containers/start', '--content', folder])).code).toBe(0);

	expect(readFileSync(family, 'utf8')).toBe(before.replace('[stop]', '[stop, start]'));
	expect(parse(readFileSync(join(folder, 'runbooks/disks/family.yaml'), 'utf8'))).toMatchObject({ runbooks: ['stop', 'grow'] });
	expect(await runDrover(['list', '--content', folder])).toMatchObject({ code: 0, err: '' });
});

test('nothing that is there is written over', async () => {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);
	const definition = join(folder, 'runbooks/containers/stop.yaml');
	writeFileSync(definition, 'mine');

	expect(await runDrover(['new', folder])).toMatchObject({ code: 2, err: `${folder} is not empty. Choose another name; nothing was written.\n` });
	expect(await runDrover(['new', 'runbook', 'containers/stop', '--content', folder])).toMatchObject({ code: 2, err: `${definition} is there already. Choose another name; nothing was written.\n` });
	expect(await runDrover(['new', 'runbook', 'boats/row', '--content', folder])).toMatchObject({ code: 2, err: `${folder} has no family “boats”. Make it with drover new family boats.\n` });
	expect(readFileSync(definition, 'utf8')).toBe('mine');
	expect(existsSync(join(folder, 'runbooks/boats'))).toBe(false);
});

test('what is no content folder is said to be none, in one sentence', async () => {
	const folder = makeFolder();
	writeFileSync(join(folder, 'file'), '');

	expect(await runDrover(['list', '--content', join(folder, 'nothing')])).toMatchObject({ code: 2, err: `There is no directory ${folder}/nothing. Check the path, or make it with drover new ${folder}/nothing.\n` });
	expect(await runDrover(['start', join(folder, 'file')])).toMatchObject({ code: 2, err: `${folder}/file is a file. Name the directory with the drover.yaml.\n` });
	expect(await runDrover([`--content=${folder}`, 'render', 'a/b'])).toMatchObject({ code: 2, err: `${folder} is not a content directory: it has no drover.yaml. Make one with drover new ${folder}.\n` });
	expect(await runDrover(['list', '--content'])).toMatchObject({ code: 2, err: 'The command line cannot be read: --content DIR\n' });
});

const family = (name: string) => `family: ${name}\nrunbooks: [stop]\nparameters: {}\n`;
const runbook = (name: string) => `id: ${name}/stop\nparameters: []\nsteps:\n  - { id: stop, phase: prepare, run: "true" }\n`;

test.each<[string, Readonly<Record<string, string>>, string]>([
	['two families of one name', { 'runbooks/again/family.yaml': family('containers'), 'runbooks/again/stop.yaml': runbook('containers') }, 'runbooks/containers/family.yaml:2  there are two families "containers": the other one is runbooks/again/family.yaml. Give each family a name of its own.'],
	['a locale without words', { 'drover.yaml': 'title: T\nlead: L\nlocales: [en, fr]\n' }, 'drover.yaml:1  locale "fr" has no words: there is no page below fr/runbooks. Write one, or take "fr" out of "locales".'],
	['a locale without words of the interface', { 'drover.yaml': 'title: T\nlead: L\nlocales: [en, fr]\n' }, 'fr/interface.json:1  the words of the interface are missing: Drover brings zh and en. Write the file: { "locale.name": "the name of the language", … }.'],
	['a title that one language lacks', { 'drover.yaml': 'title: { en: T }\nlead: L\nlocales: [en, zh]\n' }, 'drover.yaml:1  "title" has no words in "zh". Write them, or write one sentence for every language.'],
	['a place outside of the folder', { 'drover.yaml': 'title: T\nlead: L\nlocales: [en]\nplaces: { runbooks: ../x }\n' }, 'drover.yaml:4  places: "runbooks" is "../x". Write a path inside the folder, as src/runbooks.'],
	['a family that is not there', { 'drover.yaml': 'title: T\nlead: L\nlocales: [en]\nfamilies: [boats]\n' }, 'drover.yaml:1  "families" names "boats", and there is no such family. Write runbooks/boats/family.yaml, or remove the name.'],
	['no runbooks at all', { 'drover.yaml': 'title: T\nlead: L\nlocales: [en]\nplaces: { runbooks: none }\n' }, 'drover.yaml:1  there are no runbooks below none. Write a family.yaml there, or make one with "drover new family NAME".'],
])('%s: a line that says where, what and what to do', async (_, files, line) => {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);
	for (const [file, text] of Object.entries(files)) {
		mkdirSync(join(folder, file, '..'), { recursive: true });
		writeFileSync(join(folder, file), text);
	}

	const { code, err } = await runDrover(['list', '--content', folder]);

	expect(code).toBe(2);
	expect(err).toMatch(lintLine(line));
});

test('every command that a folder may run can be listed: steps, undos and checks', async () => {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);

	expect((await runDrover(['list', '--commands', '--content', folder])).out).toBe(`# containers/stop stop (run)\ndocker stop \${container}\n\n# containers/stop stop (undo)\ndocker start \${container}\n\n# containers/stop stop (check)\ndocker inspect --format '{{.State.Running}}' \${container}\n\n`);
});
