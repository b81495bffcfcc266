/** What is packed follows from what the server imports. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builder, foldersOf, readServerFiles } from '../../scripts/server-files.ts';
import { project } from '../cli/run-drover.ts';

const { files, packages } = readServerFiles(project);
const folders = foldersOf(project, packages);

test('server and command line import no package that only builds pages, nor does anything that these packages need', () => {
	const names = folders.map((folder) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length));

	expect(names.length).toBeGreaterThan(50);
	expect(names.filter((name) => /^(?:@?astro|vite|rolldown|rollup|esbuild|lightningcss|shiki|@shikijs|@mdx-js|pagefind|sharp|typescript|acorn|remark|rehype|@xterm\/xterm$)/.test(name))).toEqual([]);
});

test('processes and threads of the server, what a report carries and the words of the pages are found; the builder is not', () => {
	const needed = ['server/runs/supervisor/supervisor.ts', 'server/runs/leader/leader.ts', 'server/checks/evaluate-worker.ts', 'server/report/recording/draw-worker.ts', 'server/report/formats/page/player.js', 'src/styles/tokens.css', 'src/styles/markers.svg', 'zh/page.json'];

	expect(needed.filter((file) => !files.includes(file))).toEqual([]);
	expect([existsSync(join(project, builder)), files.includes(builder)]).toEqual([true, false]);
	expect(files.filter((file) => /^(?:src\/(?:browser|layouts|pages)|tests|scripts|bench|attack)\//.test(file))).toEqual([]);
});

test('a package that is not installed is named, with the one that needs it', () => {
	expect(() => foldersOf(project, ['express', 'no-such-package'])).toThrow('Cannot find the package no-such-package');
});
