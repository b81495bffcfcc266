/** Puts the figures of `bench/` into both READMEs, between their two marks: `npm exec -- node scripts/write-figures.ts`. A test compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const readmes = { en: 'README.md', zh: 'README.zh.md' } as const;
type Language = keyof typeof readmes;
type Row = readonly [name: Readonly<Record<Language, string>>, ours: string, theirs: string];

/** Returns a README with the figures in it. */
export function withFigures(root: string, language: Language): string {
	const text = readFileSync(join(root, readmes[language]), 'utf8');
	const [before, after] = [text.indexOf('<!-- figures -->'), text.indexOf('<!-- /figures -->')];
	if (before < 0 || after < before) throw new RangeError(`${readmes[language]} lacks the marks of the figures.`);
	return `${text.slice(0, before)}<!-- figures -->\n\n${tell(root, language)}\n\n${text.slice(after)}`;
}

function tell(root: string, language: Language): string {
	const page = read(root, 'page');
	const runs = read(root, 'runs');
	const head = { en: ['', 'Drover', 'beside it'], zh: ['', '牧道', '对照'] }[language];
	const peers = {
		en: 'Pages beside the same page in Starlight, runs beside a terminal inside the server, each pair in the same run',
		zh: '页面与 Starlight 生成的同一页对照，运行与“终端在服务进程里”的简单做法对照，每一对都在同一次测量中完成',
	}[language];
	const table = [head, head.map(() => '---'), ...rowsOf(page, runs).map(([name, ours, theirs]) => [name[language], ours, theirs])];
	return [`${peers}${language === 'zh' ? '（' : ' ('}${String(page('machine'))}, Node ${String(page('node'))}${language === 'zh' ? '）：' : '):'}`, '', ...table.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

type Figures = (...path: string[]) => unknown;

function read(root: string, folder: string): Figures {
	const results: unknown = JSON.parse(readFileSync(join(root, 'bench', folder, 'results.json'), 'utf8'));
	return (...path) =>
		path.reduce<unknown>((value, key) => {
			if (typeof value !== 'object' || value === null || !(key in value)) throw new RangeError(`bench/${folder}/results.json has no "${path.join('" / "')}".`);
			return (value as Readonly<Record<string, unknown>>)[key];
		}, results);
}

function rowsOf(page: Figures, runs: Figures): Row[] {
	const kilobytes = (bytes: unknown) => `${(Number(bytes) / 1000).toFixed(1)} KB`;
	const weight = (name: string) => `${kilobytes(page(name, 'scriptGzip'))} / ${kilobytes(page(name, 'styleGzip'))}`;
	const marks = (name: string) => Object.values(page(name) as object).join(' / ');
	const milliseconds = (value: unknown) => `${Number(value) < 10 ? Number(value).toPrecision(2) : Math.round(Number(value))} ms`;
	const pair = (name: string, unit: string): readonly [string, string] => {
		const show = (who: string) => (unit === 'ms' ? milliseconds(runs(`${name} (${unit})`, who)) : `${Math.round(Number(runs(`${name} (${unit})`, who)))} ${unit}`);
		return [show('drover'), show('plain')];
	};
	return [
		[{ en: 'reading page, script / style (gzip)', zh: '阅读页，脚本 / 样式（gzip）' }, weight('weight of a reading page'), weight('weight of the same page in Starlight')],
		[{ en: 'Lighthouse, reading page', zh: 'Lighthouse，阅读页' }, marks('Lighthouse, reading page'), marks('Lighthouse, the same page in Starlight')],
		[{ en: 'runbook page, script / style (gzip)', zh: '手册页，脚本 / 样式（gzip）' }, weight('weight of a runbook page'), ''],
		[{ en: 'with an open terminal, script (gzip)', zh: '打开终端后，脚本（gzip）' }, kilobytes(page('while output streams', 'withTerminal', 'scriptGzip')), ''],
		[{ en: 'layout shift of a runbook page', zh: '手册页的布局偏移' }, String(page('layout shift of a runbook page')), ''],
		[{ en: 'redraw after a keystroke, 40 parameters', zh: '按键后重绘，40 个参数' }, milliseconds(page('redraw per keystroke, 40 parameters', 'medianMs')), ''],
		[{ en: 'interaction to next paint while output streams', zh: '输出滚动时的交互延迟' }, milliseconds(page('while output streams', 'interactionToNextPaintMs')), ''],
		[{ en: 'Run pressed to the first byte at the page', zh: '按下“运行”到页面收到第一个字节' }, milliseconds(runs('pressing Run to the first byte at the page (ms)', 'median')), ''],
		[{ en: 'start of the server to its first page', zh: '服务启动到第一个页面' }, milliseconds(runs('start of the server to its first page (ms)', 'median')), ''],
		[{ en: 'build of 10 / 100 / 1000 runbooks, both languages', zh: '构建 10 / 100 / 1000 份手册，双语' }, `${[10, 100, 1000].map((count) => Number(page('build time', `${count} runbooks, both languages, s`))).join(' / ')} s`, ''],
		[{ en: 'start of a run to its first output', zh: '运行开始到第一行输出' }, ...pair('start to first output', 'ms')],
		[{ en: 'key to echo', zh: '按键到回显' }, ...pair('keystroke to echo', 'ms')],
		[{ en: 'output to a reader', zh: '输出吞吐' }, ...pair('throughput to a reader', 'MB/s')],
		[{ en: 'memory of a run', zh: '一次运行的内存' }, ...pair('memory of a run (PSS)', 'MiB')],
	];
}

if (process.argv[1] === import.meta.filename) {
	const root = join(import.meta.dirname, '..');
	for (const language of Object.keys(readmes) as Language[]) writeFileSync(join(root, readmes[language]), withFigures(root, language));
}
