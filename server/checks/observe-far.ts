/** CheckProgress at another machine for a check: the same three questions, asked there. */
import type { HttpProbe, Probe, RawObservation } from '../../src/runbook/check/check.ts';
import type { FarMachine } from '../../src/runbook/values/machine.ts';
import { checkScript, fileScript, httpScript } from '../ssh/scripts.ts';
import type { FarAsk, Ssh } from '../ssh/ssh.ts';
import { maxOutputBytes, roundSeconds } from './run-command.ts';

/** How much longer a program may take over there than it is waited for here: it is ended from here, and by itself where that does not arrive. */
const slackSeconds = 5;

/** Looks once, for no longer than `seconds`, the way there included. Never throws. */
export async function observeFar(probe: Probe, machine: FarMachine, ssh: Ssh, signal: AbortSignal, seconds: number): Promise<RawObservation> {
	const found = await ssh.ask(machine, { ...askOf(probe, seconds), seconds, signal, maxBytes: maxOutputBytes });
	if (found.kind === 'time-limit') return { kind: 'time-limit', seconds: roundSeconds(seconds) };
	if (found.kind === 'aborted') return { kind: 'nothing', reason: 'aborted' };
	if (found.kind === 'unreached') return { kind: 'unreached', machine: machine.ssh, reason: found.detail };
	if (probe.kind === 'command') return { kind: 'output', exit: found.exit, output: found.output.toString('utf8') };
	return probe.kind === 'http' ? readPage(found.output, seconds) : readFileState(found.output);
}

function askOf(probe: Probe, seconds: number): Pick<FarAsk, 'argv' | 'env'> {
	const limit = Math.ceil(seconds) + slackSeconds;
	if (probe.kind === 'command') return { argv: checkScript(limit, probe.command.argv), env: probe.command.env };
	if (probe.kind === 'file') return { argv: fileScript(probe.path) };
	return { argv: httpScript({ ...partsOf(probe.request), seconds: Math.ceil(seconds) }), env: { DROVER_USER: probe.request.user ?? '', DROVER_PASSWORD: probe.request.password ?? '' } };
}

function partsOf({ url }: HttpProbe) {
	const { protocol, hostname, port, pathname, search } = new URL(url);
	return { url, host: hostname.replace(/^\[|\]$/g, ''), port: port || (protocol === 'https:' ? '443' : '80'), path: pathname + search };
}

function readFileState(output: Buffer): RawObservation {
	const nul = output.includes(0) ? output.indexOf(0) : output.length;
	const [kind, rest] = [output.subarray(0, nul).toString('utf8'), output.subarray(nul + 1)];
	const nothing = { kind: 'file', exists: true, entries: [], tail: '' } as const;
	if (kind === 'absent') return { ...nothing, exists: false };
	if (kind === 'folder') return { ...nothing, entries: rest.toString('utf8').split('\0').filter((name) => name !== '') };
	if (kind === 'file') return { ...nothing, tail: rest.toString('utf8') };
	return kind === 'error' ? { kind: 'nothing', reason: rest.toString('utf8') } : nothing;
}

/** Exit codes of curl that say that the address was reached and nobody there answered. Source: curl(1), "EXIT CODES". */
const reached: ReadonlySet<number> = new Set([7, 52, 56]);
const timeOut = 28;

/** The page as it came, then the program that asked, its exit code and its words. A page may hold NUL: what is behind is read from the end. */
function readPage(output: Buffer, seconds: number): RawObservation {
	const fields = output.toString('latin1').split('\0');
	const [by = '', code = '', said = ''] = fields.slice(-3);
	const page = output.subarray(0, output.length - [by, code, said].reduce((sum, one) => sum + one.length + 1, 0));
	const exit = Number(code);
	const answer = exit === 0 ? parsePage(page) : undefined;
	if (answer) return answer;
	const reason = Buffer.from(said, 'latin1').toString('utf8').trim().split('\n').at(-1) || `${by}: ${code}`;
	if ((by === 'curl' && exit === timeOut) || (by === 'bash' && exit === 124)) return { kind: 'time-limit', seconds: roundSeconds(seconds) };
	const refused = /connection refused/i.test(said);
	const closed = (by === 'curl' && reached.has(exit) && exit !== 7) || (by === 'bash' && exit === 0);
	return refused || closed ? { kind: 'no-answer', refused, reason } : { kind: 'nothing', reason };
}

function parsePage(page: Buffer): RawObservation | undefined {
	const end = page.indexOf('\r\n\r\n') >= 0 ? page.indexOf('\r\n\r\n') : page.length;
	const [first = '', ...lines] = page.subarray(0, end).toString('latin1').split('\r\n');
	const status = /^HTTP\/[\d.]+ (\d{3})/.exec(first)?.[1];
	if (status === undefined) return undefined;
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
		const key = name.toLowerCase();
		if (key !== '' && key !== '__proto__') headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
	}
	return { kind: 'answer', status: Number(status), headers, body: page.subarray(end + 4).toString('utf8') };
}
