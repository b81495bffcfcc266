import type { Problem } from '../../../runbook/problem.ts';
import { problem } from '../problem.ts';
import { ContainerDocument, ImageDocument } from './documents.ts';
import { maxDepth, readJsonValues, type Fault } from '../../json-values.ts';

/** Far more than a host full of containers has. Unit: UTF-16 units. */
export const maxInspectLength = 64 * 2 ** 20;

export interface Inspected {
	readonly containers: readonly ContainerDocument[];
	readonly images: readonly ImageDocument[];
	readonly problems: readonly Problem[];
}

/**
 * Reads what `docker inspect` printed: containers and images in any order, one output or several after each other. Never throws; what cannot be read is
 * told with its place. Takes time in proportion to the text.
 */
export function parseInspect(text: string): Inspected {
	if (text.length > maxInspectLength) return nothing(problem('inspect.too-long', { length: text.length, max: maxInspectLength }));
	if (text.trim() === '') return nothing(problem('inspect.empty', {}));
	const { values, fault } = readJsonValues(text);
	const objects = values.flatMap((value) => [value].flat(maxDepth) as unknown[]);
	const containers = new Map<string, ContainerDocument>();
	const images: ImageDocument[] = [];
	let others = 0;
	for (const [index, object] of objects.entries()) {
		const kind = kindOf(object);
		if (kind === 'container') addContainer(containers, new ContainerDocument(object as object), index);
		else if (kind === 'image') images.push(new ImageDocument(object as object));
		else others += 1;
	}
	const problems = fault ? [explain(text, fault)] : [];
	if (others > 0) problems.push(problem('inspect.other-document', { number: others }));
	if (containers.size === 0 && !fault) problems.push(problem('inspect.no-container', {}));
	return { containers: [...containers.values()], images, problems };
}

function nothing(why: Problem): Inspected {
	return { containers: [], images: [], problems: [why] };
}

/** The same container pasted twice is one; the later paste tells how it stands. */
function addContainer(containers: Map<string, ContainerDocument>, container: ContainerDocument, index: number): void {
	containers.set(container.id || `#${index}`, container);
}

function kindOf(object: unknown): 'container' | 'image' | 'other' {
	if (typeof object !== 'object' || object === null) return 'other';
	const has = (name: string) => Object.hasOwn(object, name);
	if (has('RepoTags') || has('RepoDigests') || has('RootFS')) return 'image';
	return has('HostConfig') || (has('Config') && (has('Name') || has('State') || has('Mounts'))) ? 'container' : 'other';
}

function explain(text: string, { why, at }: Fault): Problem {
	let [line, start] = [1, 0];
	for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', start)) [line, start] = [line + 1, end + 1];
	const column = at - start + 1;
	if (why === 'too-deep') return problem('inspect.too-deep', { line, column, max: maxDepth });
	return why === 'cut-short' ? problem('inspect.cut-short', { line, column }) : problem('inspect.not-json', { line, column });
}
