import { hostname, userInfo } from 'node:os';
import type { Opener } from '../../src/runbook/session/session-event.ts';

/** Returns who runs this server and on which machine, as far as the system says; behind `sudo`, also who called it. */
export function whoOpens(env: NodeJS.ProcessEnv = process.env): Opener {
	const user = userName(env);
	const login = env['SUDO_USER'];
	return { user: short(user), host: short(hostname()), ...(login && login !== user && { login: short(login) }) };
}

/** A user without an entry in the password database has a number only. */
function userName(env: NodeJS.ProcessEnv): string {
	try {
		return userInfo().username;
	} catch {
		return env['USER'] || `uid ${process.geteuid?.() ?? '?'}`;
	}
}

const short = (text: string) => text.slice(0, 200);
