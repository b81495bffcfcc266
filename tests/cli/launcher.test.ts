/** `bin/drover`, which any shell reads, and `bin/drover.js`, which any Node reads: what they say where Drover cannot run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { readWords } from '../../server/words.ts';
import { makeFolder } from '../server/make-folder.ts';
import { project } from './run-drover.ts';

const words = readWords(project);
const launcher = join(project, 'bin/drover');

/** A `PATH` whose first folder has these programs, as shell scripts. */
function pathWith(programs: Readonly<Record<string, string>>): string {
	const folder = makeFolder();
	for (const [name, script] of Object.entries(programs)) {
		writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
		chmodSync(join(folder, name), 0o755);
	}
	return `${folder}:${process.env['PATH']}`;
}

interface Asked {
	readonly shell?: readonly string[];
	readonly file?: string;
	readonly lang?: string;
}

function launch(programs: Readonly<Record<string, string>>, { shell = ['sh'], file = launcher, lang = 'en_US.UTF-8' }: Asked = {}) {
	const [program = '', ...args] = shell;
	const { status, stdout, stderr } = spawnSync(program, [...args, file, '--help'], { env: { PATH: pathWith(programs), LANG: lang }, encoding: 'utf8' });
	return { status, stdout, stderr };
}

const refusal = (found: string, locale: 'zh' | 'en' = 'en') => ({ status: 1, stdout: '', stderr: `${words[locale]('cli.old-system', { found })}\n` });

test.each([['sh'], ['dash'], ['bash', '--posix']])('an old C library is refused in one sentence (%s)', (...shell) => {
	expect(launch({ getconf: 'echo "glibc 2.17"' }, { shell })).toEqual(refusal('glibc 2.17'));
	expect(launch({ getconf: 'echo "glibc 2.27"' }, { shell })).toEqual(refusal('glibc 2.27'));
	expect(launch({ getconf: 'echo "glibc 1.99"' }, { shell, lang: 'zh_CN.UTF-8' })).toEqual(refusal('glibc 1.99', 'zh'));
});

test('where getconf does not know it, ldd is asked, which tells musl too', () => {
	const getconf = 'echo "getconf: GNU_LIBC_VERSION: unknown variable" >&2; exit 1';

	expect(launch({ getconf, ldd: 'echo "ldd (Ubuntu GLIBC 2.23-0ubuntu11.3) 2.23"; echo "Copyright"' })).toEqual(refusal('glibc 2.23'));
	expect(launch({ getconf, ldd: 'echo "musl libc (x86_64)" >&2; echo "Version 1.2.4" >&2; exit 1' })).toEqual(refusal('musl'));
});

test.each(['glibc 2.28', 'glibc 2.41', 'glibc 3.0', 'no answer'])('with %s it starts', (library) => {
	const { status, stdout } = launch({ getconf: `echo "${library}"`, ldd: 'exit 1' });

	expect([status, stdout.includes('drover render RUNBOOK')]).toEqual([0, true]);
});

test('it finds its files behind links, absolute and relative', () => {
	const folder = makeFolder();
	mkdirSync(join(folder, 'bin'));
	symlinkSync(launcher, join(folder, 'drover'));
	symlinkSync('../drover', join(folder, 'bin/drover'));

	expect(launch({}, { file: join(folder, 'bin/drover') }).stdout).toContain('drover render RUNBOOK');
	expect(launch({ getconf: 'echo "glibc 2.17"' }, { file: join(folder, 'bin/drover') })).toEqual(refusal('glibc 2.17'));
});

test('"npm start" says the same sentence', () => {
	const { status, stderr } = spawnSync('npm', ['start', '--silent'], { cwd: project, env: { ...process.env, PATH: pathWith({ getconf: 'echo "glibc 2.17"' }), LANG: 'en_US.UTF-8' }, encoding: 'utf8' });

	expect([status, stderr.trim()]).toEqual([1, words.en('cli.old-system', { found: 'glibc 2.17' })]);
});

test.each(['zh', 'en'] as const)('what a shell reads out of the words has no quotes and no backslash (%s)', (locale) => {
	expect(words[locale]('cli.old-system')).not.toMatch(/["\\]/);
});

test.each(['zh', 'en'] as const)('an old Node is refused in one sentence (%s)', (locale) => {
	const old = `Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } }); Object.defineProperty(process, 'version', { value: 'v18.20.4' });`;
	const { status, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(old)}`, join(project, 'bin/drover.js'), 'list'], { env: { LANG: locale === 'zh' ? 'zh_CN.UTF-8' : 'C' }, encoding: 'utf8' });

	expect([status, stderr]).toEqual([1, `${words[locale]('cli.old-node', { found: 'v18.20.4' })}\n`]);
});

test('the file that an old Node reads has only what Node 12 understands', () => {
	const text = readFileSync(join(project, 'bin/drover.js'), 'utf8');
	const file = ts.createSourceFile('drover.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
	const young = new Set([ts.SyntaxKind.QuestionDotToken, ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.BarBarEqualsToken, ts.SyntaxKind.AmpersandAmpersandEqualsToken, ts.SyntaxKind.AwaitExpression, ts.SyntaxKind.PrivateIdentifier, ts.SyntaxKind.ClassStaticBlockDeclaration]);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (young.has(node.kind)) found.push(node.getText());
		node.getChildren().forEach(visit);
	};
	visit(file);

	expect(found).toEqual([]);
	expect(text).not.toMatch(/'node:/);
});

test('the launcher may be executed, in the checkout and in git', () => {
	expect(execFileSync('git', ['ls-files', '--stage', 'bin/drover'], { cwd: project, encoding: 'utf8' })).toMatch(/^100755 /);
});

test.each(['zh', 'en'] as const)('a system without libstdc++ is told what to install, not by the loader (%s)', (locale) => {
	const folder = makeFolder();
	for (const file of ['bin/drover', 'en/cli.json', 'zh/cli.json']) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		copyFileSync(join(project, file), join(folder, file));
	}
	const node = join(folder, `node_modules/node-linux-${process.arch}/bin/node`);
	mkdirSync(dirname(node), { recursive: true });
	// Source: ld.so(8), as it was seen on Debian 12 without the package.
	writeFileSync(node, '#!/bin/sh\necho "node: error while loading shared libraries: libstdc++.so.6: cannot open shared object file: No such file or directory" >&2\nexit 127\n');
	chmodSync(node, 0o755);

	expect(launch({}, { file: join(folder, 'bin/drover'), lang: locale === 'zh' ? 'zh_CN.UTF-8' : 'C' })).toEqual({ status: 1, stdout: '', stderr: `${words[locale]('cli.no-library')}\n` });
	expect(words[locale]('cli.no-library')).not.toMatch(/["\\]/);
});
