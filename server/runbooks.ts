import { createHash } from 'node:crypto';
import { ownLayout } from '../src/content/content-config.ts';
import type { Content, FamilyContent } from '../src/content/content.ts';
import { rulesOf } from '../src/families/families.ts';
import type { Runbook, Step } from '../src/runbook/definition/definition.ts';
import { problem, Refusal } from '../src/runbook/problem.ts';
import { resolve, type Captured, type Resolved } from '../src/runbook/values/resolve.ts';
import { suggest } from '../src/runbook/text/suggest.ts';
import type { Values } from '../src/runbook/values/value.ts';

/** What this server can run, and nothing else: ids are looked up here, never joined to a path. */
export interface RunbookStore {
	readonly families: readonly FamilyContent[];
	/** Languages of the content. */
	readonly locales: readonly string[];
	readonly all: readonly Runbook[];
	/** @throws Refusal `runbook.unknown`. */
	get(id: string): Runbook;
	/** @throws Refusal `step.unknown`. */
	step(runbook: Runbook, id: string): Step;
	/** `captured`: what steps of the session gave to later ones. */
	resolve(runbook: Runbook, values: Values, captured?: Captured): Resolved;
	/** SHA-256 of a definition, in hexadecimal. */
	hash(runbook: Runbook): string;
	/** Takes the runbooks of other content in place of these. */
	reload(content: StoreContent): void;
}

export type StoreContent = Pick<Content, 'families'> & Partial<Content>;

export function createRunbookStore(first: StoreContent): RunbookStore {
	let now = indexOf(first);
	return {
		get families() {
			return now.families;
		},
		get locales() {
			return now.locales;
		},
		get all() {
			return now.all;
		},
		get: (id) => {
			const runbook = now.byId.get(id);
			if (!runbook) throw new Refusal(problem('runbook.unknown', { runbook: id.slice(0, 100), suggestion: suggest(id, now.byId.keys()) }));
			return runbook;
		},
		step: (runbook, id) => {
			const step = runbook.steps.find((one) => one.id === id);
			const known = runbook.steps.map((one) => one.id);
			if (!step) throw new Refusal(problem('step.unknown', { runbook: runbook.id, step: id.slice(0, 100), suggestion: suggest(id, known) }));
			return step;
		},
		resolve: (runbook, values, captured) => resolve(runbook, rulesOf(runbook.family), values, captured),
		hash: (runbook) => now.hashes.get(runbook.id) ?? '',
		reload: (content) => void (now = indexOf(content)),
	};
}

function indexOf({ families, config = ownLayout }: StoreContent) {
	const all = families.flatMap((family) => family.runbooks);
	return {
		families,
		locales: config.locales,
		all,
		byId: new Map(all.map((runbook) => [runbook.id, runbook])),
		hashes: new Map(all.map((runbook) => [runbook.id, createHash('sha256').update(JSON.stringify(runbook)).digest('hex')])),
	};
}
