/**
 * Every trap of an upgrade of Rancher 1.x, and where the reader is kept out of it: a problem that the form tells, a step that looks or acts, a hint, or a sentence on a page in
 * both languages. A trap that loses its last place is red here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';
import { rancherProblems as problems } from '../../src/families/rancher/problem.ts';

const root = join(import.meta.dirname, '../..');
const runbooks = readContent(root).families.flatMap((family) => family.runbooks);
const steps = new Set(runbooks.flatMap((runbook) => runbook.steps.map((step) => step.id)));
const hints = new Set(runbooks.flatMap((runbook) => runbook.steps.flatMap((step) => Object.keys(step.hints).map((hint) => `${step.id}.${hint}`))));

type Place = { problem: keyof typeof problems } | { step: string } | { hint: string } | { page: string; en: RegExp; zh: RegExp };
const problem = (name: keyof typeof problems): Place => ({ problem: name });
const step = (id: string): Place => ({ step: id });
const hint = (id: string): Place => ({ hint: id });
const page = (path: string, en: RegExp, zh: RegExp): Place => ({ page: path, en, zh });

const runbookPage = (name: string, en: RegExp, zh: RegExp) => page(`runbooks/rancher-1.6/${name}`, en, zh);
const trapPage = (anchor: string) => page('guide/what-can-go-wrong', new RegExp(`\\[#${anchor}\\]`), new RegExp(`\\[#${anchor}\\]`));

// prettier-ignore
const traps: readonly (readonly [string, ...Place[]])[] = [
	['a server without a database makes an empty one in silence', step('rows'), step('data'), hint('start.empty-database'), hint('login.open'), trapPage('empty-database')],
	['"Importing schema" in the log of an upgrade', hint('start.empty-database'), runbookPage('single-container', /Importing schema/, /Importing schema/)],
	['a migration that is interrupted', hint('start.migration-failed'), runbookPage('steps/start', /Do not stop, restart or reboot/, /不要停止或重启/), trapPage('interrupted-migration')],
	['volumes removed with their last container', step('data-container'), runbookPage('steps/remove', /Its volumes are not removed/, /不要连同卷/), runbookPage('steps/data-container', /Never\s+prune/, /不要在本机清理/), trapPage('volumes-removed')],
	['a data container that is started', hint('data-container.was-started'), runbookPage('steps/data-container', /never started/, /永远不要启动/), trapPage('data-container-started')],
	['a volume at /var/lib/mysql that proves nothing', step('storage'), runbookPage('single-container', /even if an external database is used/, /使用外部数据库的容器也有/)],
	['options that are not repeated', step('definition'), page('guide/what-to-repeat', /Repeat every option/, /都必须重新指定/)],
	['variables of the old image', problem('server.env-baked'), problem('server.env-from-image'), trapPage('wrong-version')],
	['a certificate at /ca.crt', problem('server.ca-old-place'), problem('server.ca-import-by-hand'), step('ca-certificate'), hint('ca-certificate.no-file'), trapPage('certificate')],
	['a database that only moves forward', problem('tag.lower'), problem('schema.moves'), problem('schema.takes-long'), hint('backup-there.of-another-version')],
	['the wrong path', hint('storage.bind'), hint('storage.external'), hint('storage.cluster'), hint('storage.volume'), page('guide/choose-your-path', /\[#mount\]/, /\[#mount\]/)],
	['a stack that waits to be finished', step('stacks'), hint('stacks.unfinished'), trapPage('unfinished-stack')],
	['stacks that upgrade themselves', runbookPage('steps/stacks', /upgrade-manager/, /upgrade-manager/), trapPage('surprise-upgrade')],
	['a backup made after the stop, or cut short', step('back-up'), step('cold-copy'), step('last-dump'), hint('backup-there.cut-short'), trapPage('backup-of-no-use')],
	['a backup that overwrites another', step('backup-place'), hint('backup-place.there-already'), hint('set-aside-place.there-already')],
	['an image that is fetched during the outage', step('pull'), runbookPage('steps/pull', /The old server keeps running/, /旧版 Server 仍在运行/)],
	['a moving tag that is not fetched again', problem('tag.moving'), step('old-image'), page('guide/tags-and-releases', /does not pull such a tag again/, /不会自动更新会变动的标签/)],
	['test builds', problem('tag.test-build'), problem('tag.test-build-runs')],
	['v1.6.19', problem('tag.skip-1.6.19')],
	['a disk that fills up', step('free-space'), trapPage('disk-full')],
	['an engine outside of the range', step('engine-range'), hint('engine-range.newer'), page('guide/docker-support', /\[#newer\]/, /\[#newer\]/)],
	['clocks that disagree', step('clock'), trapPage('clock')],
	['event tables that have grown', step('database-health'), hint('database-health.many-events'), trapPage('long-migration')],
	['a loopback DNS server on a host', problem('tag.crosses-loopback-dns'), runbookPage('steps/hosts-before', /loopback/, /回环/), page('guide/agents', /\[#loopback-dns\]/, /\[#loopback-dns\]/)],
	['a database that a stop kills', step('stop'), hint('stop.killed'), runbookPage('steps/stop', /a stop alone kills that database/, /只停止容器会强制终止数据库/), trapPage('killed-database')],
	['a server that Docker removes at its stop', step('auto-remove'), step('without-rm'), hint('auto-remove.removes-itself'), trapPage('started-with-rm')],
	['a server that others start again', step('started-by'), step('starts-again'), hint('started-by.systemd'), hint('started-by.compose'), hint('starts-again.rancher'), trapPage('started-by-others')],
	['a log that Docker cannot read', hint('start.log-unreadable'), hint('waiting.log-unreadable'), trapPage('log-unreadable')],
	['an old server that comes back after a reboot', problem('server.restart-always'), step('keep-down'), step('stop'), step('remove'), trapPage('two-servers')],
	['docker cp into a folder that exists', step('content'), hint('copy.nested'), hint('content.nested'), trapPage('wrong-folder')],
	['the slash at the end of a path', runbookPage('bind-mount', /slash at the end/, /末尾加不加斜杠/)],
	['an empty folder', hint('content.empty'), hint('folder.not-empty')],
	['files of the wrong owner', step('owner'), hint('start.no-mysql'), trapPage('inner-database')],
	['SELinux', runbookPage('bind-mount', /SELinux/, /SELinux/), trapPage('inner-database')],
	['a wrong database name, host, user or password', step('database'), hint('database.not-ranchers'), hint('database.other-host'), hint('database.access-denied'), hint('database.unreachable'), hint('start.no-connection')],
	['127.0.0.1 as the database host', problem('server.db-loopback')],
	['MySQL 8 and MariaDB 10.3', hint('database-version.mysql-8'), hint('database-version.mariadb'), trapPage('database-product')],
	['character set, connections, and packets of the database', step('database-settings'), runbookPage('steps/database-settings', /max_allowed_packet/, /max_allowed_packet/)],
	['a proxy that cuts idle connections', runbookPage('steps/database', /wait_timeout/, /wait_timeout/), trapPage('database-proxy')],
	['tables that are not InnoDB', hint('database-health.engines'), trapPage('mixed-engines')],
	['keys that are too long', hint('start.key-too-long'), trapPage('key-too-long')],
	['--db-strict-enforcing where it is not known, or with values missing', problem('server.strict-unknown'), problem('server.strict-needs-all'), trapPage('strict-database')],
	['flags for an image that knows none', problem('server.flags-unknown'), hint('start.ended')],
	['the same thing as a field and as a variable', problem('server.env-twice'), problem('server.env-has-field')],
	['a variable that decides a setting', problem('server.env-overrides-setting'), hint('not-overridden.overridden')],
	['a variable that takes the lock away at every start', problem('server.env-releases-lock')],
	['leftovers of older versions and of developers', problem('server.env-obsolete'), problem('server.env-developer')],
	['a heap that does not fit', problem('server.memory-small'), problem('server.heap-over-limit'), hint('start.out-of-memory'), trapPage('memory')],
	['nodes of two versions on one database', step('everything-down'), runbookPage('high-availability', /two versions on one database/, /两个版本同时使用一个数据库/), trapPage('mixed-versions')],
	['nodes with the same or a useless address', problem('nodes.same-address'), problem('nodes.loopback'), problem('nodes.interface'), problem('nodes.too-few'), problem('nodes.other-port'), step('members')],
	['port 9345', step('cluster-port'), trapPage('node-flaps')],
	['the next node before the database has calmed down', runbookPage('high-availability', /the database has settled/, /数据库也空闲下来/), hint('start-others.busy')],
	['removing everything that is called rancher', step('remove-script'), step('stop-children'), trapPage('removes-too-much')],
	['the ports of the old high availability', runbookPage('high-availability', /18080/, /18080/)],
	['an agent that does not belong to the release', problem('server.agent-mismatch'), problem('server.agent-custom'), page('guide/agents', /\[#pairing\]/, /\[#pairing\]/)],
	['a registry that asks hosts for a login', problem('server.registry-login'), step('pre-pull')],
	['images that are not in the registry', step('further-images'), step('push-images'), hint('pull-images.not-reached'), hint('start.missing-image'), trapPage('images-missing')],
	['a catalog that does not answer', step('catalog'), trapPage('dead-catalog')],
	['a proxy address that Java misreads', problem('server.no-proxy-lacks'), runbookPage('family', /without a slash at the end and without a password/, /末尾不带斜杠，也不带密码/)],
	['a server that a proxy reaches by name', runbookPage('family', /links to the old name/, /按旧名称链接/), trapPage('proxy-by-name')],
	['a directory over TLS', problem('tag.crosses-directory-names'), step('directory-certificate'), trapPage('directory-login')],
	['environments from before v1.2', problem('tag.crosses-environments'), runbookPage('steps/hosts-after', /Upgrade Environment/, /升级环境/)],
	['network-services at the first start', problem('tag.crosses-network-services')],
	["Let's Encrypt", runbookPage('steps/hosts-after', /Let's Encrypt/, /Let's Encrypt/)],
	['hosts that do not come back', step('hosts-before'), step('hosts-after'), page('guide/agents', /\[#stays-away\]/, /\[#stays-away\]/)],
	['a lock that nobody holds', hint('start.locked'), hint('database-health.locked'), step('nobody-migrates'), step('release'), trapPage('log-lock')],
	['the data container as the place to release it', runbookPage('log-lock', /not with the data container/, /不是数据容器/)],
	['network stacks in the wrong order', step('network-policy-manager-upgrade'), step('network-services-upgrade'), step('ipsec-upgrade'), step('vxlan-upgrade'), runbookPage('infrastructure-services', /in this order/, /按这个顺序/)],
	['storage stacks after the services that use them', runbookPage('infrastructure-services', /storage stack/, /存储应用/)],
	['"Upgrade required" taken for a must', runbookPage('infrastructure-services', /Upgrade required/, /需要升级/)],
	['a stack that hangs, or whose template is not found', hint('ipsec-upgrade.in-trouble'), hint('ipsec-upgrade.canceled'), trapPage('stuck-stack'), trapPage('template-missing')],
	['keys of an environment in place of an account', hint('api.keys-refused'), trapPage('keys-refused')],
	['"none" and the network', runbookPage('upgrade-manager', /network of your environments may stop/, /网络可能中断/)],
	['a stack that is finished and cannot be rolled back', step('stacks-first'), runbookPage('roll-back', /`upgrade\.manager` to `all`/, /`upgrade\.manager` 设为 `all`/)],
	['going back too far, and what is lost by it', runbookPage('roll-back', /previous stable version/, /前一个稳定版本/), runbookPage('roll-back', /Active Directory/, /Active Directory/)],
	['Rancher 2.x as a target', problem('tag.not-1x'), runbookPage('family', /2\.x is \*\*not\*\* a target/, /2\.x \*\*不是\*\*/), page('guide/essentials', /ended in 2020/, /已于 2020 年结束/)],

	// Where the old manual misled its readers.
	['the old manual: test builds are known by the end of their tag, not its beginning', page('guide/tags-and-releases', /is at the \*\*end\*\* of the tag/, /标签的\*\*末尾\*\*/)],
	['the old manual: each stack is finished before the next one is begun', runbookPage('infrastructure-services', /Finish each one\s+before you start the next/, /前一个完成升级之后才能开始下一个/)],
	['the old manual: "none" stops networks of environments, not the server', page('guide/what-can-go-wrong', /the server does not stop/, /Rancher Server 不会停止/)],
	['the old manual: vxlan takes the place of ipsec in the order', step('vxlan-upgrade'), runbookPage('infrastructure-services', /ipsec or vxlan, then the rest/, /然后是 ipsec 或 vxlan/)],
	['the old manual: upgrade.manager has its three values from v1.6.1 on', runbookPage('upgrade-manager', /From v1\.6\.1 on/, /从 v1\.6\.1 起/), page('guide/essentials', /in v1\.6\.0 it knew only true and false/, /v1\.6\.0 时只有真和假/)],
	['the old manual: agents are not the newest, but those of the server', page('guide/agents', /not the newest one, but its own/, /不是最新的，而是与它配套的/)],
	['the old manual: nodes are stopped, and removed only at the end', runbookPage('high-availability', /Do not remove anything yet/, /先不要删除任何东西/)],
	['the old manual: one node is started and waited for', step('start-others'), runbookPage('high-availability', /one at a time, each with its own address/, /每次启动一个节点，使用各自的地址/)],
	['the old manual: commands for a server with an external database', step('last-dump'), step('database')],
	['the old manual: the image is fetched on every path', step('pull')],
	['the old manual: images are listed by a script on the branch v1.6', runbookPage('air-gap', /`v1\.6` under `scripts\/print-catalog-images`/, /`v1\.6` 分支的 `scripts\/print-catalog-images`/)],
	['the old manual: the release notes have a link', page('guide/essentials', /releases\/tag\/v1\.6\.0/, /releases\/tag\/v1\.6\.0/)],
];

/** What is no longer there of a trap's places. */
function lostPlaces(places: readonly Place[]): string[] {
	return places.flatMap((place) => {
		if ('problem' in place) return place.problem in problems ? [] : [`problem ${place.problem}`];
		if ('step' in place) return steps.has(place.step) ? [] : [`step ${place.step}`];
		if ('hint' in place) return hints.has(place.hint) ? [] : [`hint ${place.hint}`];
		return (['en', 'zh'] as const).filter((locale) => !place[locale].test(readFileSync(join(root, locale, `${place.page}.mdx`), 'utf8'))).map((locale) => `${locale}/${place.page} ${place[locale].source}`);
	});
}

for (const [trap, ...places] of traps) {
	test(`the reader is kept out of: ${trap}`, () => {
		expect(lostPlaces(places)).toEqual([]);
	});
}

test('a place that is gone is told', () => {
	expect(lostPlaces([step('nowhere'), hint('start.nothing'), page('guide/agents', /no such words/, /agent/)])).toEqual(['step nowhere', 'hint start.nothing', 'en/guide/agents no such words']);
});
