/**
 * Since which version there is what the runbooks use: each program, each of its options, and what is used of the shell, with where that is written. Some that came too late stand
 * here too, so that the one who reaches for them is told the version and not only that it is unknown.
 */
import type { Package } from './floors.ts';
import type { Reading } from './uses.ts';

export interface Row {
	readonly program: string;
	readonly package: Package;
	readonly since: string;
	/** Where it is written; of an option that has no source of its own, too. */
	readonly source: string;
	readonly reading?: Reading;
	/** Options and words, with blanks between, and since when. */
	readonly options?: readonly (readonly [options: string, since: string, source?: string])[];
}

const coreutilsManual = 'coreutils 8.21, doc/coreutils.texi';
const coreutilsNews = 'coreutils, NEWS';
const builtins = 'bash 4.2, bash(1), SHELL BUILTIN COMMANDS';
const bashNews = 'bash, NEWS and CHANGES';
const dockerManual = 'docker/docker v1.13.0, docs/reference/commandline';
const dockerChangelog = 'docker/docker, CHANGELOG.md';
const grepManual = 'grep 2.16, doc/grep.texi';
const findManual = 'findutils 4.4.2, doc/find.texi';
const tarManual = 'tar 1.26, doc/tar.texi';
const curlOptions = 'curl/curl, docs/options-in-versions';
const mysqlManual = 'MySQL 5.5 Reference Manual, 4.5';

const builtin = (programs: string, reading: Reading = { plain: true }): Row[] => programs.split(' ').map((program) => ({ program, package: 'bash', since: '2.0', source: builtins, reading }));
/** Programs of coreutils that are as old as the package; what is used of them is in the manual of 8.21. */
const coreutil = (program: string, options: string, reading?: Reading, more: Row['options'] = []): Row => ({
	program, package: 'coreutils', since: '6.0', source: coreutilsManual, ...(reading && { reading }), options: [...(options ? [[options, '8.21'] as const] : []), ...more],
});
const docker = (command: string, since: string, options: string, reading: Reading = {}, more: Row['options'] = []): Row => ({
	program: `docker ${command}`, package: 'docker', since, source: `${dockerManual}/${command.replaceAll(' ', '_')}.md`, reading, options: [...(options ? [[options, '1.13'] as const] : []), ...more],
});

/** Options of `docker run` and `docker create` that the runbooks write themselves. What a reader gives is carried over from his own engine. */
const ofMaking = '-d --rm -e --env -p -v --name --restart --network --volumes-from --entrypoint --interactive --add-host --dns --link';
const valuedInMaking = ['-e', '--env', '-p', '-v', '--name', '--network', '--volumes-from', '--entrypoint', '--add-host', '--dns', '--link', '--mount', '--label', '--platform', '--pull'];
const lateInMaking: Row['options'] = [
	['--mount', '17.06', `${dockerChangelog}, 17.06.0, moby/moby#32251`], ['--pull', '20.10', `${dockerChangelog}, 20.10.0, docker/cli#1498`], ['--platform', '20.10', `${dockerChangelog}, 20.10.0: no longer experimental`],
	['--gpus', '19.03', `${dockerChangelog}, 19.03.0`],
];

