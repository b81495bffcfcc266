/** Each way in which a machine cannot be reached, by a real sshd and the reader's real ssh: one problem with a name, and nothing is accepted or weakened. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sshTo } from './rooms.ts';
import { freePort, startSshd, type Sshd, type SshdOptions } from './sshd.ts';

const open: Sshd[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function at(options: SshdOptions = {}): Promise<Sshd> {
	const sshd = await startSshd(options);
	open.push(sshd);
	return sshd;
}

const configure = (sshd: Sshd, pattern: RegExp | string, by: string) => writeFileSync(sshd.clientConfig, readFileSync(sshd.clientConfig, 'utf8').replace(pattern, by));
const why = async (sshd: Sshd, machine = 'far@far') => (await sshTo(sshd).ask({ ssh: machine, sudo: false }, { argv: ['true'], seconds: 20 }));

test('an unknown host key is not accepted, and stays unknown', async () => {
	const sshd = await at();
	writeFileSync(sshd.knownHosts, '');

	expect(await why(sshd)).toMatchObject({ kind: 'unreached', problem: { name: 'ssh.host-key-unknown', slots: { machine: 'far@far' } } });
	expect(readFileSync(sshd.knownHosts, 'utf8')).toBe('');
});

test('a changed host key is refused', async () => {
	const sshd = await at();
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(sshd.folder, 'keys/other')]);
	const [name = ''] = readFileSync(sshd.knownHosts, 'utf8').split(' ');
	const before = `${name} ${readFileSync(join(sshd.folder, 'keys/other.pub'), 'utf8').split(' ').slice(0, 2).join(' ')}\n`;
	writeFileSync(sshd.knownHosts, before);

	expect(await why(sshd)).toMatchObject({ problem: { name: 'ssh.host-key-changed' } });
	expect(readFileSync(sshd.knownHosts, 'utf8')).toBe(before);
});

test('a key that is not taken, and a password that would be asked for', async () => {
	const sshd = await at();
	writeFileSync(join(sshd.home('far'), '.ssh/authorized_keys'), '');
	expect(await why(sshd)).toMatchObject({ problem: { name: 'ssh.no-key' } });

	const asking = await at({ config: ['KbdInteractiveAuthentication yes'] });
	writeFileSync(join(asking.folder, 'sshd_config'), readFileSync(join(asking.folder, 'sshd_config'), 'utf8').replaceAll('PasswordAuthentication no', 'PasswordAuthentication yes'));
	writeFileSync(join(asking.home('far'), '.ssh/authorized_keys'), '');
	await asking.kill();
	await asking.start();
	expect(await why(asking)).toMatchObject({ problem: { name: 'ssh.asks-password' } });
});

test('a machine where nobody listens, and a name that nobody knows', async () => {
	const sshd = await at();
	configure(sshd, /Port \d+/, `Port ${await freePort()}`);
	expect(await why(sshd)).toMatchObject({ problem: { name: 'ssh.not-reached' }, detail: expect.stringMatching(/refused/) as string });

	configure(sshd, /HostName \S+/, 'HostName nowhere.invalid');
	expect(await why(sshd)).toMatchObject({ problem: { name: 'ssh.no-name' } });
});

test('an old sshd is told with the line for the configuration, and not reached by force', async () => {
	const sshd = await at({ config: ['KexAlgorithms diffie-hellman-group14-sha1'] });
	configure(sshd, 'IdentityAgent', 'KexAlgorithms curve25519-sha256\n\tIdentityAgent');

	expect(await why(sshd)).toMatchObject({ problem: { name: 'ssh.old-algorithms', slots: { machine: 'far@far', line: expect.stringMatching(/^KexAlgorithms \+diffie-hellman-group14-sha1/) as string } } });
});

test('a login shell that runs nothing, and one that has no bash', async () => {
	expect(await why(await at({ users: [{ name: 'far', shell: '/usr/sbin/nologin' }] }))).toMatchObject({ problem: { name: 'ssh.login-shell', slots: { detail: 'This account is currently not available.' } } });
	expect(await why(await at({ users: [{ name: 'far', shell: '/bin/dash' }], config: ['SetEnv PATH=BIN'] }))).toMatchObject({ problem: { name: 'ssh.no-bash' } });
});

test('sudo that would ask is told with the line for sudoers', async () => {
	const sshd = await at({ users: [{ name: 'ordinary', uid: 54_321 }] });

	expect(await sshTo(sshd).ask({ ssh: 'far', sudo: true }, { argv: ['true'], seconds: 20 })).toMatchObject({ problem: { name: 'ssh.no-sudo' } });
});

test('a configuration that ssh cannot read, and no ssh at all', async () => {
	const sshd = await at();
	configure(sshd, 'IdentityAgent', 'NoSuchOption yes\n\tIdentityAgent');
	expect(await why(sshd)).toMatchObject({ problem: { name: 'ssh.configuration' } });

	expect(await sshTo(sshd, { PATH: '/nowhere' }).ask({ ssh: 'far', sudo: false }, { argv: ['true'], seconds: 20 })).toMatchObject({ problem: { name: 'ssh.missing' } });
});

test('what a reader did not ask for is not forwarded, whatever stands in his configuration', async () => {
	const sshd = await at({ config: ['AllowAgentForwarding yes'] });
	const port = await freePort();
	configure(sshd, 'IdentityAgent', `ForwardAgent yes\n\tRemoteCommand echo other\n\tRequestTTY force\n\tLocalForward ${port} 127.0.0.1:1\n\tIdentityAgent`);

	const found = await sshTo(sshd, { SSH_AUTH_SOCK: '/nowhere/agent' }).ask({ ssh: 'far', sudo: false }, { argv: ['bash', '-c', String.raw`printf "%s|%s\0%d\n" "$SSH_AUTH_SOCK" "$(tty)" 0`], seconds: 20 });

	expect(found).toMatchObject({ kind: 'answer', exit: 0 });
	expect(found.kind === 'answer' && found.output.toString()).toBe('|not a tty');
});
