/** Words that a manual of operations does not use: figures of speech, spoken language, and the second name of a thing that has one already. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const files = globSync(['zh/*.json', 'zh/{guide,runbooks}/**/*.mdx', 'README.zh.md'], { cwd: root }).map((path) => path.replaceAll('\\', '/')).sort();

/** Each with what is said instead. None has a right use in the product. */
const insteadOf: Readonly<Record<string, string>> = {
	撤回: '撤销', 收回: '撤销', 退路: '撤销与回退', 退回: '回退',
	行前检查: '前置检查', 应答: '响应、可以访问', 迹象: '现象', 缘由: '原因',
	新服务器: '新版 Server', 旧服务器: '旧版 Server', 这台服务器: '当前的 Rancher Server', 两台服务器: '两个 Server', 服务器镜像: 'Rancher Server 镜像',
	一次性代码: '一次性访问码', 官方库: '官方应用商店（Library）', 载入: '导入', 拷贝: '副本、复制', 留存: '保存',
	动手: '操作', 挡路: '冲突', 占着: '占用', 拖垮: '导致异常', 拖住: '影响', 停摆: '中断', 毁了: '会损坏数据库', 毁掉: '损坏', 杀掉: '强制终止', 死在: '异常退出', 死掉: '异常退出',
	一声不响: '不会报错', 不声不响: '不会报错', 悄悄: '没有提示',
	这个晚上: '维护窗口', 整晚: '维护窗口', 当晚: '维护窗口', 同一个晚上: '同一个维护窗口', 那个年代: '当时版本',
	服务端: 'Drover', 理由: '原因', 回车键: 'Enter 键', 旧手册: '以前的升级文档', 晚上: '维护窗口', 看有没有: '判断有无', 起名: '指定名称', 害处: '损害', 就完成了: '即表示完成',
	如需撤销: '撤销会…：由撤销命令执行，不是请读者手动执行', 清理周期: '保留时间', 什么问题: '故障排查', 散列: '哈希值',
	才算完成: '**完成标志**：…', 到达: '完成', 起不来: '无法启动', 连不上: '无法连接', 拿不到: '无法取得', 跑起来: '已经运行', 一模一样: '完全一致',
};
/** Right uses: the end of one step is told within its sentence, that of a runbook on a line of its own. */
const allowed: Readonly<Record<string, RegExp>> = { 才算完成: /，这一步才算完成|确认无误才算完成/ };

/** The places of a text that hold such a word, with what to say instead. */
function spokenIn(text: string): string[] {
	return text.split('\n').flatMap((line, index) =>
		Object.entries(insteadOf)
			.filter(([word]) => line.includes(word) && !allowed[word]?.test(line))
			.map(([word, better]) => `${index + 1}: “${word}”，改为“${better}”`),
	);
}

test('there are Chinese files', () => expect(files.length).toBeGreaterThan(60));

test.each(files)('%s has no spoken word and no second name of a thing', (path) => {
	expect(spokenIn(readFileSync(join(root, path), 'utf8'))).toEqual([]);
});

describe('a sentence', () => {
	test.each([
		['先撤回这一步，腾出端口。', 1],
		['那时就有两台服务器用着同一个数据库，数据就毁了。', 2],
		['请先撤销这一步，释放端口。', 0],
		['数据库服务器的时钟与本机相差不超过半分钟。', 0],
		['归档会从头到尾读取一遍，确认无误才算完成。', 0],
		['都在成员列表里，才算完成。', 1],
	])('"%s" has as many as are found', (sentence, count) => {
		expect(spokenIn(sentence)).toHaveLength(count);
	});
});

const runbooks = globSync('zh/runbooks/rancher-1.6/*.mdx', { cwd: root }).map((path) => path.replaceAll('\\', '/')).filter((path) => !path.endsWith('/family.mdx')).sort();

test.each(runbooks)('%s says on a line of its own when it is done', (path) => {
	const lines = readFileSync(join(root, path), 'utf8').split('\n');

	expect(lines.filter((line) => line.startsWith('**完成标志**：') && line.length > '**完成标志**：'.length + 5)).toHaveLength(1);
});
