#!/usr/bin/env node
// Plain JavaScript that any Node can read: below 24 a terminal loses the end of what a program printed, so nothing else is even loaded.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
	const zh = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '');
	process.stderr.write(
		zh
			? `Drover 需要 Node 24 或更高版本（当前是 ${process.version}）。请在项目目录中用 npm start 启动，它使用随项目安装的 Node；如果没有，请先运行 npm ci。\n`
			: `Drover needs Node 24 or later (this is ${process.version}). Start it in its directory with "npm start", which uses the Node that comes with it; if there is none, run "npm ci" first.\n`,
	);
	process.exit(1);
}
// Who reads our output may go before we have said all ("drover list | head"): that is no failure, and a server goes on.
for (const stream of [process.stdout, process.stderr]) {
	stream.on('error', (error) => {
		if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
	});
}
const { main } = await import('../cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
