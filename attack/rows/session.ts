/** Requests that are well formed and name what is not there, or not yet: what a page of an earlier version sends, or somebody who guesses. */
import type { Attack, Row } from '../attempt.ts';
import { nobody } from '../samples.ts';
import { bodyOf, call, goodMessage, withBody } from '../target.ts';
import type { Route } from '../routes.ts';
import type { Answer } from '../wire.ts';

/** A runbook of the server under attack, by name. */
export interface KnownRunbook {
	readonly id: string;
	/** A step of it that changes something, and is not the first. */
	readonly step: string;
	/** The steps before it. */
	readonly before: readonly string[];
	/** What its form takes: names of nobody and of nothing. */
	readonly values: Readonly<Record<string, string>>;
}

const start: Route = { method: 'POST', pattern: '/api/runs', kind: 'api' };
const marks: Route = { method: 'POST', pattern: '/api/sessions/:id/marks', kind: 'api' };

/** Opens one session and closes it afterwards: a session cannot be removed, so it says by its name whence it comes. */
export const wrongOrder = (runbook: KnownRunbook): Row => ({
	name: 'Request names what is not there',
	run: async (attack) => {
		const opened = await call(attack.target, 'POST', '/api/sessions', { runbook: runbook.id, name: 'npm run attack', values: runbook.values, detected: [] });
		const { session } = opened.body as { session: string };
		await attack.settle();
		const good = { session, runbook: runbook.id, step: runbook.step, kind: 'run', values: runbook.values, preview: '', confirmed: true, size: { columns: 80, rows: 24 } };
		const ask = (sent: string, body: object, statuses: readonly number[]) => attack.expect(sent, start, withBody(goodMessage(attack.target, start), body), statuses);
		await ask('an unknown session', { ...good, session: nobody }, [404]);
		await ask('an unknown runbook', { ...good, runbook: nobody }, [404]);
		await ask('a runbook of another family by path', { ...good, runbook: `../${runbook.id}` }, [404]);
		await ask('an unknown step', { ...good, step: nobody }, [404]);
		await ask('an unknown node', { ...good, node: nobody }, [404]);
		await ask('a later step first', good, [409]);
		await ask('a later step first, taken back', { ...good, kind: 'undo' }, [409]);
		await ask('a value that nobody asks for', { ...good, values: { [nobody.replace('-', '_')]: 'x' } }, [400, 409]);
		await ask('a size of a million', { ...good, size: { columns: 1e6, rows: 24 } }, [400]);
		await mark(attack, session, runbook);
		await spoilPreview(attack, runbook, good);
		await call(attack.target, 'PATCH', `/api/sessions/${session}`, { closed: true });
		await attack.settle();
		await ask('a step of a closed session', good, [409]);
	},
});

async function mark(attack: Attack, session: string, { step }: KnownRunbook): Promise<void> {
	const good = goodMessage(attack.target, marks);
	const target = good.target.replace(nobody, session);
	const ask = (sent: string, body: object, statuses: readonly number[]) => attack.expect(sent, marks, { ...withBody(good, body), target }, statuses);
	await ask('a mark on an unknown step', { step: nobody, mark: 'by-hand', reason: '' }, [404]);
	await ask('a mark that only a check can set', { step, mark: 'verified', reason: '' }, [400]);
	await ask('a step skipped without a reason', { step, mark: 'skipped', reason: '' }, [409]);
}

/** A preview with one byte too many, too few, or another. */
function offByAByte(preview: string): Readonly<Record<string, string>> {
	const letter = preview.search(/[a-z]/);
	const space = preview.lastIndexOf(' ');
	const put = (at: number, byte: string) => preview.slice(0, at) + byte + preview.slice(at + 1);
	return {
		'a space after it': `${preview} `,
		'a space before it': ` ${preview}`,
		'a line end after it': `${preview}\n`,
		'a NUL after it': `${preview}\0`,
		'its last byte missing': preview.slice(0, -1),
		'its first byte missing': preview.slice(1),
		'a letter in the other case': put(letter, preview.charAt(letter).toUpperCase()),
		'a tab for a space': put(space, '\t'),
		'its last byte another one': put(preview.length - 1, String.fromCharCode(preview.charCodeAt(preview.length - 1) ^ 1)),
	};
}

/**
 * The request is good but for a byte of what its reader saw. It asks for a step that changes something and never confirms it, so that a server that
 * does not mind the byte refuses all the same, by another name; and one that minds neither has only names of nobody to act on.
 */
async function spoilPreview(attack: Attack, runbook: KnownRunbook, good: { readonly session: string }): Promise<void> {
	const place = `/api/sessions/${good.session}/marks`;
	for (const step of runbook.before) await call(attack.target, 'POST', place, { step, mark: 'by-hand', reason: 'npm run attack' });
	await attack.settle();
	const ask = (sent: string, preview: string, expected: string) => attack.expect(sent, start, withBody(goodMessage(attack.target, start), { ...good, confirmed: false, preview }), [409], expected);
	const differs = 'preview.differs';
	const preview = renderedIn(await ask('no preview', '', differs));
	for (const [sent, spoiled] of Object.entries(offByAByte(preview))) await ask(`the preview with ${sent}`, spoiled, differs);
	await ask('the very preview, not confirmed', preview, 'step.needs-confirmation');
}

/** The command as the server makes it: it shows both when they differ. */
function renderedIn(answer: Answer): string {
	const body = bodyOf(answer);
	return typeof body === 'object' && body !== null && 'rendered' in body && typeof body.rendered === 'string' ? body.rendered : '';
}
