/**
 * Commands that are known to change something, for steps and checks that say they only read. A program that is not here may still change things: an author answers for it.
 */

/** Programs that do nothing else. */
const programs = new Set(
	(
		'rm rmdir unlink shred mv cp install mkdir touch chmod chown chgrp chattr setfacl ln dd truncate mkfifo mknod mkfs mkswap wipefs parted sgdisk sfdisk mount umount swapon swapoff losetup ' +
		'kill pkill killall reboot shutdown halt poweroff useradd userdel usermod groupadd groupdel passwd chpasswd patch tee rsync scp modprobe rmmod insmod'
	).split(' '),
);

/** What the words of a program with many tasks begin with when it changes something. */
const tasks: Readonly<Record<string, RegExp>> = {
	docker:
		/^(?:(?:container )?(?:rm|stop|start|restart|kill|pause|unpause|rename|update|create|cp|commit)|(?:container )?run(?! (?:\S+ )*--rm\b)|(?:image )?(?:rmi|pull|push|load|import|tag|build)|image (?:rm|prune)|volume (?:rm|create|prune)|network (?:rm|create|prune|connect|disconnect)|container prune|system prune|builder prune|compose (?:\S+ )*?(?:up|down|rm|stop|start|restart|pull|create|kill)|swarm (?:init|join|leave)|stack (?:deploy|rm)|service (?:create|rm|update|scale)|login|logout)(?: |$)/,
	systemctl: /^(?:\S+ )*?(?:start|stop|restart|reload|enable|disable|mask|unmask|kill|daemon-reload|isolate|reboot|poweroff|set-\S+)(?: |$)/,
	service: /^\S+ (?:start|stop|restart|reload)(?: |$)/,
	kubectl: /^(?:\S+ )*?(?:apply|create|delete|edit|patch|replace|scale|rollout (?:restart|undo)|drain|cordon|uncordon|taint|label|annotate|set|cp)(?: |$)/,
	helm: /^(?:install|upgrade|uninstall|rollback|delete)(?: |$)/,
	git: /^(?:\S+ )*?(?:push|commit|reset|clean|checkout|merge|rebase|pull|clone|init|rm|mv|stash)(?: |$)/,
	apt: /^(?:\S+ )*?(?:install|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|update|clean)(?: |$)/,
	'apt-get': /^(?:\S+ )*?(?:install|remove|purge|upgrade|dist-upgrade|autoremove|update|clean)(?: |$)/,
	yum: /^(?:\S+ )*?(?:install|remove|erase|update|upgrade|clean)(?: |$)/,
	dnf: /^(?:\S+ )*?(?:install|remove|erase|update|upgrade|clean)(?: |$)/,
	pip: /^(?:install|uninstall)(?: |$)/,
	npm: /^(?:install|ci|uninstall|publish)(?: |$)/,
	ip: /^(?:\S+ )*?(?:add|del|delete|set|flush|replace)(?: |$)/,
	iptables: /^(?:\S+ )*?-[ADIRFXNP](?: |$)/,
	crontab: /^(?!-l)/,
	sed: /^(?:\S+ )*?(?:-[A-Za-z]*i\S*|--in-place\S*)(?: |$)/,
	find: / -(?:delete|exec (?:rm|mv|cp|chmod|chown)|fprint\S*)(?: |$)/,
	tar: /^(?:\S+ )*?(?:-?[A-Za-z]*[xcru][A-Za-z]*|--(?:extract|create|append|update|delete))(?: |$)/,
	curl: /^(?:\S+ )*?(?:(?:-X|--request)[ =]?(?:POST|PUT|PATCH|DELETE)|-d|--data\S*|-F|--form\S*|-T|--upload-file|-o|-O|--output|--remote-name)(?: |=|$)/,
	az: /^(?:\S+ )+?(?:create|delete|update|start|stop|restart|deallocate|attach|detach|set|add|remove)(?: |$)/,
	aws: /^\S+ (?:create|delete|put|update|terminate|run|start|stop|modify|attach|detach)\S*(?: |$)/,
};
/** Of tar, words that read although one of their letters looks otherwise. */
const reading = /^tar (?:\S+ )*?(?:-?[A-Za-z]*t[A-Za-z]*|--(?:list|compare|diff|to-stdout)|-[A-Za-z]*O[A-Za-z]*)(?: |$)/;
const carriers = new Set(['sudo', 'doas', 'env', 'timeout', 'nice', 'ionice', 'nohup', 'setsid', 'command', 'exec', 'time', 'xargs', 'busybox']);

/** What of a command changes something, as its first words; undefined for one of which nothing is known. */
export function findChange(words: readonly string[]): string | undefined {
	let index = 0;
	let carried = false;
	for (; index < words.length; index += 1) {
		const word = words[index] ?? '';
		if (/^[A-Za-z_]\w*=/.test(word) || (carried && /^(?:-|\d+[smhd]?$)/.test(word))) continue;
		if (!carriers.has(word)) break;
		carried = true;
	}
	const [path = '', ...rest] = words.slice(index);
	const program = path.split('/').at(-1) ?? '';
	const line = rest.join(' ');
	if (/^mkfs\./.test(program) || programs.has(program)) return program === 'tee' && rest.every((word) => word.startsWith('/dev/')) ? undefined : program;
	if (!Object.hasOwn(tasks, program) || reading.test(`${program} ${line}`)) return undefined;
	const found = tasks[program]?.exec(line)?.[0];
	return found === undefined ? undefined : [program, ...found.trim().split(' ').filter((word) => !word.startsWith('-')).slice(0, 3)].join(' ');
}
