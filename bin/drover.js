// Started by `bin/drover`. Plain JavaScript that any Node from 12 on can read: below 24 a terminal loses the end of what a program printed, so nothing else is even loaded.
import { existsSync, readFileSync } from 'fs';
import { fileURLToPath } from 'url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
	const locale = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '') ? 'zh' : 'en';
	const words = JSON.parse(readFileSync(path(`${existsSync(path('en')) ? '' : 'lib/'}${locale}/cli.json`), 'utf8'));
	process.stderr.write(`${words['cli.old-node'].replace('{found}', process.version)}\n`);
	process.exit(1);
}
// Who reads our output may go before we have said all ("drover list | head"): that is no failure, and a server goes on.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error) => {
		if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
	});
}
// A checkout, or what npm and the archive have.
(existsSync(path('cli/main.ts')) ? import('../cli/main.ts') : import('../lib/cli/main.js'))
	.then((command) => command.main(process.argv.slice(2)))
	.then((code) => {
		process.exitCode = code;
	});
