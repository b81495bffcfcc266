/**
 * What the checks of every runbook say where Docker does not: its client never answers, is not there, cannot be run, or does not reach its engine. None of them may settle
 * anything: each check that asks Docker could not be done.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { runChecks } from '../../server/checks/run-checks.ts';
import { readContent } from '../../src/content/read-content.ts';
import { rulesOf } from '../../src/families/families.ts';
import { prepareCheck } from '../../src/runbook/check/check.ts';
import type { Check } from '../../src/runbook/definition/definition.ts';
import { programsOf } from '../../src/runbook/command/dependencies.ts';
import { resolve, type Resolved } from '../../src/runbook/values/resolve.ts';
import { targetsOf } from '../../src/runbook/session/targets.ts';
import type { Node } from '../../src/runbook/values/value-types.ts';
import { makeFolder } from '../server/make-folder.ts';
import { valueSetsOf } from './value-sets.ts';

interface Asking {
	readonly name: string;
	readonly check: Check;
	readonly resolved: Resolved;
	readonly step: string;
	readonly node?: Node;
}

/** Every check that asks Docker, once, with values that call for it. */
function checksOfDocker(): readonly Asking[] {
	const found = new Map<string, Asking>();
	for (const runbook of readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks)) {
		for (const values of valueSetsOf(runbook)) {
			const resolved = resolve(runbook, rulesOf(runbook.family), values);
			for (const step of runbook.steps) {
				// What a run printed is no question to Docker.
				const asked = Object.entries(step.hints).flatMap(([name, hint]): [string, Check][] => (hint.kind === 'printed' ? [] : [[name, hint]]));
				const groups = { skip: step.skipWhen, done: step.doneWhen, undone: step.undoneWhen, ...Object.fromEntries(asked) };
				for (const { node } of targetsOf(step, resolved).filter(({ applies }) => applies)) {
					for (const [group, checks] of Object.entries(groups)) {
						// A hint that is about this very state.
						if (group === 'not-running') continue;
						for (const check of [checks].flat()) {
							const key = JSON.stringify(check);
							if (found.has(key)) continue;
							const look = prepareCheck(check, resolved, { step: step.id, ...(node && { node }), made: { kind: 'container', id: 'a'.repeat(64) } })?.probe;
							if (look?.kind !== 'command' || !programsOf(look.command.argv).has('docker')) continue;
							found.set(key, { name: `${runbook.id} ${step.id} ${group}: ${look.command.argv.at(-1)?.trim().slice(-160) ?? ''}`, check, resolved, step: step.id, ...(node && { node }) });
						}
					}
				}
			}
		}
	}
	return [...found.values()];
}

const asking = checksOfDocker();
const usual = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** A folder with every usual program but Docker's client, and in its place what `docker` is; undefined: nothing. */
function pathWith(docker: string | undefined): string {
	const folder = makeFolder();
	for (const place of usual.filter(existsSync)) for (const name of readdirSync(place)) if (name !== 'docker' && !existsSync(join(folder, name))) try { symlinkSync(join(place, name), join(folder, name)); } catch { /* A link to nothing. */ }
	if (docker === undefined) return folder;
	writeFileSync(join(folder, 'docker'), docker);
	chmodSync(join(folder, 'docker'), 0o755);
	return folder;
}

afterEach(() => {
	vi.unstubAllEnvs();
});

/** The results of the checks, some at a time; `called` says of each whether Docker's client was asked. */
async function resultsOf(checks: readonly Asking[], path: string, seconds: number, workers = 6): Promise<readonly (Asking & { result: string; called: boolean })[]> {
	vi.stubEnv('PATH', path);
	const results: (Asking & { result: string; called: boolean })[] = [];
	const waiting = [...checks];
	const worker = async () => {
		for (let one = waiting.shift(); one; one = waiting.shift()) {
			const folder = makeFolder();
			mkdirSync(join(folder, 'marks'));
			const check = { ...one.check, timeoutSeconds: seconds };
			const { result, saw } = await runChecks([check], one.resolved, { step: one.step, ...(one.node && { node: one.node }), made: { kind: 'container', id: 'a'.repeat(64) } }, { folder, signal: new AbortController().signal, wait: false });
			results.push({ ...one, result: `${result} ${JSON.stringify(saw)}`, called: existsSync(join(folder, 'called')) });
			rmSync(folder, { recursive: true, force: true });
		}
	};
	await Promise.all(Array.from({ length: workers }, worker));
	return results;
}

const noEngine = 'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2\nexit 1\n';
const marks = '#!/bin/sh\n: > called\n';
const told = (results: readonly (Asking & { result: string })[]) => results.filter(({ result }) => !result.startsWith('could-not-check')).map(({ name, result }) => `${result}\n${name}`);

// A net for a busy machine: some two hundred checks, several programs each.
const net = { timeout: 600_000 };

test('no check is settled by a client of Docker that does not reach its engine', net, async () => {
	const results = await resultsOf(asking, pathWith(`${marks}${noEngine}`), 20);

	expect(results.filter(({ called }) => called).length).toBeGreaterThan(30);
	expect(told(results.filter(({ called }) => called))).toEqual([]);
});

test('no check is settled where there is no client of Docker', net, async () => {
	const called = (await resultsOf(asking, pathWith(`${marks}${noEngine}`), 20)).filter((one) => one.called);

	expect(told(await resultsOf(called, pathWith(undefined), 20))).toEqual([]);
});

test('no check is settled by a client of Docker that never answers', net, async () => {
	const results = await resultsOf(asking, pathWith(`${marks}exec sleep 3000\n`), 2, 24);

	expect(results.filter(({ called }) => called).length).toBeGreaterThan(30);
	expect(told(results.filter(({ called }) => called))).toEqual([]);
});
