/** The hostile requests of the threat table, against one running Drover. Tests call it, and so does `npm run attack`. */
import { randomBytes } from 'node:crypto';
import { openPaths } from '../server/access/admit.ts';
import { Attack, type Attempt, type Row } from './attempt.ts';
import { accessRoute, links, programArguments, proof, sha256, workers } from './rows/access.ts';
import { cookies, malformed, otherPage, rebinding, socketToken, token } from './rows/admission.ts';
import { big, commands, forms, paths, prototypes } from './rows/bodies.ts';
import { secondDrover } from './rows/lock.ts';
import { wide } from './rows/network.ts';
import { wrongOrder, type KnownRunbook } from './rows/session.ts';
import { crowd, elsewhere, followFlood, hostileFrames, slow } from './rows/sockets.ts';
import { allRoutes } from './routes.ts';
import { goodMessage, send, withBody, type Target } from './target.ts';
import type { Place } from './wire.ts';

export const rows = (runbook: KnownRunbook): readonly Row[] => [
	rebinding, malformed, otherPage, cookies, token, oneTimeCode, proof, programArguments, workers, links, socketToken, elsewhere, commands, wrongOrder(runbook), forms, big, prototypes, paths, hostileFrames, followFlood(runbook), crowd, slow, wide, secondDrover,
];

/** Exchanges the code for a token. @throws RangeError when the code is refused. */
export async function signIn(place: Place, code: string): Promise<string> {
	const target = { ...place, token: 'none' };
	const token = randomBytes(32).toString('base64url');
	const answer = await send(target, withBody(goodMessage(target, accessRoute), { code, token: sha256(token).toString('hex') }));
	if (answer.status !== 204) throw new RangeError(`Cannot sign in: the code was refused (HTTP ${answer.status}). Press Enter where Drover runs to get a new one.`);
	return token;
}

const oneTimeCode: Row = {
	name: 'One-time code',
	run: async (attack) => {
		const ask = (sent: string, code: string) => attack.expect(sent, accessRoute, withBody(goodMessage(attack.target, accessRoute), { code, token: sha256('ours').toString('hex') }), [401]);
		await ask('a code that nobody made', 'A'.repeat(22));
		await ask('an empty code', '');
		await ask('the token as a code', attack.target.token);
	},
};

/** Routes of a good server let a good request come to them: otherwise a refusal would prove nothing. */
export const admissionOfGood: Row = {
	name: 'Good requests',
	run: async (attack) => {
		for (const route of attack.routes) {
			const statuses = route.kind === 'upgrade' ? [101] : openPaths.includes(route.pattern) ? [401] : [200, 202, 301, 302, 304, 400, 404, 409, 503];
			await attack.expect('a good request', route, goodMessage(attack.target, route), statuses);
		}
		await attack.settle();
	},
};

export const allRows = (runbook: KnownRunbook): readonly Row[] => [admissionOfGood, ...rows(runbook)];

export interface SuiteOptions {
	readonly runbook: KnownRunbook;
	readonly onRow?: (name: string) => void;
	readonly only?: readonly Row[];
}

/** Runs every row. The server should have nothing else to do meanwhile: whatever changes is taken for the attacker's doing. */
export async function attackAll(target: Target, { runbook, onRow, only }: SuiteOptions): Promise<readonly Attempt[]> {
	const attack = new Attack(target, allRoutes());
	for (const row of only ?? allRows(runbook)) {
		onRow?.(row.name);
		await attack.run(row);
	}
	return attack.attempts;
}
