/** The functions of the scripts say of a container what detection says of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { databaseHostOf, findDatabase } from '../../../src/families/rancher/detect/database.ts';
import { isCluster } from '../../../src/families/rancher/detect/cluster.ts';
import { imageDefaultsOf } from '../../../src/families/rancher/detect/image-defaults.ts';
import { readEnvironment, readStart } from '../../../src/families/rancher/detect/start.ts';
import { ContainerDocument, ImageDocument } from '../../../src/families/rancher/inspect/documents.ts';
import { containerDocument, imageDocument } from './engine.ts';

const { functions } = parse(readFileSync(join(import.meta.dirname, '../../../src/content/runbooks/rancher-1.6/family.yaml'), 'utf8')) as { functions: Record<string, string> };
const bodies = ['start_words', 'variables_of', 'variable', 'told', 'database_name_of', 'database_host_of', 'storage_of'].map((name) => `${name}() {\n${functions[name] ?? ''}\n}`).join('\n');

/** Answers the formats of the functions from files, as `docker container inspect` does. */
const docker = `docker() {
	case "$4" in
		*.Path*) cat words ;;
		*.Config.Env*) cat variables ;;
		*.NetworkMode*) cat network ;;
		*.HostConfig.Links*) cat links ;;
		*.Mounts*) echo volume ;;
		*) echo "unknown format $4" >&2; return 9 ;;
	esac
}`;

const folder = mkdtempSync(join(tmpdir(), 'drover-storage-'));

interface Said {
	readonly storage: string;
	readonly host: string;
	readonly name: string;
}

function ask(document: ReturnType<typeof containerDocument>): Said {
	const lines = (list: readonly string[] | null) => (list ?? []).map((line) => `${line}\n`).join('');
	const { HostConfig: host, Config: config } = document;
	const [program = '', ...args] = [...((config.Entrypoint as string[] | null) ?? []), ...config.Cmd];
	const files = { words: lines([program, ...args.map((word) => word || '-')]), variables: lines(config.Env), network: host.NetworkMode, links: lines(host.Links) };
	for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
	const [storage = '', answer = '', name = ''] = execFileSync('bash', ['-euo', 'pipefail', '-c', `${docker}\n${bodies}\nstorage_of x; echo "=$(database_host_of x)"; database_name_of x`], { cwd: folder, encoding: 'utf8' }).split('\n');
	return { storage, host: answer.slice(1), name };
}

function detected(document: ReturnType<typeof containerDocument>): Said {
	const container = new ContainerDocument(document);
	const start = readStart(container, imageDefaultsOf(container, [new ImageDocument(imageDocument('rancher/server:v1.6.14', 'v1.6.14'))]));
	const isOutside = findDatabase(container, start) !== undefined;
	return { storage: !isOutside ? 'volume' : isCluster(container, start) ? 'cluster' : 'external', host: databaseHostOf(container, start), name: (start.values.get('db_name') ?? readEnvironment(container).get('CATTLE_DB_CATTLE_MYSQL_NAME')) || 'cattle' };
}

const host = fc.constantFrom('db', '10.0.0.5', 'localhost', '');
const part = fc.oneof(
	host.map((value) => ({ words: ['--db-host', value], options: [] as string[] })),
	fc.constantFrom('10.0.0.1', 'eth0', '').map((value) => ({ words: ['--advertise-address', value], options: [] as string[] })),
	fc.constant({ words: ['--advertise-http-port', '80'], options: [] as string[] }),
	fc.constantFrom('herd', 'my-herd', '').map((value) => ({ words: ['--db-name', value], options: [] as string[] })),
	fc.constantFrom('meadow', '').map((value) => ({ words: [] as string[], options: ['-e', `CATTLE_DB_CATTLE_MYSQL_NAME=${value}`] })),
	host.map((value) => ({ words: [] as string[], options: ['-e', `CATTLE_DB_CATTLE_MYSQL_HOST=${value}`] })),
	fc.constantFrom('10.0.0.1', '').map((value) => ({ words: [] as string[], options: ['-e', `CATTLE_CLUSTER_ADVERTISE_ADDRESS=${value}`] })),
	fc.constantFrom(['-p', '9345:9345'], ['--net=host'], ['--link', 'x:mysql'], ['--link', 'x:db'], ['-e', 'MYSQL_PORT_3306_TCP_ADDR=10.9.9.9'], ['-e', 'CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mysql://urldb:3306/cattle?useSSL=true'], ['-e', 'CATTLE_DB_CATTLE_MYSQL_URL=jdbc:mariadb:failover://urldb:3306,other/cattle']).map((options) => ({ words: [] as string[], options })),
);
const quoted = (words: readonly string[]) => words.map((word) => (word === '' ? '-' : word)).join(' ');
const wrap = fc.constantFrom<(words: readonly string[]) => readonly string[]>((words) => words, (words) => ['sh', '-c', `sleep 5; exec /usr/bin/entry ${quoted(words)}`], (words) => ['tini', '--', '/usr/bin/entry', ...words]);

test('where the data is and who holds it are said alike, whatever a server was started with', () => {
	fc.assert(
		fc.property(fc.array(part, { maxLength: 4 }), wrap, (parts, wrapped) => {
			const words = parts.flatMap((one) => one.words);
			// In the text of a shell an empty word has quotes, which is a matter of the parser alone.
			fc.pre(!(words.includes('') && wrapped(['x'])[0] === 'sh'));
			const options = parts.flatMap((one) => one.options);
			const document = containerDocument([...options, 'rancher/server:v1.6.14', ...wrapped(words)], { version: 'v1.6.14' });

			expect(ask(document)).toEqual(detected(document));
		}),
		{ numRuns: 20 },
	);
});
