import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMarkdownProcessor } from '@astrojs/markdown-remark';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locales, type OwnLocale } from '../../../src/i18n/locale.ts';
import { Entry } from '../../../src/runbook/session/session-event.ts';
import type { Content } from '../../../src/content/content.ts';
import { readContent } from '../../../src/content/read-content.ts';
import { makeReport } from '../../../server/report/make-report.ts';
import { createRunbookStore } from '../../../server/runbooks.ts';
import { runDrover } from '../../cli/run-drover.ts';
import { fixtureRoot, startDrover } from '../drover.ts';
import { beginOther, hostile, nightRoot, note, passTheNight, secrets, type Night } from './night.ts';

let night: Night;
beforeAll(async () => {
	night = await passTheNight();
}, 300_000);
afterAll(async () => {
	night?.pass.close();
	await night?.drover.close();
});

const formats = ['md', 'html', 'jsonl'] as const;
const fetchReport = async (format: string, locale: string) => night.drover.call('GET', `/api/sessions/${night.id}/report?format=${format}&locale=${locale}`);
const report = async (format: (typeof formats)[number], locale: OwnLocale) => String((await fetchReport(format, locale)).body);
const drover = (...args: string[]) => runDrover(['report', ...args, '--state-dir', night.drover.stateDir], { root: nightRoot });

/** What a report tells, by language: who, versions, values, each way that a step can go, and the way back. */
const told: Readonly<Record<OwnLocale, readonly string[]>> = {
	en: [
		'# Report: Watch the night', '**Session**: `Tonight`', '**By**: `', '**When**: ', '**Working directory**: `', '**Versions**: Drover `test`', '**Progress**: 10 of 13 steps complete', '**Downtime**: ',
		'**Cow**: `bella` (default)', '**Note**: `quiet now` (entered)', '**Password of the gate**: •••••••• (not recorded)', '`LANTERN=oil`', '`east`: `10.0.0.1`, on this machine', 'Note changed from ',
		'See that the field is there: Verified', 'Verified by its check at ', 'Beat the drum: Ran (not verified)', 'Succeeded, exit code 0, after ', 'The output is complete.', 'beat 3', 'the word is ••••••••',
		'Already done at ', 'Interrupted by Ctrl-C (`SIGINT`)', ': sent SIGINT to `sleep` (', 'Continued without it at ', 'Reason: ``We are `rested` <enough>``', 'Result unknown: the processes that supervised it have ended', 'Skipped at ', 'Reason: `Nobody knows`',
		'Failed, exit code 2', 'hint shown: It is dark there. Take a lantern.', 'Never started: there is no command `drover-has-no-such-program`', 'the undo is verified', '#### Undo of ', 'not verified by a check. Remark: `Page 7`',
		'Lead one over, node `east`: No longer true', 'Verified at ', '; no longer true at ', 'Make a pen: No longer true', '; a check at ', 'Lead one over, node `west`: Verified', '**Point of no return**: ', 'Sleep well: To do', '## Undo history', ': Make a pen: Succeeded, exit code 0', 'Done and not undone, last first: Lead one over, node `west`',
	],
	zh: [
		'# 操作报告：守夜', '**会话**：`Tonight`', '**操作人**：', '**时间**：', '**工作目录**：`', '**版本**：Drover `test`', '**进度**：13 步中已处理 10 步', '**停机时间**：',
		'**牛**：`bella`（默认值）', '**备注**：`quiet now`（手动填写）', '**大门的密码**：••••••••（不记录）', '`LANTERN=oil`', '`east`：`10.0.0.1`，本机', '“备注”由 ',
		'确认牧场还在：已验证', '经检查验证。', '敲鼓：已运行', '成功，退出码 0，用时 ', '输出完整。', 'beat 3', 'the word is ••••••••',
		'发现此前已经完成，无需运行。', '`SIGINT`', '`sleep`', '未通过，仍选择继续。原因：``We are `rested` <enough>``', '跳过。原因：`Nobody knows`', '退出码 2', '那里太暗，请带上灯笼。', '`drover-has-no-such-program`', '的撤销', '备注：`Page 7`',
		'带一头过去，节点 `east`：', '再次检查未通过。', '的检查结果与此不符。', '带一头过去，节点 `west`：已验证', '安睡：待执行', '搭围栏：成功，退出码 0',
	],
};

