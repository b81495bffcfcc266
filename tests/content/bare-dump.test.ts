/** The check of a backup by other hands: a dump with nothing beside it says itself what it is, and what of it cannot be used is told before anything is dropped. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { runChecks, checkHint } from '../../server/checks/run-checks.ts';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import { isPassed } from '../../src/runbook/session/session.ts';
import type { Values } from '../../src/runbook/values/value.ts';
import { folderWith } from './stand-ins.ts';

const runbook = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks).find(({ id }) => id === 'rancher-1.6/roll-back');
const step = runbook?.steps.find(({ id }) => id === 'backup-there');
if (!runbook || !step) throw new TypeError('There is no check of a backup.');

const folders: string[] = [];
afterEach(() => {
	vi.unstubAllEnvs();
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Whether the check passes, and the hints that hold, of a folder with these files. */
async function seen(files: Readonly<Record<string, string | Uint8Array>>, values: Values = {}) {
	if (!runbook || !step) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'drover-dump-'));
	folders.push(folder);
	for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
	const resolved = resolve(runbook, rulesOf(runbook.family), { container: 'new', new_tag: 'v1.6.30', old_tag: 'v1.6.14', backup_file: 'dump.sql', ...values });
	const options = { folder, signal: AbortSignal.timeout(60_000) };
	const names = Object.entries(step.hints).map(async ([name, hint]) => {
		const { result } = await checkHint(hint, resolved, { step: step.id }, options, () => Promise.resolve(undefined));
		return isPassed(result) ? [name] : [];
	});
	const { result } = await runChecks(step.doneWhen, resolved, { step: step.id }, { ...options, wait: false });
	return { passed: isPassed(result), hints: (await Promise.all(names)).flat() };
}

// As mysqldump 5.5 writes it, which the image has: rows on one line. Source: rancher/cattle v0.183.83, `resources/content/db/mysql/mysql-dump.sql`.
const changeSets = (last: number, between = ',') => [83, 95, last].map((file) => `('dump1','rancher (generated)','db/core-${`${file}`.padStart(3, '0')}.xml','2017-06-01 10:00:00',${file},'EXECUTED','7:abc','addColumn','',NULL,'3.1.0')`).join(between);
const tables = ['DATABASECHANGELOG', 'DATABASECHANGELOGLOCK', 'account', 'host', 'setting'].map((name) => `DROP TABLE IF EXISTS \`${name}\`;\nCREATE TABLE \`${name}\` (\n  \`id\` bigint(20) NOT NULL\n) ENGINE=InnoDB DEFAULT CHARSET=utf8;\n`).join('');
const head = '-- MySQL dump 10.13  Distrib 5.5.53, for debian-linux-gnu (x86_64)\n--\n-- Host: localhost    Database: cattle\n';
const end = '\n-- Dump completed on 2017-06-01 10:00:00\n';
const rows = (last = 123) => `INSERT INTO \`DATABASECHANGELOG\` VALUES ${changeSets(last)};\nUNLOCK TABLES;\nINSERT INTO \`setting\` VALUES (1,'note','see db/core-124.xml');\n`;
const dump = (last?: number) => head + tables + rows(last) + end;
const fine = { passed: true, hints: [] };
const told = (...hints: string[]) => ({ passed: false, hints });

test('takes a dump whose last change set is that of the old version', async () => {
	expect(await seen({ 'dump.sql': dump() })).toEqual(fine);
	expect(await seen({ 'dump.sql': dump().replace(changeSets(123), `\n${changeSets(123, ',\n')}`) })).toEqual(fine);
	expect(await seen({ 'dump.sql': `/*M!999999\\- enable the sandbox mode */ \n${dump()}`.replaceAll('\n', '\r\n') })).toEqual(fine);
	expect(await seen({ 'dump.sql': dump(83).replace('db/core-095', 'db/core-003') }, { old_tag: 'v1.0.2' })).toEqual(fine);
});

test('goes by what Drover has laid beside its own dump', async () => {
	const beside = (version: string) => ({ 'dump.sql.rows': 'login 200\ntable setting\n', 'dump.sql.container.json': `      "CATTLE_RANCHER_SERVER_VERSION=${version}",\n` });

	expect(await seen({ 'dump.sql': dump(124), ...beside('v1.6.14') })).toEqual(fine);
	expect(await seen({ 'dump.sql': dump(), ...beside('v1.6.11') })).toEqual(told('of-another-version'));
});

test('takes a dump of Rancher\'s database alone under whatever name that has', async () => {
	// A server with its database inside; its name is told by a variable, or is "cattle".
	const serverWith = (variable: string) => vi.stubEnv('PATH', `${folderWith({ docker: `#!/bin/sh\ncase "$*" in *.Config.Env*) echo "${variable}" ;; *) echo ;; esac\n` })}:${process.env['PATH'] ?? ''}`);
	serverWith('A=b');
	const named = (name: string) => head + `CREATE DATABASE /*!32312 IF NOT EXISTS*/ \`${name}\` /*!40100 DEFAULT CHARACTER SET utf8 */;\n\nUSE \`${name}\`;\n` + tables + rows() + end;

	expect(await seen({ 'dump.sql': named('cattle') })).toEqual(fine);
	expect(await seen({ 'dump.sql': named('rancher') }, { db_host: '10.1.2.3', db_name: 'rancher' })).toEqual(fine);
	expect(await seen({ 'dump.sql': named('rancher') })).toEqual(told('not-plain'));
	serverWith('CATTLE_DB_CATTLE_MYSQL_NAME=rancher');
	expect(await seen({ 'dump.sql': named('rancher') })).toEqual(fine);
	expect(await seen({ 'dump.sql': named('cattle').replace(end, `\nUSE \`mysql\`;${end}`) })).toEqual(told('not-plain'));
});

test('tells a dump of another schema, and one that says nothing of it', async () => {
	expect(await seen({ 'dump.sql': dump(124) })).toEqual(told('of-another-version'));
	expect(await seen({ 'dump.sql': dump() }, { old_tag: 'v1.6.0' })).toEqual(told('of-another-version'));
	expect(await seen({ 'dump.sql': dump() }, { old_tag: 'v1.9.9' })).toEqual(told('no-version'));
	expect(await seen({ 'dump.sql': head + tables + end })).toEqual(told('no-version'));
});

test.each([
	['packed', gzipSync(dump())],
	['with the warning that a terminal has mixed in', `mysqldump: [Warning] Using a password on the command line interface can be insecure.\r\n${dump()}`],
])('refuses a dump %s before anything is dropped', async (_, content) => {
	expect(await seen({ 'dump.sql': content })).toMatchObject({ passed: false, hints: expect.arrayContaining(['not-plain']) as unknown });
});

test('refuses a dump that cannot be known to be whole, or lacks what every Rancher has', async () => {
	expect(await seen({ 'dump.sql': dump().replace(end, '') })).toEqual(told('cut-short'));
	expect(await seen({ 'dump.sql': dump().replaceAll('`account`', '`accounts`') })).toEqual(told('cut-short'));
});

test('says of an archive of files by other hands that it cannot be judged', async () => {
	expect((await seen({ 'dump.sql.files.tar': 'whatever' }))?.hints).toEqual(['no-file', 'files-alone']);
	expect(await seen({ 'dump.sql': dump(), 'dump.sql.files.tar': 'whatever' })).toEqual(told('files-alone'));
});
