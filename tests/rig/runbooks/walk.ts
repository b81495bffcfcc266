/**
 * Walks a runbook on a real Docker engine as the server does: values are resolved, each step is rendered, its argv is executed, its checks are looked
 * at by the server's own observer. Only the terminal, the journal and the page are left out.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runChecks, checkHint, type ChecksResult } from '../../../server/checks/run-checks.ts';
import { readerEnvironment } from '../../../server/environment.ts';
import { readContent } from '../../../src/content/read-content.ts';
import { rulesOf } from '../../../src/families/families.ts';
import type { Check, Runbook, Step } from '../../../src/runbook/definition/definition.ts';
import type { Made } from '../../../src/runbook/run/made-schema.ts';
import { madeUse } from '../../../src/runbook/definition/made-use.ts';
import { MadeReader, makesContainer } from '../../../src/runbook/run/made.ts';
import { nodesOf, renderStep, type Rendered } from '../../../src/runbook/command/render.ts';
import { holds, resolve, type Resolved } from '../../../src/runbook/values/resolve.ts';
import { isPassed } from '../../../src/runbook/session/session.ts';
import type { Node } from '../../../src/runbook/values/value-types.ts';
import type { Values } from '../../../src/runbook/values/value.ts';

const content = readContent(join(import.meta.dirname, '../../..'));
const family = content.families.find((one) => one.id === 'rancher-1.6');

export function runbookNamed(name: string): Runbook {
	const found = family?.runbooks.find((one) => one.id === `rancher-1.6/${name}`);
	if (!found) throw new RangeError(`Cannot walk "${name}": ${JSON.stringify(content.lintErrors)}`);
	return found;
}

export interface Ended {
	readonly code: number;
	readonly output: string;
}

/** What became of a step. `looked`: it has no command, and its check passed. `by-hand`: nothing of it can be run or looked at here. */
export type Outcome = 'verified' | 'ran' | 'found' | 'looked' | 'by-hand' | 'left-out' | 'tolerated';

export interface WalkOptions {
	/** The folder that relative paths start from. */
	readonly folder: string;
	/** Steps whose check fails on this machine for a known reason: a reader would override them. */
	readonly tolerate?: readonly string[];
	/** What a command needs on the machines of nodes elsewhere, by the node's name: where it is given, the command runs there, as a reader would run it. */
	readonly elsewhere?: Readonly<Record<string, Readonly<Record<string, string>>>>;
	/** How long a check may be waited for altogether; a server of the rig is up long before five minutes. */
	readonly patienceMs?: number;
	/** Told of every step whose command was executed or, where it has none, whose check was looked at; and which of its commands it was, from 1. */
	readonly onStep?: (step: string, command?: number) => void;
}

/** `passed`: it settles the step; a warning does too. */
export interface Seen extends ChecksResult {
	readonly passed: boolean;
}

interface Done {
	readonly made?: Made;
	readonly step: Step;
	readonly node?: Node;
	readonly resolved: Resolved;
}

export class Walk {
	readonly runbook: Runbook;
	readonly #values: Values;
	readonly #options: WalkOptions;
	readonly #done: Done[] = [];
	/** What the last run of a step printed, by step. */
	readonly #printed = new Map<string, string>();
	readonly outcomes = new Map<string, Outcome>();

	constructor(name: string, values: Values, options: WalkOptions) {
		this.runbook = runbookNamed(name);
		this.#values = values;
		this.#options = options;
	}

