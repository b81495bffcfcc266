/**
 * The tab's access token. The address that Drover prints carries a one-time code in its fragment; `first-paint.js` moves it from there into the tab. It is posted once, with the
 * hash of a token that this tab has made. Both are kept until the answer is here: a page that is left at any moment has a successor that goes on. The token lives in
 * `sessionStorage`; a further tab of the same origin asks the others for it. A code that this browser has exchanged already is not posted with another token, by no tab and
 * after no reload: to the server a code that comes twice means that somebody else has read it.
 */
import { forgetCode, noteCode } from './code-notes.ts';
import { hashOf } from '../ground/hash.ts';
import { siteRoot } from '../ground/locale.ts';
import { makeSecret } from '../ground/secret.ts';
import { isControlled, removeWorkers } from './service-workers.ts';
import { tabKept } from '../ground/storage.ts';

const key = 'drover.token';
/** A code and, once it is posted, the token that it is posted with, until the answer is here. */
const askedKey = 'drover.asked';
/** Stands in place of a token that holds no longer, so that the page can say so after a reload as well. */
const expiredKey = 'drover.expired';
const channelName = 'drover.access';
/**
 * How long the other tabs are given to say that they have a token: where this browser has posted the code, the tab that did may still be loading its scripts, and does not
 * listen yet. And how long who says so is given, to have the server proved first.
 */
const answerMs = 250;
const usedAnswerMs = 3_000;
const proofMs = 5_000;

export type FoundToken =
	| { readonly kind: 'token'; readonly token: string }
	| { readonly kind: 'none' | 'expired' | 'code-refused' | 'gone' }
	/** A service worker of another program stays. */
	| { readonly kind: 'worker' };

/** Finds the token: by the code in the address, in the tab, or from another tab. A code that was used up, as in a history, takes nothing from a tab that has a token. */
export async function findToken(): Promise<FoundToken> {
	if (isControlled()) {
		await removeWorkers();
		forgetAsked();
		return { kind: 'worker' };
	}
	const asked = readAsked();
	const redeemed = asked && (await redeemOnce(asked));
	if (redeemed && redeemed.kind !== 'code-refused') return redeemed;
	const own = tabKept.read(key);
	if (own !== undefined) return { kind: 'token', token: own };
	const given = await askOtherTabs(redeemed ? usedAnswerMs : answerMs);
	if (given === undefined) return redeemed ?? { kind: tabKept.read(expiredKey) === undefined ? 'none' : 'expired' };
	keep(given);
	return { kind: 'token', token: given };
}

/** The server does not know the token any more. */
export function expireToken(): void {
	tabKept.remove(key);
	tabKept.write(expiredKey, 'yes');
}

/** Answers other tabs for as long as this page has a token. It is said after a proof only: the page that asks came from whoever answers at this address now. */
export function shareToken(prove: () => Promise<void>): void {
	const channel = new BroadcastChannel(channelName);
	channel.addEventListener('message', ({ data }) => {
		if (data !== 'ask' || tabKept.read(key) === undefined) return;
		channel.postMessage('wait');
		void prove().then(
			() => {
				const token = tabKept.read(key);
				if (token !== undefined) channel.postMessage({ token });
			},
			// Whoever answers there gets nothing; this page finds out by itself.
			() => undefined,
		);
	});
}

interface Asked {
	readonly code: string;
	readonly token: string | undefined;
}

/** Where the browser keeps nothing, the code is still in the address. */
function readAsked(): Asked | undefined {
	const inAddress = /^#code=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
	const [kept, token] = tabKept.read(askedKey)?.split(' ') ?? [];
	const code = inAddress ?? kept;
	return code === undefined ? undefined : { code, token: code === kept ? token : undefined };
}

function forgetAsked(): void {
	tabKept.remove(askedKey);
	clearAddress();
}

function clearAddress(): void {
	if (location.hash.startsWith('#code=')) history.replaceState(null, '', location.pathname + location.search);
}

/** One tab at a time: two that are opened on one address at once must not both post its code. */
async function redeemOnce({ code, token }: Asked): Promise<FoundToken> {
	const hash = await hashOf(code);
	return navigator.locks.request(`${channelName}.code`, async () => {
		const noted = await noteCode(hash);
		if (noted === 'known' && token === undefined) {
			forgetAsked();
			return { kind: 'code-refused' };
		}
		// Where nothing can be noted, another tab that has a token has most likely exchanged this code.
		const given = noted === 'cannot' && token === undefined ? await askOtherTabs() : undefined;
		if (given !== undefined) {
			forgetAsked();
			keep(given);
			return { kind: 'token', token: given };
		}
		const redeemed = await redeem(code, token ?? makeSecret());
		// Nobody heard of it: it may be tried again, by another tab as well.
		if (redeemed.kind === 'gone' && noted === 'new') await forgetCode(hash);
		return redeemed;
	});
}

async function redeem(code: string, token: string): Promise<FoundToken> {
	tabKept.write(askedKey, `${code} ${token}`);
	clearAddress();
	try {
		const answer = await fetch(new URL('api/access', siteRoot), {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ code, token: await hashOf(token) }),
		});
		tabKept.remove(askedKey);
		if (!answer.ok) return { kind: 'code-refused' };
		keep(token);
		return { kind: 'token', token };
	} catch {
		return { kind: 'gone' };
	}
}

/** Without storage the token lives as long as the page. */
function keep(token: string): void {
	tabKept.write(key, token);
	tabKept.remove(expiredKey);
}

function askOtherTabs(forMs = answerMs): Promise<string | undefined> {
	const channel = new BroadcastChannel(channelName);
	return new Promise((resolve) => {
		const done = (token?: string) => {
			clearTimeout(timer);
			clearInterval(asking);
			channel.close();
			resolve(token);
		};
		let timer = setTimeout(done, forMs);
		channel.addEventListener('message', ({ data }) => {
			if (data === 'wait') {
				clearInterval(asking);
				clearTimeout(timer);
				timer = setTimeout(done, proofMs);
			}
			if (typeof data === 'object' && data !== null && 'token' in data && typeof data.token === 'string') done(data.token);
		});
		const ask = () => channel.postMessage('ask');
		const asking = setInterval(ask, answerMs);
		ask();
	});
}
