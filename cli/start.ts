import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { isInContainer } from '../server/container.ts';
import { PortTaken } from '../server/listen.ts';
import { escapeControls } from '../server/log.ts';
import { AnotherServer, serve, type Served } from '../server/serve.ts';
import { knownFolder, openCache } from '../server/site/cache-folder.ts';
import { formatProblem } from '../server/words.ts';
import { ContentErrors } from '../src/content/content-errors.ts';
import { readContent } from '../src/content/read-content.ts';
import { formatDuration } from '../src/i18n/format.ts';
import { isRunActive } from '../src/runbook/run/run.ts';
import type { Runbook } from '../src/runbook/definition/definition.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import type { Command, Terminal } from './command.ts';
import { hasBrowser, openBrowser } from './open-browser.ts';
import { parseOptions } from './options.ts';
import { printLintErrors } from './content.ts';
import { commandsOf, hashOfCommands } from './programs.ts';
import { startFolder } from './start-folder.ts';
import { readVersion } from './version.ts';

const defaultPort = 4600;

/** `drover [start] [DIR]`: builds the site if needed, serves it on loopback, prints the address with a one-time code and opens it. */
export const start: Command = async (args, terminal) => {
	const { values, positionals } = parseOptions(args[0] === 'start' ? args.slice(1) : args, {
		allowPositionals: true,
		options: { port: { type: 'string' }, 'state-dir': { type: 'string' }, 'no-open': { type: 'boolean', default: false }, watch: { type: 'boolean', default: false } },
	});
	const port = values.port === undefined ? defaultPort : parsePort(values.port);
	const root = contentOf(positionals, terminal);
	const content = readContent(root);
	if (content.lintErrors.length > 0) return printLintErrors((await import('../src/content/lint.ts')).lintFolder(root), terminal);
	if (root !== terminal.root) warnOfTrust(root, content.runbooks, terminal);
	const site = await buildOrExplain(root, terminal);
	if (typeof site === 'number') return site;
	const options = { content, site, folder: startFolder(terminal.env), version: readVersion(), port, exactPort: values.port !== undefined };
	const served = await serveOrExplain({ ...options, ...(values['state-dir'] !== undefined && { stateDir: values['state-dir'] }) }, terminal);
	if (typeof served === 'number') return served;
	greet(served, port, terminal);
	if (!values['no-open'] && hasBrowser(terminal.env)) await openBrowser(served.addressFile() ?? new URL(served.address()).origin);
	const watching = values.watch ? await (await import('./watch.ts')).watchContent(root, served, terminal) : undefined;
	const code = await waitForEnd(served, terminal);
	watching?.close();
	return code;
};

/** The content folder that is named, from where the reader stands. */
function contentOf([folder, ...more]: readonly string[], { content, env }: Terminal): string {
	if (more.length > 0) throw new Refusal(problem('command.usage', { detail: 'drover start [DIR]' }));
	return folder === undefined ? content : resolve(startFolder(env), folder);
}

/** A stranger's folder runs its commands as the reader: what they are is said before its first start, and again when they changed. */
function warnOfTrust(folder: string, runbooks: readonly Runbook[], { env, out, say }: Terminal): void {
	const hash = hashOfCommands(runbooks);
	const known = knownFolder(openCache(env), folder);
	if (known.read() === hash) return;
	const commands = runbooks.flatMap(commandsOf);
	out(`${escapeControls(say('cli.start.trust', { folder, count: commands.length, runbooks: runbooks.length }))}\n`);
	known.write(hash);
}

function parsePort(text: string): number {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
	if (port < 0 || port > 65_535) throw new Refusal(problem('command.usage', { detail: `--port ${text}` }));
	return port;
}

/** The folder of the pages, built if they are not up to date; an exit code when their words have lint errors. */
async function buildOrExplain(content: string, terminal: Terminal): Promise<string | number> {
	const { ensureSite } = await import('../server/site/ensure-site.ts');
	try {
		return await ensureSite(terminal.root, { content, env: terminal.env, onBuild: () => terminal.out(`${terminal.say('cli.start.building')}\n`) });
	} catch (error) {
		if (error instanceof ContentErrors) return printLintErrors(error.lintErrors, terminal);
		throw error;
	}
}

async function serveOrExplain(options: Parameters<typeof serve>[0], { err, say }: Terminal): Promise<Served | number> {
	try {
		return await serve(options);
	} catch (error) {
		if (error instanceof AnotherServer) {
			err(`${escapeControls(sayAnother(error, say))}\n`);
			return another;
		}
		if (error instanceof PortTaken) {
			err(`${say('cli.start.port-taken', { port: error.port })}\n`);
			return 2;
		}
		throw error;
	}
}

/** Exit code when another Drover has the state directory. */
const another = 3;

export function sayAnother({ folder, lock }: AnotherServer, say: Terminal['say']): string {
	const { holder } = lock;
	if (!holder) return say('cli.start.another-unknown', { folder });
	if (lock.kind === 'taken' && lock.isWithinReach && holder.address !== undefined) return say('cli.start.another', { address: holder.address });
	const slots = { folder, machine: holder.machine.name, pid: holder.pid, since: holder.since };
	if (lock.kind === 'taken') return say('cli.start.another-apart', slots);
	return say('cli.start.another-machine', { ...slots, silent: formatDuration(Math.round(lock.silentMs / 1000), say), file: lock.file });
}

function greet(served: Served, wanted: number, { out, err, say }: Terminal): void {
	if (served.port !== wanted && wanted !== 0) out(`${say('cli.start.other-port', { wanted, port: served.port })}\n`);
	if (!served.runtime.ready) err(`${say('cli.start.nothing-runs', { reason: formatProblem(say, served.runtime.problem) })}\n`);
	out(`${say(served.runtime.ready ? 'cli.start.ready' : 'cli.start.reading')}\n\n    ${served.address()}\n\n${say(isInContainer() ? 'cli.start.help-container' : 'cli.start.help', { port: served.port })}\n`);
	served.keys.events.on('again', ({ voided }) => err(`${say(voided ? 'cli.start.again-voided' : 'cli.start.again')}\n`)).on('voided', () => out(`${say('cli.start.voided')}\n`));
}

/**
 * How long the end may take, in ms. Then this process ends although something hangs: a check, a Docker client, a file of a network. Nothing is lost by it: what was told
 * is on the disk.
 */
const lastMs = 1_500;

/** Until SIGTERM, Ctrl-C or the loss of the state directory. Enter prints a fresh code, `v` and Enter voids all access. Runs go on; which ones is said. */
async function waitForEnd(served: Served, { out, err, say }: Terminal): Promise<number> {
	const input = process.stdin.isTTY ? createInterface({ input: process.stdin }) : undefined;
	input?.on('line', (line) => (line.trim().toLowerCase() === 'v' ? served.keys.voidAll() : out(`\n    ${served.address()}\n\n`)));
	const { promise, resolve } = Promise.withResolvers<number>();
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve(0));
	input?.on('SIGINT', () => resolve(0));
	void served.lost.then(() => {
		err(`${say('cli.start.lost')}\n`);
		resolve(another);
	});
	const code = await promise;
	input?.close();
	const { runtime } = served;
	const going = runtime.ready ? runtime.runs.list().filter((run) => isRunActive(run.state)) : [];
	for (const run of going) out(`${say(isInContainer() ? 'cli.start.run-ends' : 'cli.start.run-goes-on', { step: run.plan.step, session: run.plan.session })}\n`);
	const limit = setTimeout(() => process.exit(code), lastMs);
	await served.close();
	limit.unref();
	return code;
}