	get resolved(): Resolved {
		return resolve(this.runbook, rulesOf(this.runbook.family), this.#values);
	}

	step(id: string): Step {
		const found = this.runbook.steps.find((one) => one.id === id);
		if (!found) throw new RangeError(`Cannot find step "${id}" of ${this.runbook.id}.`);
		return found;
	}

	/** Takes every step up to and with `last`, in order, the preflight left out where another walk has looked at the same. @throws Error at the first that does not work. */
	async through(last?: string, { preflight = true } = {}): Promise<void> {
		for (const step of this.runbook.steps) {
			if (step.phase === 'preflight' && !preflight) continue;
			const nodes = nodesOf(step, this.resolved);
			for (const node of nodes) if (!this.outcomes.has(keyOf(step, node))) await this.take(step.id, node);
			if (step.id === last) return;
		}
	}

	/** Takes one step: looks whether it is needed, runs it, waits for its check. */
	async take(id: string, node?: Node): Promise<Outcome> {
		const step = this.step(id);
		const outcome = await this.#take(step, node);
		this.outcomes.set(keyOf(step, node), outcome);
		return outcome;
	}

	async #take(step: Step, node: Node | undefined): Promise<Outcome> {
		const { resolved } = this;
		if (resolved.refused.length > 0) throw new Error(`The values are refused: ${JSON.stringify(resolved.refused)}`);
		if (!holds(step.when, resolved.answers, node)) return 'left-out';
		const there = node && node.ssh !== '' ? this.#options.elsewhere?.[node.name] : undefined;
		if (node && node.ssh !== '' && !there) return 'by-hand';
		const at = { step: step.id, ...(node && { node }) };
		if (step.skipWhen.length > 0 && (await this.#look(step.skipWhen, resolved, node)).passed) return 'found';
		const rendered = renderStep(step, 'run', resolved, at);
		if (rendered) {
			this.#tell(step, resolved, node);
			const { code, output } = await this.#execute(rendered, step, there);
			this.#printed.set(keyOf(step, node), output);
			this.#done.push({ step, ...(node && { node }), resolved, ...madeIn(rendered, code, output) });
			if (code !== 0) throw new Error(`Step "${step.id}" of ${this.runbook.id} ended with ${code}:\n${rendered.display}\n${output}`);
		} else if (step.byHand && step.doneWhen.length === 0) return 'by-hand';
		if (step.doneWhen.length === 0) return 'ran';
		this.#options.onStep?.(step.id);
		const seen = await this.#look(step.doneWhen, resolved, node, !this.#options.tolerate?.includes(step.id));
		if (seen.saw.length === 0) return 'by-hand';
		if (!seen.passed && this.#options.tolerate?.includes(step.id)) return 'tolerated';
		if (!seen.passed) throw new Error(`Step "${step.id}" of ${this.runbook.id} is not done: ${JSON.stringify(seen.saw)}`);
		return rendered ? 'verified' : 'looked';
	}

	/** Runs a step's command and nothing else; for steps that are meant to fail. */
	async run(id: string, node?: Node): Promise<Ended> {
		const step = this.step(id);
		const { resolved } = this;
		const rendered = renderStep(step, 'run', resolved, { ...(node && { node }) });
		if (!rendered || rendered.problems.length > 0) throw new Error(`Step "${id}" has no command to run: ${JSON.stringify(rendered?.problems)}`);
		this.#tell(step, resolved, node);
		const ended = await this.#execute(rendered, step);
		this.#printed.set(keyOf(step, node), ended.output);
		this.#done.push({ step, ...(node && { node }), resolved, ...madeIn(rendered, ended.code, ended.output) });
		return ended;
	}

	/** Looks at a step's check once. */
	look(id: string, node?: Node): Promise<Seen> {
		return this.#look(this.step(id).doneWhen, this.resolved, node);
	}

	/** Looks at a step's check until it passes. */
	wait(id: string, node?: Node): Promise<Seen> {
		return this.#look(this.step(id).doneWhen, this.resolved, node, true);
	}

	lookSkip(id: string, node?: Node): Promise<Seen> {
		return this.#look(this.step(id).skipWhen, this.resolved, node);
	}

	/** The hints of a step that hold at this moment. */
	async hints(id: string, node?: Node): Promise<string[]> {
		const found: string[] = [];
		const step = { step: id, ...(node && { node }) };
		const printed = () => Promise.resolve(this.#printed.get(keyOf(this.step(id), node)));
		for (const [hint, check] of Object.entries(this.step(id).hints)) {
			const { result } = await checkHint(check, this.resolved, step, { folder: this.#options.folder, signal: AbortSignal.timeout(300_000) }, printed);
			if (isPassed(result)) found.push(hint);
		}
		return found;
	}

	/** Waits until a hint of a step holds. */
	async untilHint(id: string, hint: string, node?: Node): Promise<void> {
		const check = this.step(id).hints[hint];
		if (!check || check.kind === 'printed') throw new RangeError(`Step "${id}" has no hint "${hint}" that could be waited for.`);
		const patient: Check = { ...check, withinSeconds: 120 };
		const seen = await this.#look([patient], this.resolved, node, true);
		if (!seen.passed) throw new Error(`Hint "${id}.${hint}" does not show: ${JSON.stringify(seen.saw)}`);
	}

	/** Takes everything back that this walk has done, last first, and proves each; with `only`, no more than the newest run of that step. Returns the steps taken back. */
	async back(only?: string): Promise<string[]> {
		const taken: string[] = [];
		for (let done = this.#done.pop(); done; done = this.#done.pop()) {
			const { step, node, resolved, made } = done;
			if (step.effect === 'read' || step.undo.length === 0) continue;
			if (made?.kind === 'nothing' && madeUse(step) === 'only') continue;
			const rendered = renderStep(step, 'undo', resolved, { ...(node && { node }), ...(made && { made }) });
			if (!rendered) continue;
			const there = node ? this.#options.elsewhere?.[node.name] : undefined;
			const { code, output } = await this.#execute(rendered, step, there);
			if (code !== 0) throw new Error(`The way back from "${step.id}" of ${this.runbook.id} ended with ${code}:\n${rendered.display}\n${output}`);
			if (step.undoneWhen.length > 0) {
				const seen = await this.#look(step.undoneWhen, resolved, node, true, made);
				if (!seen.passed && seen.saw.length > 0) throw new Error(`The way back from "${step.id}" of ${this.runbook.id} is not proven: ${JSON.stringify(seen.saw)}`);
			}
			taken.push(keyOf(step, node));
			if (step.id === only) break;
		}
		return taken;
	}

	async #look(checks: readonly Check[], resolved: Resolved, node: Node | undefined, wait = false, made?: Made): Promise<Seen> {
		// A reader has time between two tries; a test has less, though each try takes time from what is waited for. What must hold for a while holds for a moment here.
		const eager = checks.map((check) => ({ ...check, everySeconds: Math.min(check.everySeconds, 0.7), forSeconds: Math.min(check.forSeconds, 0.5) }));
		const seen = await runChecks(eager, resolved, { step: '', ...(node && { node }), ...(made && { made }) }, { folder: this.#options.folder, signal: AbortSignal.timeout(this.#options.patienceMs ?? 300_000), wait });
		return { ...seen, passed: isPassed(seen.result) };
	}

	#tell(step: Step, resolved: Resolved, node: Node | undefined): void {
		this.#options.onStep?.(step.id, 1 + step.run.findIndex((command) => holds(command.when, resolved.answers, node)));
	}

	/** Runs a command here, or with what it needs on another machine. */
	#execute(rendered: Rendered, step: Step, there: Readonly<Record<string, string>> = {}): Promise<Ended> {
		if (rendered.problems.length > 0) throw new Error(`Step "${step.id}" of ${this.runbook.id} cannot be rendered: ${JSON.stringify(rendered.problems)}`);
		const [program = '', ...args] = rendered.argv;
		const { promise, resolve: settle, reject } = Promise.withResolvers<Ended>();
		const child = spawn(program, args, { cwd: this.#options.folder, env: { ...readerEnvironment(), ...there, ...rendered.env }, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
		child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
		child.on('error', reject);
		child.on('close', (code) => settle({ code: code ?? -1, output }));
		return promise;
	}
}

function madeIn({ argv }: Rendered, code: number, output: string): { made?: Made } {
	if (!makesContainer(argv)) return {};
	const reader = new MadeReader();
	reader.add(output);
	return { made: reader.result({ code }) };
}

function keyOf(step: Step, node: Node | undefined): string {
	return node ? `${step.id}@${node.name}` : step.id;
}
