/**
 * Makes the archive: one file with everything that Drover needs on a machine without npm and internet. Node, the packages that the server imports, `lib/`. The same
 * sources and installed packages give the same bytes. `npm run bundle -- --out DIR` writes `drover-<version>-linux-<arch>.tar.gz` and `SHA256SUMS`, into `archive/` unless said.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, createReadStream, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { makeLib } from './make-lib.ts';
import { foldersOf, readServerFiles } from './server-files.ts';

/** For compilers and editors, not for Node. */
const forDevelopers = /\.(?:d\.[cm]?ts|[cm]?ts|map|flow|markdown|md)$|^\.|(?:^|\/)(?:CHANGELOG|HISTORY|test|tests|docs|examples?|bench(?:marks?)?)(?:$|\.|\/)/i;
const licence = /^(?:licen[cs]e|notice|copying)/i;

export interface Bundle {
	/** The archive. */
	readonly file: string;
	readonly sha256: string;
}

/** Makes the archive of a checkout for this machine's processor. */
export async function makeBundle(root: string, out: string): Promise<Bundle> {
	const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
	const name = `drover-${version}-linux-${process.arch}`;
	const work = mkdtempSync(join(tmpdir(), 'drover-bundle-'));
	try {
		const folder = join(work, name);
		mkdirSync(folder);
		await fill(folder, root);
		mkdirSync(out, { recursive: true });
		const file = join(out, `${name}.tar.gz`);
		pack(work, name, `${file}.part`);
		renameSync(`${file}.part`, file);
		const sha256 = await hashOf(file);
		writeFileSync(join(out, 'SHA256SUMS'), `${sha256}  ${name}.tar.gz\n`);
		return { file, sha256 };
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

async function fill(folder: string, root: string): Promise<void> {
	await makeLib(root, join(folder, 'lib'), false);
	for (const file of ['bin', 'LICENSE', 'NOTICE', 'SECURITY.md', 'CHANGELOG.md', 'README.md', 'README.zh.md']) cpSync(join(root, file), join(folder, file), { recursive: true });
	cpSync(join(folder, 'lib/package.json'), join(folder, 'package.json'));
	const node = `node_modules/node-linux-${process.arch}`;
	for (const file of ['bin/node', 'LICENSE', 'package.json']) copy(root, folder, join(node, file));
	chmodSync(join(folder, node, 'bin/node'), 0o755);
	const packages = foldersOf(root, readServerFiles(root).packages).filter((one) => !one.includes('node_modules/@types/'));
	for (const one of packages) copyPackage(root, folder, one);
	symlinkSync('bin/drover', join(folder, 'drover'));
}

function copyPackage(root: string, folder: string, path: string): void {
	const files = globSync('**/*', { cwd: join(root, path), exclude: ({ name }) => name === 'node_modules', withFileTypes: true }).filter((entry) => entry.isFile());
	for (const entry of files) {
		const file = join(entry.parentPath, entry.name).slice(join(root, path).length + 1);
		if (licence.test(entry.name) || !forDevelopers.test(file)) copy(root, folder, join(path, file));
	}
}

function copy(root: string, folder: string, file: string): void {
	cpSync(join(root, file), join(folder, file), { recursive: true });
}

/** Sorted, owned by nobody in particular, in modes and times that follow from the content alone. */
function pack(work: string, name: string, file: string): void {
	const options = ['--format=ustar', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', `--mtime=@${timeOf(join(work, name))}`];
	execFileSync('bash', ['-c', 'set -o pipefail; tar --create "${@:2}" | gzip -n > "$1"', 'bash', file, ...options, '--directory', work, name], { env: { ...process.env, LC_ALL: 'C' } });
}

/** A browser asks for a page again by time and size: other pages have another time. Seconds, in the years 2000 to 2008. */
function timeOf(folder: string): number {
	const hash = createHash('sha256');
	for (const file of globSync('lib/**/*', { cwd: folder }).sort()) {
		if (statSync(join(folder, file)).isFile()) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
	}
	return 946_684_800 + (hash.digest().readUInt32BE() >>> 4);
}

async function hashOf(file: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file), hash);
	return hash.digest('hex');
}

if (import.meta.main) {
	const root = join(import.meta.dirname, '..');
	const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'archive') } } });
	const { file, sha256 } = await makeBundle(root, resolve(process.env['INIT_CWD'] ?? '.', values.out));
	console.log(`${sha256}  ${file}`);
}
