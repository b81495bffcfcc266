import type { ContainerDocument } from '../inspect/documents.ts';
import * as shape from '../inspect/shapes.ts';
import { readServerStart, type ServerStart } from '../server-start.ts';
import type { ImageDefaults } from './image-defaults.ts';

export interface ContainerStart extends ServerStart {
	/** The words that have to stand behind the image for the same start; none when the image itself has them, or when they are plain flags. */
	readonly words: readonly string[];
	/** The program for `--entrypoint`; undefined when the image has the same. */
	readonly entrypoint: string | undefined;
	/** The image itself starts it this way. */
	readonly byImage: boolean;
}

const same = (a: readonly string[], b: readonly string[]) => a.join('\0') === b.join('\0');
/** An empty word takes the image's entry point away. Source: docker run, "--entrypoint". */
const wordsOf = (words: readonly string[] | undefined) => (words ?? []).filter((word, index, all) => !(index === 0 && word === '' && all.length === 1));

/** How a container starts its server, and what a new one needs to do the same. */
export function readStart({ config, top }: ContainerDocument, image: ImageDefaults): ContainerStart {
	const entrypoint = wordsOf(config.read('Entrypoint', shape.words));
	const command = config.read('Cmd', shape.words) ?? top.read('Args', shape.texts) ?? [];
	const start = readServerStart(entrypoint, command, readEnvironment({ config }));
	const isImageEntrypoint = image.entrypoints.some((one) => same(one, entrypoint));
	const isImageCommand = same(command, image.command);
	const repeated = isImageCommand || start.how === 'plain' || start.how === 'broken' ? [] : command;
	const common = { ...start, byImage: isImageEntrypoint && isImageCommand };
	if (isImageEntrypoint) return { ...common, entrypoint: undefined, words: repeated };
	// An own entry point drops the image's command, so that all of it has to be said; plain flags have fields.
	const [program = '', ...rest] = [...entrypoint, ...command];
	return { ...common, entrypoint: program, words: start.how === 'plain' && program.endsWith('/entry') ? [] : rest };
}

/** Every variable of a container; of two of a name the last counts. */
export function readEnvironment({ config }: Pick<ContainerDocument, 'config'>): ReadonlyMap<string, string> {
	const pairs = (config.read('Env', shape.texts) ?? []).filter((pair) => pair.includes('='));
	return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
