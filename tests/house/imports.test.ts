import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const filesIn = (...folders: readonly string[]) => folders.flatMap((folder) => globSync('**/*.{ts,astro,js}', { cwd: join(root, folder) }).map((file) => `${folder}/${file}`));
const product = filesIn('src', 'server', 'cli', 'bin');
const files = [...product, ...filesIn('attack', 'bench', 'scripts')];

interface Import {
	readonly from: string;
	/** A path from the root, or the name of a package. */
	readonly to: string;
}

const imports: readonly Import[] = files.flatMap((file) => {
	const text = readFileSync(join(root, file), 'utf8');
	const found = [...text.matchAll(/^\s*(?:import|export)\s(?:[^'"=();]*\sfrom\s)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm)].map(([, plain, dynamic]) => plain ?? dynamic ?? '');
	return found.map((name) => ({ from: file, to: name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name }));
});

const pure = ['src/runbook/', 'src/families/'];
const middle = [...pure, 'src/content/', 'src/markdown/', 'src/policy.ts', 'src/content.config.ts', 'src/i18n/', 'zh/', 'en/'];
const shown = [...middle, 'src/site/', 'src/components/', 'src/layouts/', 'src/styles/'];
const serverGround = ['server/state/', 'server/environment.ts', 'server/container.ts', 'server/log.ts'];

/** As ARCHITECTURE.md has it: which folders each may import of our own, beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
	'src/runbook/': [],
	'src/families/rancher/': ['src/runbook/', 'src/families/family.ts', 'src/families/json-values.ts', 'zh/rancher.json', 'en/rancher.json'],
	'src/families/': [...pure, 'src/i18n/locale.ts', 'src/i18n/words.ts', 'zh/', 'en/'],
	'src/content/': middle,
	'src/markdown/': middle,
	'src/i18n/': middle,
	'src/site/': middle,
	'src/components/': [...middle, 'src/site/', 'src/styles/', 'src/browser/shell/every-page.ts'],
	'src/layouts/': shown,
	'src/browser/': [...middle, 'src/site/', 'src/styles/'],
	'src/pages/': ['src/', 'zh/', 'en/'],
	'server/': ['src/styles/', ...middle],
	'cli/': ['server/', ...middle],
	'bin/': ['cli/', 'lib/', 'package.json'],
	'attack/': ['server/', ...middle],
	'bench/': ['tests/', 'server/', 'cli/', ...middle],
	'scripts/': ['tests/', 'server/', 'cli/', ...shown],
};

/** Folders from the ground up: each may import those before it, and itself. A name without a folder is the files beside the folders. */
const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
	'src/runbook/': [['zod.ts', 'problem.ts', 'text/'], ['problem-schema.ts', 'run/'], ['definition/'], ['values/'], ['command/'], ['check/'], ['session/'], ['protocol/']],
	'src/browser/': [['ground/'], ['connection/'], ['store/'], ['form/', 'step/', 'detect/'], ['terminal/', 'progress/'], ['shell/']],
	'server/runs/': [['files/', 'masking/'], ['leader/', 'supervisor/'], ['']],
};

/** Folders of the server: what each may import of the others. The files beside them put it together. */
const inServer: Readonly<Record<string, readonly string[]>> = {
	'server/state/': [],
	'server/docker/': [...serverGround, 'server/ssh/'],
	'server/site/': [...serverGround, 'server/words.ts'],
	'server/ssh/': serverGround,
	'server/runs/': [...serverGround, 'server/ssh/'],
	'server/access/': serverGround,
	'server/control/': [...serverGround, 'server/runs/files/socket-path.ts'],
	'server/checks/': [...serverGround, 'server/ssh/', 'server/runs/files/', 'server/secrets.ts'],
	'server/report/': [...serverGround, 'server/runs/', 'server/runbooks.ts'],
	'server/sessions/': [...serverGround, 'server/ssh/', 'server/runs/', 'server/checks/', 'server/report/recording/plain-lines.ts', 'server/runbooks.ts', 'server/secrets.ts'],
	'server/routes/': [...serverGround, 'server/ssh/', 'server/access/', 'server/docker/', 'server/report/', 'server/runs/', 'server/sessions/', 'server/answer.ts', 'server/app-parts.ts', 'server/runbooks.ts', 'server/runtime.ts'],
	'server/socket/': [...serverGround, 'server/access/', 'server/runs/', 'server/sessions/', 'server/runtime.ts'],
};

const isOurs = (to: string) => /^(?:src|server|cli|bin|attack|tests|scripts|bench|zh|en)\//.test(to);
const arrow = ({ from, to }: Import) => `${from} → ${to}`;

test.each(Object.keys(allowed))('%s imports in its own direction only', (folder) => {
	const own = imports.filter(({ from, to }) => from.startsWith(folder) && isOurs(to));
	const wrong = own.filter(({ to }) => ![folder, ...(allowed[folder] ?? [])].some((may) => to.startsWith(may)));

	expect(own.length).toBeGreaterThan(0);
	expect(wrong.map(arrow)).toEqual([]);
});

test.each(Object.keys(inServer))('%s imports of the server only what it is said to stand on', (folder) => {
	const wrong = imports.filter(({ from, to }) => from.startsWith(folder) && to.startsWith('server/') && ![folder, ...(inServer[folder] ?? [])].some((may) => to.startsWith(may)));

	expect(wrong.map(arrow)).toEqual([]);
});

test('every folder of the server has its row', () => {
	const folders = new Set(files.filter((file) => /^server\/[^/]+\//.test(file)).map((file) => `${file.split('/').slice(0, 2).join('/')}/`));

	expect([...folders].sort()).toEqual(Object.keys(inServer).sort());
});

describe.each(Object.entries(floors))('%s', (root, order) => {
	/** The floor of a file: by its name, or by its folder; that of files without a folder where none is named. */
	const floorOf = (file: string) => {
		const name = file.slice(root.length);
		const named = order.findIndex((floor) => floor.some((place) => place !== '' && (place.endsWith('/') ? name.startsWith(place) : name === place)));
		return named >= 0 || name.includes('/') ? named : order.findIndex((floor) => floor.includes(''));
	};
	const placeOf = (file: string) => file.slice(root.length).split('/').slice(0, -1)[0] ?? '';

	test('has each file on a floor', () => {
		expect(files.filter((file) => file.startsWith(root) && floorOf(file) < 0)).toEqual([]);
	});

	test('imports downwards, and on its own floor only within a folder', () => {
		const own = imports.filter(({ from, to }) => from.startsWith(root) && to.startsWith(root));
		const wrong = own.filter(({ from, to }) => floorOf(to) > floorOf(from) || (floorOf(to) === floorOf(from) && placeOf(from) !== '' && placeOf(to) !== placeOf(from)));

		expect(own.length).toBeGreaterThan(10);
		expect(wrong.map(arrow)).toEqual([]);
	});
});

test('the pure folders import no package but the schema library', () => {
	const packages = imports.filter(({ from, to }) => pure.some((folder) => from.startsWith(folder)) && !isOurs(to)).map(({ to }) => to);

	expect([...new Set(packages)].filter((name) => !['zod', 'zod/mini', 'zod/v4-mini', 'yaml'].includes(name))).toEqual([]);
});

test('a path says no more than an import may: styles are read by the report, programs are started by their neighbours', () => {
	const reaching = product.flatMap((file) => {
		const text = readFileSync(join(root, file), 'utf8');
		return [...text.matchAll(/import\.meta\.(?:dirname, '([^']+)'|url\), '([^']+)')|new URL\('([^']+)', import\.meta\.url\)/g)].map((match) => ({ from: file, to: relative(root, resolve(root, dirname(file), match.slice(1).find(Boolean) ?? '')) }));
	});
	const sameSubject = ({ from, to }: Import) => to.startsWith(dirname(from));

	expect(reaching.filter((one) => !sameSubject(one)).map(arrow).sort()).toEqual([
		'cli/version.ts → package.json',
		'server/report/formats/page/page-parts.ts → src',
		'server/runs/supervisor/run-supervisor.ts → server/runs/leader/leader.ts',
	]);
	expect([...readFileSync(join(root, 'server/report/formats/page/page-parts.ts'), 'utf8').matchAll(/join\(source, '([^']+)'/g)].map(([, path]) => path?.split('/')[0])).toEqual(['styles', 'styles', 'styles']);
});

test('one file imports the terminal library', () => {
	expect(imports.filter(({ from, to }) => product.includes(from) && to.startsWith('@lydell/node-pty')).map(({ from }) => from)).toEqual(['server/runs/supervisor/terminal.ts']);
});

test('no word for readers stands in code', () => {
	const chinese = product.filter((file) => /[\u4e00-\u9fff]/.test(readFileSync(join(root, file), 'utf8')));

	expect(chinese).toEqual([]);
});