test.each(locales)('the report tells who, when, where and everything that happened (%s)', async (locale) => {
	const text = await report('md', locale);

	for (const part of told[locale]) expect(text).toContain(part);
	// No key without words, no slot without a value.
	expect(text).not.toMatch(/\b(?:report|run|saw|status|phase|origin)\.[a-z]+[-.a-z]*\b/);
	expect(text.replaceAll(/^`{3,}[^]*?^`{3,}$/gm, '')).not.toMatch(/\{[a-z]+\}/);
});

/** A page without its style and scripts, as markup and as what is read. */
const markupOf = (page: string) => page.replace(/<(style|script)[^]*?<\/\1>/g, '');
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&#x3C;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
const readable = (markup: string) => markup.replace(/<[^>]+>/g, '').replace(/&(?:lt|#x3C|gt|quot|#39|amp);/g, (name) => entities[name] ?? name);

test.each(locales)('the page tells all that the text tells (%s)', async (locale) => {
	// The last line tells when it was made.
	const text = (await report('md', locale)).replace(/\n---\n[^]*$/, '');
	const page = await report('html', locale);

	// Apart from what is only form: marks of Markdown, and the words and colons that are places on a page.
	const bare = (line: string) => line.replace(/^[\s>#*-]+/, '').replaceAll(/[\\`*\s]/g, '');
	const words = bare(readable(markupOf(page)).replaceAll('\n', ' '));
	const parts = text.replaceAll(/^`{3,}.*$/gm, '').split('\n').flatMap((line) => (/^(?:- \*\*|### )/.test(line) ? line.split(/: |：/).slice(0, 2) : [line])).map((line) => bare(line.replace(/(?: \(|（)(?:entered|手动填写)[)）]$/, '')));
	expect(parts.filter((part) => !words.includes(part))).toEqual([]);
});

const tagsOf = (html: string) => [...new Set([...html.matchAll(/<([a-z][\w-]*)/gi)].map(([, tag]) => tag?.toLowerCase() ?? ''))].sort();

test('a report that is made in mid-run claims no end', () => {
	expect(night.during).toContain('When this report was created, Rest a while had not ended.');
	expect(night.during).toContain('Rest a while: Running\n\nRunning since ');
	expect(night.during).not.toContain('Never started');
});

describe('a session of another Drover', () => {
	const entries = async () => ((await night.drover.call('GET', `/api/sessions/${night.id}`)).body as { entries: unknown[] }).entries.map((one) => Entry.parse(one));
	const make = async (content: Content) => {
		const made = await makeReport({ entries: await entries(), runs: join(night.drover.stateDir, 'runs'), runbooks: createRunbookStore(content), drover: '9', madeAt: '2026-01-01T00:00:00Z', format: 'md', locale: 'en' });
		return made?.text ?? '';
	};

	test('whose runbook is gone tells steps by their ids', async () => {
		const text = await make(readContent(fixtureRoot));

		expect(text).toContain('This Drover has no runbook `night/watch`.');
		expect(text).toContain('`lead`, node `west`: Verified');
		expect(text).toContain('Succeeded, exit code 0');
	});

	test('whose runbook has changed says so, and keeps what was done in steps that are gone', async () => {
		const content = readContent(nightRoot);
		const families = content.families.map((family) => ({ ...family, runbooks: family.runbooks.map((runbook) => ({ ...runbook, steps: runbook.steps.filter((step) => step.id !== 'trip') })) }));
		const text = await make({ ...content, families });

		expect(text).toContain('The runbook has changed since this session began.');
		expect(text.slice(text.indexOf('## No longer part of the runbook'))).toContain('### `trip`: Done by hand');
	});
});

describe.each(locales)('what programs, names and readers wrote is inert (%s)', (locale) => {
	test('in Markdown, by what a renderer makes of it', async () => {
		const text = await report('md', locale);
		const { code: html } = await (await createMarkdownProcessor({ syntaxHighlight: false, smartypants: false })).render(text);

		expect(tagsOf(html)).toEqual(['code', 'h1', 'h2', 'h3', 'h4', 'hr', 'li', 'p', 'pre', 'strong', 'ul']);
		expect(html).not.toContain('gnp.\u202e');
		expect([...html.matchAll(/<h1/g)]).toHaveLength(1);
		for (const part of [...hostile, note]) expect(readable(html)).toContain(part);
	});

	test('in the page: no markup but ours, no control character', async () => {
		const page = await report('html', locale);

		expect([...page.matchAll(/<script\b(?! type="application\/json")/g)]).toHaveLength(1);
		expect([...page.matchAll(/<\/script>/g)]).toHaveLength([...page.matchAll(/<script\b/g)].length);
		expect(tagsOf(markupOf(page)).filter((tag) => /^(?:b|img|iframe|object|embed|link|base|form|input|http)$/.test(tag))).toEqual([]);
		expect(markupOf(page)).not.toMatch(/<[^>]*\s(?:style|on[a-z]+)=|(?:href|src)="(?!#)/i);
		for (const part of [...hostile, note]) expect(readable(markupOf(page))).toContain(part);
		expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
		expect(page).toContain('gnp.\\u{202e}gnihton');
	});

	test('in JSON Lines: nothing that a terminal or a page acts on', async () => {
		const text = await report('jsonl', locale);

		expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028<>&]/);
	});
});

test('JSON Lines are the journal as it is, behind a line that says what it is', async () => {
	const lines = (await report('jsonl', 'en')).trimEnd().split('\n').map((line) => JSON.parse(line));
	const { body } = await night.drover.call('GET', `/api/sessions/${night.id}`);

	expect(lines[0]).toMatchObject({ report: 'drover', session: night.id, runbook: 'night/watch', changed: false, entries: lines.length - 1 });
	expect(lines.slice(1)).toEqual((body as { entries: unknown[] }).entries);
	for (const line of lines.slice(1)) Entry.parse(line);
});

test('secrets are in no report, however they may be written', async () => {
	const all = (await Promise.all(locales.flatMap((locale) => formats.map((format) => report(format, locale))))).join('\n');

	for (const secret of Object.values(secrets)) {
		const base64 = [0, 1, 2].map((shift) => Buffer.from('x'.repeat(shift) + secret).toString('base64').slice(4, -4));
		for (const form of [secret, ...base64, [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')]) expect(all).not.toContain(form);
	}
});

test('it is a file for whoever has the token, and for nobody else', async () => {
	const { status, headers } = await fetchReport('html', 'zh');
	const path = `/api/sessions/${night.id}/report?format=md&locale=en`;

	expect([status, headers.get('content-disposition'), headers.get('content-type'), headers.get('cache-control')]).toEqual([200, `attachment; filename="drover-${night.id}.html"`, 'text/html; charset=utf-8', 'no-store']);
	expect((await night.drover.call('GET', path, undefined, { authorization: '' })).status).toBe(401);
	expect((await night.drover.call('GET', `${path}&token=${night.drover.token}`, undefined, { authorization: '' })).status).toBe(401);
	for (const query of ['', '?format=pdf&locale=en', '?format=md&locale=fr', '?format=md', '?format=md&locale=en&x=1', '?format=md&format=html&locale=en']) {
		expect((await night.drover.call('GET', `/api/sessions/${night.id}/report${query}`)).status).toBe(400);
	}
	for (const id of ['nobody', '..%2f..%2fetc', '%00']) expect((await night.drover.call('GET', `/api/sessions/${id}/report?format=md&locale=en`)).status).toBe(404);
});

describe('drover report', () => {
	const withoutMaker = (text: string) => text.replace(/^.*Drover [\w.]+ .*$/gm, '').replace(/"madeBy":"[^"]*","madeAt":"[^"]*"/, '');

	test.each(locales.flatMap((locale) => formats.map((format) => [format, locale] as const)))('says the same as the page while a server is at work (%s, %s)', async (format, locale) => {
		const { code, out, err } = await drover(night.id, '--format', format, '--locale', locale);

		expect([code, err]).toEqual([0, '']);
		expect(withoutMaker(out)).toBe(withoutMaker(await report(format, locale)));
	});

	test('writes a file, whose name may tell the format', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'drover-report-'));
		const file = join(folder, 'tonight.html');
		const { code, out, err } = await drover(night.id, '--output', file);

		expect([code, out]).toEqual([0, '']);
		expect(err).toContain(file);
		expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/);
		const failed = await drover(night.id, '--output', join(folder, 'nowhere', 'x.md'));
		expect(failed.code).toBe(2);
		expect(failed.err).toContain('cannot be written');
		rmSync(folder, { recursive: true });
	});

	test('without a session it tells which there are', async () => {
		const { code, out } = await drover();

		expect(code).toBe(0);
		expect(out).toMatch(new RegExp(`^${night.id} {2}\\d{4}-.* {2}night/watch {2}Tonight$`, 'm'));
	});

	test.each([
		[['nobody'], 2, 'There is no session “nobody”'],
		[['x', 'y'], 2, 'drover report SESSION'],
		[['x', '--format', 'pdf'], 2, '--format'],
		[['x', '--locale', 'fr'], 2, '--locale'],
	] as const)('%j is refused', async (args, code, sentence) => {
		const said = await drover(...args);

		expect([said.code, said.out]).toEqual([code, '']);
		expect(said.err).toContain(sentence);
	});

	test('a machine without sessions says so', async () => {
		const said = await runDrover(['report', '--state-dir', join(tmpdir(), 'drover-nowhere')], { root: nightRoot });
		expect([said.code, said.out]).toEqual([0, expect.stringContaining('no sessions')]);
	});

	test('a damaged journal is named with its line, and nothing of it is changed', async () => {
		const state = mkdtempSync(join(tmpdir(), 'drover-damaged-'));
		const there = await startDrover({ root: nightRoot, stateDir: state });
		const { body } = await there.call('POST', '/api/sessions', { runbook: 'night/watch', name: 'n', values: {}, detected: [] });
		const { session } = body as { session: string };
		await there.close();
		const journal = join(state, 'sessions', session, 'journal.jsonl');
		const lines = readFileSync(journal, 'utf8').split('\n');
		writeFileSync(journal, [lines[0]?.replace('night', 'light'), ...lines.slice(1)].join('\n'));
		const before = statSync(journal).mtimeMs;

		const said = await runDrover(['report', session, '--state-dir', state], { root: nightRoot });

		expect([said.code, said.out, statSync(journal).mtimeMs]).toEqual([1, '', before]);
		expect(said.err).toContain('damaged at line 1');
		rmSync(state, { recursive: true });
	});

	test('what ended while no server was there is told from the files of the run', async () => {
		const state = mkdtempSync(join(tmpdir(), 'drover-late-'));
		const { session, run, close } = await beginOther(state);
		await close();
		await expect.poll(() => existsSync(join(state, 'runs', run, 'end.json')), { timeout: 60_000 }).toBe(true);

		const { out } = await runDrover(['report', session, '--state-dir', state, '--locale', 'en'], { root: nightRoot });

		expect(out).toContain('How Beat the drum ended is not in the journal yet');
		expect(out).toContain('Succeeded, exit code 0');
		rmSync(state, { recursive: true });
	});
});
