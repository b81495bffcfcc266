import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../server/make-folder.ts';
import { believed, differences } from './believed.ts';
import { writeReport } from './report.ts';

const main = join(import.meta.dirname, 'main.ts');

/** What the command says where `docker` is this script; undefined: where there is none. */
function formatWith(script: string | undefined) {
	const folder = makeFolder();
	if (script !== undefined) {
		writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`);
		chmodSync(join(folder, 'docker'), 0o755);
	}
	const { status, stdout, stderr } = spawnSync(process.execPath, [main], { env: { PATH: folder }, encoding: 'utf8' });
	return { status, said: stdout, stderr };
}

const answering = 'case "$1" in\nversion) printf "client 28.2.2\\nengine 17.03.2-ce\\n" ;;\n';

test.each([
	['no Docker', undefined, /^Skipped: no Docker engine answers here \(.*ENOENT\): run it on a machine with Docker 1\.13 or later, as a user who may use it\.\n$/],
	['no engine', 'echo "Cannot connect to the Docker daemon." >&2; exit 1', /^Skipped: no Docker engine answers here \(Cannot connect to the Docker daemon\.\): /],
	['an old engine', 'printf "client 1.13.1\\nengine 1.12.6\\n"', /^Skipped: the Docker engine is 1\.12\.6: 1\.13 or later is needed\.\n$/],
	['no image', `${answering}*) exit 1 ;;\nesac`, /^Skipped: rancher\/server:v1\.6\.14 and rancher\/server:v1\.6\.30 are not on this engine: pull or load the real images first\.\n$/],
	['one image', `${answering}image) case "$*" in *v1.6.14*) echo sha256:1 ;; *) exit 1 ;; esac ;;\nesac`, /^Skipped: rancher\/server:v1\.6\.30 is not on this engine: pull or load the real image first\.\n$/],
	['an earlier attempt', `${answering}image) echo sha256:1 ;;\nps) echo drover-real-old ;;\n*) exit 9 ;;\nesac`, /^Skipped: containers of an earlier attempt are still there \(drover-real-old\): /],
])('with %s the command says in one sentence what is missing, and that nothing was checked', (_, script, sentence) => {
	const { status, said, stderr } = formatWith(script);

	expect(said).toMatch(sentence);
	expect(said.trim().split('\n')).toHaveLength(1);
	expect([status, stderr]).toEqual([5, '']);
});

test('an image of the rig is not taken for the real one', () => {
	const { status, said, stderr } = formatWith(`${answering}image) echo sha256:1 ;;\nps) ;;\nrun) echo /usr/lib/rancher/release.json ;;\nesac`);

	expect(said).toBe('');
	expect(status).toBe(1);
	expect(stderr).toContain("rancher/server:v1.6.14 is the rig's stand-in, not the real image.");
});

test('what is not as believed stands first in the report, and what was never observed is told', () => {
	const observed = believed.filter(({ about }) => about !== 'volumes').map((one) => (one.about === 'owner of the database' ? { ...one, observed: '999:999' } : one));

	expect(differences(believed)).toEqual([]);
	const report = writeReport({ engine: '17.03.2-ce', observed, programs: ['GNU bash, version 4.3.11'], outcomes: [['pull', 'found']], minutes: 12.2, failure: 'Step "start" is not done' });

	expect(report).toContain('Docker 17.03.2-ce, v1.6.14 to v1.6.30, 13 min.');
	expect(report).toContain('- volumes: not observed (believed: volume /var/lib/cattle, volume /var/lib/mysql, volume /var/log/mysql)\n- owner of the database: 999:999 (believed: 102:105)');
	expect(report).toContain('Step "start" is not done');
	expect(report).toContain('GNU bash, version 4.3.11');
});

test('it is a command of its own, with a form for its report, and no part of what must pass', () => {
	const root = join(import.meta.dirname, '../..');
	const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

	expect(scripts['real']).toBe('node tests/real/main.ts');
	expect(readFileSync(join(root, 'tests/run.ts'), 'utf8') + readFileSync(join(root, '.ci/run'), 'utf8')).not.toContain('tests/real');
	expect(readFileSync(join(root, '.github/ISSUE_TEMPLATE/real-image.yml'), 'utf8')).toContain('npm run real');
	for (const page of ['en/guide/essentials.mdx', 'zh/guide/essentials.mdx', 'CONTRIBUTING.md']) expect(readFileSync(join(root, page), 'utf8'), page).toContain('npm run real');
});
