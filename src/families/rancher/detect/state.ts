import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { formatSize, gibibyte } from '../sizes.ts';
import type { Notes } from './notes.ts';

/** Tells how a server is doing, as far as its document says. */
export function noteState(container: ContainerDocument, notes: Notes): void {
	const { state, top, host, status } = container;
	if (container.neverRan) notes.warn('never-ran', {});
	else if (status !== '' && status !== 'running') notes.warn('not-running', { status });
	const restarts = top.read('RestartCount', shape.number) ?? 0;
	if (restarts > 0 && status === 'restarting') notes.warn('restarting', { number: restarts });
	if (state.read('OOMKilled', shape.flag)) notes.warn('out-of-memory', {});
	const limit = host.read('Memory', shape.number) ?? 0;
	// Source: rancher/rancher#9636, #11314.
	if (limit > 0 && limit <= gibibyte) notes.warn('memory-small', { limit: formatSize(limit) });
	if (host.read('Privileged', shape.flag)) notes.warn('privileged-not-needed', { option: '--privileged' });
}

/** Takes the restart policy over. With `always` a stopped old server comes back after a reboot. Source: rancher/rancher#3519. */
export function carryRestart({ host }: ContainerDocument, notes: Notes): void {
	const policy = host.read('RestartPolicy', shape.restartPolicy);
	const name = policy?.Name;
	if (!name) return;
	const count = policy.MaximumRetryCount ?? 0;
	if (name === 'always') notes.warn('restart-always', {});
	if (name === 'no') notes.warn('restart-none', {});
	notes.set('restart', name === 'always' ? 'unless-stopped' : name === 'on-failure' && count > 0 ? `${name}:${count}` : name);
}
