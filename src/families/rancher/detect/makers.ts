/**
 * Programs that make containers and start them again by themselves, known by the labels that they put on them. A label of theirs belongs to their container: on another one it makes the
 * program take that for its own.
 *
 * Source: Docker Compose (`com.docker.compose.*`), SwarmKit, Kubernetes `dockershim` (`io.kubernetes.*`, `annotation.*`), rancher/cattle (`SystemLabels.java`, `io.rancher.*`), Nomad (`com.hashicorp.nomad.*`),
 * Amazon ECS (`com.amazonaws.ecs.*`), Podman (`io.podman.*`, `PODMAN_SYSTEMD_UNIT`), Docker Desktop.
 */
import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import type { Notes } from './notes.ts';

export interface Maker {
	readonly tool: string;
	/** How its labels begin, or what they are. */
	readonly prefixes: readonly string[];
	/** Whether a label is the program's own. */
	owns(label: string): boolean;
	/** Whether the container's network is the program's: one that `docker run` cannot join, or that means nothing without it. */
	ownsNetwork(mode: string): boolean;
	/** Says what has to be changed where the container comes from. */
	note(container: ContainerDocument, notes: Notes): void;
}

type Labels = ReadonlyMap<string, string>;

const labelsOf = ({ config }: ContainerDocument): Labels => new Map(config.read('Labels', shape.textEntries) ?? []);

function maker(tool: string, prefixes: readonly string[], network: RegExp | undefined, say: (labels: Labels, first: string, notes: Notes) => void): Maker {
	const owns = (label: string) => prefixes.some((prefix) => label === prefix || (prefix.endsWith('.') && label.startsWith(prefix)));
	return {
		tool,
		prefixes,
		owns,
		ownsNetwork: (mode) => network?.test(mode) ?? false,
		note: (container, notes) => {
			const labels = labelsOf(container);
			say(labels, [...labels.keys()].find(owns) ?? '', notes);
		},
	};
}

const known: readonly Maker[] = [
	maker('Docker Compose', ['com.docker.compose.'], undefined, (labels, label, notes) => {
		const [project, service] = ['project', 'service'].map((name) => labels.get(`com.docker.compose.${name}`));
		if (project && service) notes.warn('made-by-compose', { project, service });
		else notes.warn('made-by', { tool: 'Docker Compose', label });
	}),
	maker('Docker Swarm', ['com.docker.swarm.', 'com.docker.stack.'], /^ingress$/, (_, label, notes) => notes.warn('made-by', { tool: 'Docker Swarm', label })),
	maker('Kubernetes', ['io.kubernetes.', 'annotation.', 'io.cri-containerd.'], /^(?:container:|none$)/, (_, label, notes) => notes.warn('made-by', { tool: 'Kubernetes', label })),
	maker('Rancher', ['io.rancher.'], /^(?:container:|none$)/, (_, label, notes) => notes.warn('made-by-rancher', { label })),
	maker('Nomad', ['com.hashicorp.nomad.'], /^container:/, (_, label, notes) => notes.warn('made-by', { tool: 'Nomad', label })),
	maker('Amazon ECS', ['com.amazonaws.ecs.'], undefined, (_, label, notes) => notes.warn('made-by', { tool: 'Amazon ECS', label })),
	maker('systemd', ['PODMAN_SYSTEMD_UNIT'], undefined, (labels, _, notes) => notes.warn('made-by-systemd', { unit: labels.get('PODMAN_SYSTEMD_UNIT') ?? '' })),
	maker('Podman', ['io.podman.', 'io.containers.', 'io.buildah.'], /^(?:slirp4netns|pasta|private)/, () => undefined),
	maker('Docker Desktop', ['com.docker.desktop.', 'desktop.docker.io/'], undefined, () => undefined),
];

/** They run a container, and do not start it again by themselves. */
const idle: ReadonlySet<string> = new Set(['Podman', 'Docker Desktop']);

/** A regular expression, as grep reads it, for the beginning of each label whose program starts its containers again. */
export const makerLabels = known.filter(({ tool }) => !idle.has(tool)).flatMap(({ prefixes }) => prefixes).map((prefix) => prefix.replaceAll('.', '[.]')).join('|');

const podman = known.find(({ tool }) => tool === 'Podman');

/** Podman prints a document of much the same shape, with fields of its own. Source: containers/podman, `libpod/define/container_inspect.go`. */
export function isPodman({ top, host }: ContainerDocument): boolean {
	return ['OCIRuntime', 'ConmonPidFile', 'ImageDigest', 'BoundingCaps'].some((field) => top.has(field)) || host.has('CgroupMode');
}

/** Who made a container, as far as its labels say. */
export function makersOf(container: ContainerDocument): readonly Maker[] {
	const labels = [...labelsOf(container).keys()];
	const byLabel = known.filter((one) => labels.some((label) => one.owns(label)));
	return podman && isPodman(container) && !byLabel.includes(podman) ? [...byLabel, podman] : byLabel;
}
