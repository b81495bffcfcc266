/** A Drover with one step, `sh session.sh`. Prints its port and a token, and ends with its standard input. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDrover } from '../../tests/server/drover.ts';

const root = mkdtempSync(join(tmpdir(), 'drover-bench-content-'));
const write = (path: string, text: string): void => {
	mkdirSync(join(root, path, '..'), { recursive: true });
	writeFileSync(join(root, path), text);
};
write('src/content/runbooks/bench/family.yaml', 'family: bench\nrunbooks: [terminal]\nparameters:\n  session: { type: path, group: bench }\n');
write('src/content/runbooks/bench/terminal.yaml', 'id: bench/terminal\nparameters: [session]\nsteps:\n  - { id: session, phase: prepare, effect: read, run: "sh ${session}" }\n');
for (const locale of ['zh', 'en']) {
	write(`${locale}/runbooks/bench/family.mdx`, '---\ntitle: Bench\ndescription: Bench.\nparameters:\n  session: { label: Session, help: The script., example: /tmp/session.sh }\ngroups:\n  bench: Bench\n---\nBench.\n');
	write(`${locale}/runbooks/bench/terminal.mdx`, '---\ntitle: Terminal\nshort: Terminal\ndescription: Terminal.\nsteps:\n  session: Session\n---\nBench.\n\n<Step id="session" />\n');
}
const drover = await startDrover({ root });
process.stdout.write(`${JSON.stringify({ port: drover.port, token: drover.token })}\n`);
process.stdin.resume().once('end', () => {
	void drover.close().then(() => {
		rmSync(root, { recursive: true, force: true });
		process.exit(0);
	});
});