export const table: readonly Row[] = [
	{
		program: 'bash', package: 'bash', since: '2.0', source: 'bash 4.2, bash(1)', reading: { stops: true, valued: ['-o'] },
		options: [
			['-c -e -u -o', '2.0'],
			['<> {x..y}', '3.0', `${bashNews}, 3.0`],
			['<(…) >(…) ${x:from} ${x/pattern} ${!x} $\'…\' ${x[@]+…}', '2.0', `${bashNews}, 2.0`],
			['<<<', '2.5', `${bashNews}, 2.05b`],
			['${!x[@]}', '3.0', `${bashNews}, 3.0`],
			['&>', '2.0', 'bash 4.2, bash(1), REDIRECTION'],
			['&>> |& ;& ;;& ${x^} ${x,} $BASHPID', '4.0', `${bashNews}, 4.0`],
			['{name}>', '4.1', `${bashNews}, 4.1`],
			['${x:0:-1}', '4.2', `${bashNews}, 4.2`],
			['${x[-1]} x[-1]=', '4.3', `${bashNews}, 4.3: negative subscripts are kept in every expansion`],
			['${x[@]}', '4.4', `${bashNews}, 4.4: under "set -u" an array without an element was an unknown variable before. Write \${x[@]+"\${x[@]}"}`],
			['${x@Q} ${x@E} ${x@P} ${x@A} ${x@a}', '4.4', `${bashNews}, 4.4`],
			['${x@U} ${x@u} ${x@L} ${x@K}', '5.1', `${bashNews}, 5.1`],
			['${x@k}', '5.2', `${bashNews}, 5.2`],
			['${x/pattern/&}', '5.2', `${bashNews}, 5.2, patsub_replacement: "&" was a letter before`],
			['$EPOCHSECONDS $EPOCHREALTIME $BASH_ARGV0', '5.0', `${bashNews}, 5.0`],
			['$SRANDOM', '5.1', `${bashNews}, 5.1`],
		],
	},
	{ program: 'sh', package: 'dash', since: '0.5', source: 'dash(1); POSIX.1-2008, XCU, sh', reading: { stops: true }, options: [['-c -e -u', '0.5']] },

	...builtin(': array cd echo exec exit return continue break true false umask shift'),
	{ program: '[[', package: 'bash', since: '2.2', source: builtins, reading: { plain: true }, options: [['-v:x[…]', '4.3', `${bashNews}, 4.3: "test -v" of an element`], ['-R', '4.3', `${bashNews}, 4.3`]] },
	{ program: 'shopt', package: 'bash', since: '2.0', source: builtins, reading: { plain: true }, options: [['nullglob extglob', '2.0'], ['failglob', '3.0', `${bashNews}, 3.0`], ['globstar', '4.0', `${bashNews}, 4.0`], ['lastpipe', '4.2', `${bashNews}, 4.2`], ['inherit_errexit', '4.4', `${bashNews}, 4.4`], ['localvar_inherit', '5.0', `${bashNews}, 5.0`]] },
	{ program: 'test', package: 'bash', since: '2.0', source: builtins, reading: { oneDash: true }, options: [['-d -e -f -L -n -r -s -w -z -eq -ne -gt -ge -lt -le', '2.0'], ['-v', '4.2', `${bashNews}, 4.2`]] },
	{ program: '[', package: 'bash', since: '2.0', source: builtins, reading: { oneDash: true }, options: [['-d -e -f -L -n -r -s -w -z -eq -ne -gt -ge -lt -le', '2.0'], ['-v', '4.2', `${bashNews}, 4.2`]] },
	{ program: 'local', package: 'bash', since: '2.0', source: builtins, options: [['-r -i -a', '2.0'], ['-A', '4.0', `${bashNews}, 4.0`], ['-n', '4.3', `${bashNews}, 4.3: namerefs`], ['-', '4.4', `${bashNews}, 4.4`]] },
	{ program: 'declare', package: 'bash', since: '2.0', source: builtins, options: [['-r -i -a -x', '2.0'], ['-A', '4.0', `${bashNews}, 4.0`], ['-g', '4.2', `${bashNews}, 4.2`], ['-n', '4.3', `${bashNews}, 4.3`]] },
	{ program: 'mapfile', package: 'bash', since: '4.0', source: `${bashNews}, 4.0`, reading: { valued: ['-n', '-O', '-s', '-u', '-d'] }, options: [['-t', '4.0'], ['-d', '4.4', `${bashNews}, 4.4`]] },
	{ program: 'printf', package: 'bash', since: '2.0', source: builtins, reading: { stops: true }, options: [['-v', '3.1', `${bashNews}, 3.1`], ['%(…)T', '4.2', `${bashNews}, 4.2`], ['%(…)T-alone', '4.3', `${bashNews}, 4.3: without a value it was the beginning of 1970`]] },
	{ program: 'read', package: 'bash', since: '2.0', source: builtins, reading: { valued: ['-d', '-n', '-p', '-t', '-u'] }, options: [['-r', '2.0'], ['-d -n', '2.4', `${bashNews}, 2.04`], ['-N', '4.1', `${bashNews}, 4.1`]] },
	{ program: 'set', package: 'bash', since: '2.0', source: builtins, reading: { valued: ['-o'] }, options: [['-o -e -u -C', '2.0']] },
	{ program: 'trap', package: 'bash', since: '2.0', source: builtins, reading: { stops: true } },
	{ program: 'wait', package: 'bash', since: '2.0', source: builtins, options: [['-n', '4.3', `${bashNews}, 4.3`], ['-p', '5.1', `${bashNews}, 5.1`]] },

	coreutil('cat', ''),
	coreutil('chown', '-R'),
	coreutil('cksum', '', undefined, [['-a --algorithm', '9.0', `${coreutilsNews}, 9.0`]]),
	coreutil('comm', '-1 -2 -3'),
	coreutil('cp', '-a -p -R -n --', undefined, [['--debug', '9.2', `${coreutilsNews}, 9.2`], ['--update', '9.3', `${coreutilsNews}, 9.3: with a value`]]),
	coreutil('base64', '-d -w', { valued: ['-w'] }),
	coreutil('basename', '-a -s', { valued: ['-s'] }),
	coreutil('cut', '-d -f', { valued: ['-d', '-f'] }, [['-z', '8.25', `${coreutilsNews}, 8.25`]]),
	coreutil('dirname', ''),
	coreutil('env', '-i -u', { stops: true, valued: ['-u', '-S'] }, [['-S --split-string', '8.30', `${coreutilsNews}, 8.30`]]),
	coreutil('nproc', ''),
	coreutil('numfmt', '--to --from'),
	coreutil('readlink', '-f -e -m -n'),
	coreutil('seq', '-w -s', { valued: ['-s'] }),
	coreutil('sha256sum', '-c --check --quiet'),
	coreutil('truncate', '-s', { valued: ['-s'] }),
	coreutil('date', '--date -d -u -I -r', { valued: ['--date', '-d', '-I', '-r'] }, [['--debug', '8.26', `${coreutilsNews}, 8.26`]]),
	coreutil('df', '-P -k', undefined, [['--output', '8.21', `${coreutilsNews}, 8.21`]]),
	coreutil('du', '-s -k'),
	coreutil('head', '-n -c', { valued: ['-n', '-c'] }),
	coreutil('ls', '-l -d -A', undefined, [['--zero', '9.0', `${coreutilsNews}, 9.0`]]),
	coreutil('mkdir', ''),
	coreutil('mktemp', '-d'),
	coreutil('mv', '-T', undefined, [['-n', '7.1', `${coreutilsNews}, 7.1`], ['--no-copy', '9.4', `${coreutilsNews}, 9.4`], ['--exchange', '9.5', `${coreutilsNews}, 9.5`]]),
	coreutil('rm', '-f'),
	coreutil('rmdir', '--ignore-fail-on-non-empty'),
	coreutil('sleep', ''),
	coreutil('sort', '-n -r -s -t -u -k -h -V', { valued: ['-k', '-t'] }),
	coreutil('stat', '--format --printf --dereference', { valued: ['--format', '--printf'] }),
	coreutil('sync', '', undefined, [['-d -f --data --file-system', '8.24', `${coreutilsNews}, 8.24`]]),
	coreutil('tac', ''),
	coreutil('tail', '-n -c --lines', { valued: ['-n', '-c', '--lines'] }),
	{ program: 'timeout', package: 'coreutils', since: '7.0', source: `${coreutilsNews}, 7.0`, reading: { stops: true }, options: [['--foreground', '8.13', `${coreutilsNews}, 8.13`], ['-v --verbose', '8.29', `${coreutilsNews}, 8.29`]] },
	coreutil('tr', '-c -d -s'),
	coreutil('uniq', '-c'),
	coreutil('wc', '-c -l', undefined, [['--total', '9.2', `${coreutilsNews}, 9.2`]]),
	{ program: 'realpath', package: 'coreutils', since: '8.15', source: `${coreutilsNews}, 8.15`, options: [['-e -m -s', '8.15']] },
	{ program: 'b2sum', package: 'coreutils', since: '8.26', source: `${coreutilsNews}, 8.26` },

	{
		program: 'grep', package: 'grep', since: '2.5.1', source: grepManual, reading: { valued: ['-e', '-m', '--max-count', '--regexp'] },
		options: [['-a -c -e -E -F -i -m -o -P -q -v -x --count --fixed-strings --max-count --regexp', '2.5.1'], ['--no-ignore-case', '3.5', 'grep, NEWS, 3.5']],
	},
	{
		program: 'sed', package: 'sed', since: '4.0', source: 'sed 4.2.2, doc/sed.texi', reading: { stops: true },
		options: [['-n -i -r -s', '4.0'], ['-E', '4.2', 'sed 4.2.2, sed/sed.c: "Undocumented, for compatibility with BSD sed"'], ['-z', '4.2.2', 'sed, NEWS, 4.2.2'], ['--sandbox', '4.3', 'sed, NEWS, 4.3'], ['--debug', '4.6', 'sed, NEWS, 4.6']],
	},
	{ program: 'xargs', package: 'findutils', since: '4.2', source: findManual, reading: { stops: true }, options: [['-0 -r', '4.2'], ['-o --open-tty', '4.7', 'findutils, NEWS, 4.7.0']] },
	{
		program: 'find', package: 'findutils', since: '4.2', source: findManual, reading: { oneDash: true, valued: ['-type', '-mindepth', '-maxdepth', '-name', '-uid', '-printf'] },
		options: [['-L -type -mindepth -maxdepth -depth -name -uid -o -print0 -printf', '4.2'], ['-delete', '4.2.3', 'findutils, NEWS, 4.2.3'], ['-files0-from', '4.9', 'findutils, NEWS, 4.9.0']],
	},
	{
		program: 'tar', package: 'tar', since: '1.15', source: tarManual, reading: { valued: ['--file', '--directory'] },
		options: [['--create --extract --list --compare --file --directory --to-stdout --preserve-permissions --numeric-owner', '1.26'], ['--sort', '1.28', 'tar, NEWS, 1.28'], ['--zstd', '1.31', 'tar, NEWS, 1.31']],
	},
	{
		program: 'curl', package: 'curl', since: '7.10', source: curlOptions, reading: { valued: ['--max-time', '--header', '--config', '--request', '--data', '--data-binary', '--output', '--write-out', '--noproxy'] },
		options: [
			['--silent --show-error --fail --max-time --header --config --request --data --data-binary --output --write-out --head', '7.2'],
			['-q --disable', '5.0'], ['--noproxy', '7.19.4'], ['--retry-connrefused', '7.52'], ['--no-progress-meter', '7.67'], ['--fail-with-body', '7.76'], ['--json', '7.82'],
		],
	},

	// Programs that keep the time; the runbooks ask whichever is there.
	{ program: 'timedatectl', package: 'systemd', since: '195', source: 'systemd, NEWS, 195', reading: { commands: true } },
	{ program: 'timedatectl status', package: 'systemd', since: '195', source: 'systemd 219, timedatectl(1)' },
	{ program: 'timedatectl show', package: 'systemd', since: '239', source: 'systemd, NEWS, 239', options: [['--property --value', '239']] },
	{ program: 'systemctl', package: 'systemd', since: '1', source: 'systemd 219, systemctl(1)', reading: { commands: true } },
	{ program: 'systemctl is-enabled', package: 'systemd', since: '1', source: 'systemd 219, systemctl(1)' },
	{ program: 'systemctl show', package: 'systemd', since: '1', source: 'systemd 219, systemctl(1)', options: [['--property', '1'], ['--value', '230', 'systemd, NEWS, 230']], reading: { valued: ['--property'] } },
	{ program: 'systemctl is-active', package: 'systemd', since: '1', source: 'systemd 219, systemctl(1)' },
	{ program: 'systemctl enable', package: 'systemd', since: '1', source: 'systemd 219, systemctl(1)', options: [['--now', '220', 'systemd, NEWS, 220']] },
	{ program: 'chronyc', package: 'chrony', since: '1.19', source: 'chrony 1.29, chronyc(1)', reading: { stops: true }, options: [['-n', '1.19']] },
	{ program: 'ntpq', package: 'ntp', since: '4.2', source: 'ntp 4.2.6, ntpq(8)', options: [['-c', '4.2']], reading: { valued: ['-c'] } },

	// In the image as a part of ca-certificates.
	{ program: 'openssl', package: 'openssl', since: '0.9.8', source: 'openssl 1.0.1, openssl(1)', reading: { commands: true } },
	{ program: 'openssl s_client', package: 'openssl', since: '0.9.8', source: 'openssl 1.0.1, s_client(1)', reading: { oneDash: true, valued: ['-connect', '-servername', '-verify_hostname'] }, options: [['-connect -servername', '1.0.1'], ['-verify_hostname', '1.0.2', 'openssl, CHANGES, 1.0.2']] },
	{ program: 'openssl x509', package: 'openssl', since: '0.9.8', source: 'openssl 1.0.1, x509(1)', reading: { oneDash: true, valued: ['-checkhost', '-ext'] }, options: [['-noout -text', '0.9.8'], ['-checkhost', '1.0.2', 'openssl, CHANGES, 1.0.2'], ['-ext', '1.1.1', 'openssl, CHANGES, 1.1.1']] },

	{ program: 'docker', package: 'docker', since: '1.0', source: dockerManual, reading: { commands: true, groups: ['container', 'image', 'volume', 'network', 'system'] } },
	docker('version', '1.0', '', { valued: ['--format'] }, [['--format', '1.8', `${dockerChangelog}, 1.8.0`]]),
	docker('info', '1.0', '', { valued: ['--format'] }, [['--format', '1.13', `${dockerChangelog}, 1.13.0, docker/docker#23808`]]),
	docker('container inspect', '1.13', '--format', { valued: ['--format'] }),
	docker('image inspect', '1.13', '--format', { valued: ['--format'] }),
	docker('image tag', '1.13', ''),
	docker('volume inspect', '1.9', '--format', { valued: ['--format'] }),
	docker('volume rm', '1.9', ''),
	// With the name as a word: before it was an option.
	docker('volume create', '1.13', '--label', { valued: ['--label'] }),
	docker('ps', '1.0', '--all --quiet --no-trunc --filter --format .ID .Image .Command .CreatedAt .RunningFor .Ports .Status .Size .Names .Labels .Label .Mounts', { valued: ['--filter', '--format'] }, [['.State', '20.10', `${dockerChangelog}, 20.10.0: "docker ps --format" has .State`]]),
	docker('logs', '1.0', '--tail', { valued: ['--tail'] }, [['--until', '17.10', `${dockerChangelog}, 17.10.0`]]),
	docker('run', '1.0', ofMaking, { stops: true, valued: valuedInMaking }, lateInMaking),
	docker('create', '1.3', ofMaking, { stops: true, valued: valuedInMaking }, lateInMaking),
	docker('exec', '1.3', '--interactive', { stops: true, valued: ['--env', '-e', '--workdir', '-w'] }, [
		['--env -e', '1.13', 'Docker Engine API version history, v1.25: "POST /containers/(id or name)/exec now accepts an Env field"'], ['--workdir -w', '17.12', 'Docker Engine API version history, v1.35'], ['--env-file', '20.10', `${dockerChangelog}, 20.10.0`],
	]),
	docker('cp', '1.8', ''),
	docker('start', '1.0', ''),
	docker('stop', '1.0', '-t', { valued: ['-t'] }, [['-s --signal', '23.0', `${dockerChangelog}, 23.0.0`]]),
	docker('rm', '1.0', ''),
	docker('rename', '1.5', ''),
	docker('wait', '1.0', ''),
	docker('update', '1.10', '--restart', { valued: ['--restart'] }),
	docker('pull', '1.0', '', {}, [['--quiet -q', '19.03', `${dockerChangelog}, 19.03.0`], ['--platform', '20.10', `${dockerChangelog}, 20.10.0`]]),
	docker('push', '1.0', '', {}, [['--all-tags -a', '20.10', `${dockerChangelog}, 20.10.0`]]),
	docker('tag', '1.0', ''),
	docker('save', '1.0', ''),
	docker('load', '1.0', '--input', { valued: ['--input'] }),
	docker('login', '1.0', '', {}, [['--password-stdin', '17.07', `${dockerChangelog}, 17.07.0`]]),
	{
		program: 'docker --format', package: 'docker', since: '1.8', source: 'docker/docker v1.13.0, utils/templates/templates.go; Go 1.7, text/template',
		options: [['range end if else eq ne index println printf', '1.8'], ['split join json lower upper title', '1.13'], ['-', '1.13', 'Go 1.6 release notes, text/template'], ['slice', '19.03', 'Go 1.13 release notes, text/template'], ['break continue', '23.0', 'Go 1.18 release notes, text/template']],
	},

	{ program: 'mysqld', package: 'mysql', since: '5.5', source: 'MySQL 5.5 Reference Manual, 5.1.6', options: [['--user --skip-networking --datadir --socket --pid-file', '5.5']] },
	{
		program: 'mysql', package: 'mysql', since: '5.5', source: `${mysqlManual}.1`, reading: { valued: ['--host', '--port', '--user', '--execute'] },
		options: [
			['--host --port --user --batch --skip-column-names --execute --connect-timeout --socket --ssl --ssl-ca --ssl-cert --ssl-key --ssl-cipher --ssl-verify-server-cert', '5.5'],
			['--default-character-set', '5.5.3', 'MySQL 5.5 Reference Manual, 10.1.10: utf8mb4 is there from 5.5.3 on'], ['--ssl-mode', '5.7.11', 'MySQL 5.7 Reference Manual, 4.2.3'],
		],
	},
	{
		program: 'mysqldump', package: 'mysql', since: '5.5', source: `${mysqlManual}.4`, reading: { valued: ['--host', '--port', '--user'] },
		options: [
			['--host --port --user --single-transaction --quick --socket --ssl --ssl-ca --ssl-cert --ssl-key --ssl-cipher --ssl-verify-server-cert', '5.5'],
			['--default-character-set', '5.5.3', 'MySQL 5.5 Reference Manual, 10.1.10'], ['--ssl-mode', '5.7.11', 'MySQL 5.7 Reference Manual, 4.2.3'], ['--set-gtid-purged', '5.6.9', 'MySQL 5.6 Reference Manual, 4.5.4'],
		],
	},
	{ program: 'mysqladmin', package: 'mysql', since: '5.5', source: `${mysqlManual}.2`, options: [] },
];
