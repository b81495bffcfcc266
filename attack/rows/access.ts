/** What the address, the token and the port are worth to who has seen them, or has them next. */
import { createHash, createHmac } from 'node:crypto';
import { proofText } from '../../src/runbook/protocol/protocol.ts';
import type { Attack, Row } from '../attempt.ts';
import { frame, opcode, openRaw } from '../frames.ts';
import type { Route } from '../routes.ts';
import { nobody } from '../samples.ts';
import { argumentsOfOthers } from '../server-process.ts';
import { bodyOf, goodMessage, send, withBody, withHeader } from '../target.ts';
import type { Message } from '../wire.ts';

export const accessRoute: Route = { method: 'POST', pattern: '/api/access', kind: 'api' };
const proofRoute: Route = { method: 'POST', pattern: '/api/access/proof', kind: 'api' };
const status: Route = { method: 'GET', pattern: '/api/status', kind: 'api' };

/** The code that the token came from comes again. The token has been used by then: it stays good, and its tab is told. */
export const usedCode = (code: string): Row => ({
	name: 'Code a second time',
	run: async (attack) => {
		const tab = await openRaw(attack.target);
		await attack.expect('the code once more', accessRoute, withBody(goodMessage(attack.target, accessRoute), { code, token: 'f'.repeat(64) }), [401], 'access.code-refused');
		// What the socket answers to this comes after what it was told before.
		tab.write(frame(opcode.text, JSON.stringify({ type: 'run.follow', run: nobody, from: 0 })));
		await tab.saw('run.unknown');
		const told = await Promise.race([tab.saw('"type":"access.again","at":1'), Promise.resolve(false)]);
		await attack.note('the code once more', '/api/socket', 'its tab is told', told ? 'its tab is told' : 'nothing is told', told);
		await attack.expect('the token of that code, which was in use', status, goodMessage(attack.target, status), [200]);
		tab.end();
	},
});

export const sha256 = (of: string | Buffer): Buffer => createHash('sha256').update(of).digest();

/** Who relays between a page and Drover, or guesses what a page would ask. */
export const proof: Row = {
	name: 'Proof of the server',
	run: async (attack) => {
		const { target } = attack;
		const [key, nonce] = [sha256(target.token), 'n'.repeat(43)];
		const id = sha256(key).toString('hex');
		const good = withHeader(goodMessage(target, proofRoute), 'Authorization');
		const ask = (sent: string, body: object, statuses: readonly number[]) => attack.expect(sent, proofRoute, withBody(good, body), statuses);
		await ask('the name of a token that nobody has', { id: 'f'.repeat(64), nonce }, [401]);
		await ask('the hash of the token in place of its name', { id: key.toString('hex'), nonce }, [401]);
		await ask('the token in place of its name', { id: target.token, nonce }, [400]);
		await ask('a nonce that brings a port of its own', { id, nonce: `${nonce.slice(0, -5)}\n4600` }, [400]);
		await ask('a nonce and a port', { id, nonce, port: target.port + 1 }, [400]);
		await ask('no nonce', { id, nonce: '' }, [400]);
		await ask('the nonce as a list', { id, nonce: [nonce] }, [400]);
		const answer = bodyOf(await ask('a good question', { id, nonce }, [200]));
		const proven = typeof answer === 'object' && answer !== null && 'proof' in answer ? String(answer.proof) : '';
		const sign = (port: number) => createHmac('sha256', key).update(proofText(port, nonce)).digest('hex');
		const isOurs = proven === sign(target.port) && proven !== sign(target.port + 1);
		await attack.note('the proof at another port', proofRoute.pattern, 'good at this port alone', isOurs ? 'good at this port alone' : proven, isOurs);
		for (const [sent, bearer] of Object.entries({ 'the hash of the token': key.toString('hex'), 'the name of the token': id, 'the proof': proven, 'the nonce': nonce })) {
			await attack.expect(`${sent} as a token`, status, withHeader(goodMessage(target, status), 'Authorization', `Bearer ${bearer}`), [401]);
		}
	},
};

