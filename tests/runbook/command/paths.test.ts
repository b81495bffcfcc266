import { expect, test } from 'vitest';
import { pathsOf } from '../../../src/runbook/command/paths.ts';
import { noRules, resolve } from '../../../src/runbook/values/resolve.ts';
import { render, runbookOf, runbookOfSteps } from '../fixtures.ts';

const values = { file: 'a/dump.sql', folder: '/srv/data', container: 'rancher' };
const of = (runbook: ReturnType<typeof runbookOf>) => pathsOf(render(runbook, values), resolve(runbook, noRules, values));

test('a command opens the paths that stand in it', () => {
	expect(of(runbookOf('stat ${file}'))).toEqual(['a/dump.sql']);
	expect(of(runbookOf('docker load --input ${file}'))).toEqual(['a/dump.sql']);
	expect(of(runbookOf('stat ${file}.rows'))).toEqual(['a/dump.sql']);
	expect(of(runbookOf('docker stop ${container}'))).toEqual([]);
});

test('a script opens the paths that it reads, and their folders', () => {
	expect(of(runbookOfSteps(`- { id: s, phase: prepare, script: 'ls "$folder"' }`))).toEqual(['/srv/data']);
	expect(of(runbookOfSteps(`- { id: s, phase: prepare, script: 'ls "$folder_folder"' }`))).toEqual(['/srv/data', '/srv']);
});

test('what a container is made with, the engine opens', () => {
	expect(of(runbookOf('docker run -d -v ${folder}:/data ${image}'))).toEqual([]);
	expect(of(runbookOf('docker create -v ${folder}:/data ${image}'))).toEqual([]);
});
