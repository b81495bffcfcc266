/**
 * A real sshd for one test: on loopback, at a port of its own, with host and user keys that are made for it, in a mount namespace with users of its own. Needs root and
 * Debian's openssh-server: tests/rig/install.sh.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface User {
	readonly name: string;
	/** Path of the login shell. */
	readonly shell?: string;
	/** 0 unless said: root by another name. */
	readonly uid?: number;
}

export interface SshdOptions {
	readonly users?: readonly User[];
	/** Lines of its configuration. */
	readonly config?: readonly string[];
	/** A network namespace that it listens in, by name, and the address there. */
	readonly network?: string;
	readonly address?: string;
}

export interface Sshd {
	readonly port: number;
	readonly folder: string;
	/** Programs in here go before all others there. */
	readonly bin: string;
	/** A configuration for `ssh -F`: every destination leads here, with the key and the known host. */
	readonly clientConfig: string;
	readonly knownHosts: string;
	home(user: string): string;
	/** Ends it, and every connection of it. */
	kill(): Promise<void>;
	start(): Promise<void>;
	close(): Promise<void>;
}

export async function freePort(): Promise<number> {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

export async function startSshd({ users = [{ name: 'far' }], config = [], network, address = '127.0.0.1' }: SshdOptions = {}): Promise<Sshd> {
	const folder = mkdtempSync(join(tmpdir(), 'drover-sshd-'));
	chmodSync(folder, 0o755);
	const bin = join(folder, 'bin');
	for (const name of ['bin', 'homes', 'keys']) mkdirSync(join(folder, name));
	const key = (name: string) => execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'made-for-a-test', '-f', join(folder, 'keys', name)]);
	key('host');
	key('user');
	const home = (user: string) => join(folder, 'homes', user);
	for (const { name, uid = 0 } of users) {
		mkdirSync(join(home(name), '.ssh'), { recursive: true, mode: 0o700 });
		writeFileSync(join(home(name), '.ssh/authorized_keys'), readFileSync(join(folder, 'keys/user.pub')));
		execFileSync('chown', ['-R', `${uid}:${uid}`, home(name)]);
	}
	symlinkSync('/usr/bin/busybox', join(folder, 'sh'));
	const passwd = users.map(({ name, uid = 0, shell = '/bin/bash' }) => `${name}:*:${uid}:${uid}::${home(name)}:${shell.replace('BUSYBOX', join(folder, 'sh'))}`);
	writeFileSync(join(folder, 'passwd'), `${readFileSync('/etc/passwd', 'utf8')}${passwd.join('\n')}\n`);
	const port = await freePort();
	const lines = [
		`Port ${port}`, `ListenAddress ${address}`, `HostKey ${join(folder, 'keys/host')}`, `PidFile ${join(folder, 'pid')}`, 'UsePAM no', 'StrictModes no', 'PermitRootLogin yes', 'PasswordAuthentication no',
		'KbdInteractiveAuthentication no', 'MaxStartups 100', 'LogLevel VERBOSE',
		...(config.some((line) => line.startsWith('SetEnv')) ? [] : [`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`]), ...config.map((line) => line.replaceAll('BIN', bin)),
	];
	writeFileSync(join(folder, 'sshd_config'), `${lines.join('\n')}\n`);
	const knownHosts = join(folder, 'known_hosts');
	const [type, text] = readFileSync(join(folder, 'keys/host.pub'), 'utf8').split(' ');
	writeFileSync(knownHosts, `[${address}]:${port} ${type} ${text}\n`);
	const clientConfig = join(folder, 'ssh_config');
	writeFileSync(clientConfig, `Host *\n\tHostName ${address}\n\tPort ${port}\n\tUser ${users[0]?.name}\n\tIdentityFile ${join(folder, 'keys/user')}\n\tIdentityAgent none\n\tIdentitiesOnly yes\n\tUserKnownHostsFile ${knownHosts}\n\tGlobalKnownHostsFile /dev/null\n`);
	mkdirSync('/run/sshd', { recursive: true });
	let child: ChildProcess | undefined;
	const start = async () => {
		const command = ['unshare', '--mount', 'sh', '-c', `mount --bind ${join(folder, 'passwd')} /etc/passwd && exec /usr/sbin/sshd -D -e -f ${join(folder, 'sshd_config')}`];
		const [program = '', ...args] = network === undefined ? command : ['nsenter', `--net=/run/netns/${network}`, ...command];
		child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
		await listening(child);
	};
	const kill = async () => {
		if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, 'exit');
		// The connections are processes of their own; their parent's end is not theirs.
		for (const pid of childrenOf(child.pid)) tryKill(pid);
		child.kill('SIGKILL');
		await gone;
	};
	await start();
	return { port, folder, bin, clientConfig, knownHosts, home, kill, start, close: async () => { await kill(); rmSync(folder, { recursive: true, force: true }); } };
}

/** Waits for the line by which it says that it takes connections. */
function listening(child: ChildProcess): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		said += text;
		if (said.includes('Server listening on')) resolve();
	});
	child.once('exit', () => reject(new Error(`sshd ended:\n${said}`)));
	return promise;
}

function childrenOf(pid: number): number[] {
	const own = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/));
	const below = (parent: number): number[] => own.filter(([, of, name]) => Number(of) === parent && name === 'sshd').flatMap(([one]) => [Number(one), ...below(Number(one))]);
	return below(pid);
}

function tryKill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}