/** A browser that asks for a worker's script gets the one that removes workers, whatever the path is and whoever is let in. */
export const workers: Row = {
	name: 'Service worker',
	run: async (attack) => {
		const paths = ['/', '/sw.js', '/service-worker.js', '/en/sw.js', '/en/', '/api/status', '/api/sw.js', `/${nobody}`];
		for (const target of paths) await askForScript(attack, target);
		const foreign: Message = { method: 'GET', target: '/sw.js', headers: [['Host', `127.0.0.1:${attack.target.port}`], ['Origin', 'http://evil.example'], ['Service-Worker', 'script'], ['Connection', 'close']] };
		await attack.expect('a worker of another origin', { method: 'GET', pattern: '/sw.js', kind: 'page' }, foreign, [403]);
	},
};

async function askForScript(attack: Attack, path: string): Promise<void> {
	const headers = [['Host', `127.0.0.1:${attack.target.port}`], ['Service-Worker', 'script'], ['Sec-Fetch-Dest', 'serviceworker'], ['Sec-Fetch-Site', 'same-origin'], ['Connection', 'close']] as const;
	const answer = await send(attack.target, { method: 'GET', target: path, headers });
	const header = (name: string) => answer.headers.find(([one]) => one === name)?.[1] ?? '';
	const isRemoval = answer.status === 200 && answer.body.includes('registration.unregister()') && !/fetch\s*\(|addEventListener\('fetch'/.test(answer.body);
	const isFresh = header('cache-control') === 'no-store' && header('service-worker-allowed') === '' && header('content-type').startsWith('text/javascript');
	const got = isRemoval && isFresh ? 'the worker that removes itself' : `${answer.status} ${header('content-type')}, ${header('cache-control')}`;
	await attack.note('a request for a worker', path, 'the worker that removes itself', got, isRemoval && isFresh);
}

/** What a page elsewhere can make a browser do by a link: open an address, with what it likes after it. */
export const links: Row = {
	name: 'A link that acts',
	run: async (attack) => {
		const page: Route = { method: 'GET', pattern: '/en/', kind: 'page' };
		const navigation = (target: string, ...more: Message['headers']): Message => ({ method: 'GET', target, headers: [['Host', `127.0.0.1:${attack.target.port}`], ['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Mode', 'navigate'], ['Connection', 'close'], ...more] });
		for (const query of [`look=${nobody}`, `detect=${nobody}`, `container=${nobody}&run=1`, 'code=x', `session=${nobody}&mark=by-hand`]) await attack.expect(`a link with ?${query}`, page, navigation(`/en/?${query}`), [200, 301, 404]);
		const acting = attack.routes.filter(({ kind, method }) => kind === 'api' && method !== 'GET' && method !== 'HEAD');
		for (const route of acting) {
			const { target } = goodMessage(attack.target, route);
			await attack.expect('a link to what acts', route, navigation(target), [403]);
			const posing = withHeader(navigation(`${target}${target.includes('?') ? '&' : '?'}_method=${route.method}`, ['Authorization', `Bearer ${attack.target.token}`], ['X-HTTP-Method-Override', route.method]), 'Sec-Fetch-Site', 'same-origin');
			await attack.expect('GET that poses as another method', route, posing, [200, 404, 405]);
		}
	},
};

/** Another user of the machine reads what every program was started with. Who runs this attack gave the address himself, and is left out. */
export const programArguments: Row = {
	name: 'Arguments of programs',
	run: async (attack) => {
		const { token, port } = attack.target;
		const telling = argumentsOfOthers().filter((text) => text.includes(token) || text.includes(`:${port}/#code=`));
		await attack.note('a look at every program', '/proc/*/cmdline', 'neither code nor token', telling.length === 0 ? 'neither code nor token' : `${telling.length} programs tell it`, telling.length === 0);
	},
};
