/** Puts three figures of `bench/` into both READMEs, and all of them into `bench/README.md`, between two marks: `npm exec -- node scripts/write-figures.ts`. A test compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const readmes = { en: 'README.md', zh: 'README.zh.md' } as const;
type Language = keyof typeof readmes;
type Row = readonly [name: string, ours: string, theirs: string];
export const tableFile = 'bench/README.md';

/** Returns a README with three figures in it. */
export function withFigures(root: string, language: Language): string {
	return between(root, readmes[language], formatThree(root, language));
}

/** Returns the table of all figures, which is for developers and in English. */
export function withTable(root: string): string {
	return between(root, tableFile, formatTable(root));
}

function between(root: string, file: string, figures: string): string {
	const text = readFileSync(join(root, file), 'utf8');
	const [before, after] = [text.indexOf('<!-- figures -->'), text.indexOf('<!-- /figures -->')];
	if (before < 0 || after < before) throw new RangeError(`${file} lacks the marks of the figures.`);
	return `${text.slice(0, before)}<!-- figures -->\n\n${figures}\n\n${text.slice(after)}`;
}

function formatThree(root: string, language: Language): string {
	const page = read(root, 'page');
	const runs = read(root, 'runs');
	const [own, other] = ['weight of a reading page', 'weight of the same page in Starlight'].map((name) => kilobytes(page(name, 'scriptGzip')));
	const first = milliseconds(runs('pressing Run to the first byte at the page (ms)', 'median'));
	const paint = milliseconds(page('while output streams', 'interactionToNextPaintMs'));
	const machine = `${String(page('machine'))}, Node ${String(page('node'))}`;
	return {
		en: `- A reading page loads ${own} of script (gzip); the same page in Starlight loads ${other}.\n- From the press of **Run** to the first byte of output on the page: ${first}.\n- While output streams, the page responds to a press within ${paint}.\n\nMeasured on ${machine}. All figures and how they are measured: [bench](${tableFile}).`,
		zh: `- 阅读页加载的脚本为 ${own}（gzip），Starlight 生成的同一页为 ${other}。\n- 从按下**运行**到页面收到第一个字节：${first}。\n- 输出滚动时，页面对点击的响应时间：${paint}。\n\n测量环境：${machine}。全部数据和测量方法见 [bench](${tableFile})。`,
	}[language];
}

function formatTable(root: string): string {
	const page = read(root, 'page');
	const table = [['', 'Drover', 'Compared with'], ['---', '---', '---'], ...rowsOf(page, read(root, 'runs'))];
	return [`Measured on ${String(page('machine'))}, Node ${String(page('node'))}:`, '', ...table.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

const kilobytes = (bytes: unknown) => `${(Number(bytes) / 1000).toFixed(1)} KB`;
const milliseconds = (value: unknown) => `${Number(value) < 10 ? Number(value).toPrecision(2) : Math.round(Number(value))} ms`;

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
	const weight = (name: string) => `${kilobytes(page(name, 'scriptGzip'))} / ${kilobytes(page(name, 'styleGzip'))}`;
	const marks = (name: string) => Object.values(page(name) as object).join(' / ');
	const pair = (name: string, unit: string): readonly [string, string] => {
		const show = (who: string) => (unit === 'ms' ? milliseconds(runs(`${name} (${unit})`, who)) : `${Math.round(Number(runs(`${name} (${unit})`, who)))} ${unit}`);
		return [show('drover'), show('plain')];
	};
	return [
		['reading page, script / style (gzip)', weight('weight of a reading page'), weight('weight of the same page in Starlight')],
		['Lighthouse, reading page', marks('Lighthouse, reading page'), marks('Lighthouse, the same page in Starlight')],
		['runbook page, script / style (gzip)', weight('weight of a runbook page'), ''],
		['with an open terminal, script (gzip)', kilobytes(page('while output streams', 'withTerminal', 'scriptGzip')), ''],
		['layout shift of a runbook page', String(page('layout shift of a runbook page')), ''],
		['redraw after a keystroke, 40 parameters', milliseconds(page('redraw per keystroke, 40 parameters', 'medianMs')), ''],
		['interaction to next paint while output streams', milliseconds(page('while output streams', 'interactionToNextPaintMs')), ''],
		['Run pressed to the first byte at the page', milliseconds(runs('pressing Run to the first byte at the page (ms)', 'median')), ''],
		['start of the server to its first page', milliseconds(runs('start of the server to its first page (ms)', 'median')), ''],
		['build of 10 / 100 / 1000 runbooks, both languages', `${[10, 100, 1000].map((count) => Number(page('build time', `${count} runbooks, both languages, s`))).join(' / ')} s`, ''],
		['start of a run to its first output', ...pair('start to first output', 'ms')],
		['key to echo', ...pair('keystroke to echo', 'ms')],
		['output to a reader', ...pair('throughput to a reader', 'MB/s')],
		['memory of a run', ...pair('memory of a run (PSS)', 'MiB')],
	];
}

if (process.argv[1] === import.meta.filename) {
	const root = join(import.meta.dirname, '..');
	for (const language of Object.keys(readmes) as Language[]) writeFileSync(join(root, readmes[language]), withFigures(root, language));
	writeFileSync(join(root, tableFile), withTable(root));
}
