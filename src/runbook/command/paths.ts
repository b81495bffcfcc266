/** Which paths of the form a command opens: where it runs in a container, those must be the machine's own. */
import type { Resolved } from '../values/resolve.ts';
import type { Rendered } from './render.ts';

/** Returns the paths, and the folders of paths, that a command opens itself. What a container is made with is opened by the engine, on its own machine. */
export function pathsOf({ argv, env, parts }: Rendered, { answers }: Resolved): readonly string[] {
	if (argv[0] === 'docker' && (argv[1] === 'run' || argv[1] === 'create')) return [];
	const texts = new Set([...argv, ...Object.values(env)]);
	const named = new Set(parts.map(({ parameter }) => parameter));
	return [...answers].flatMap(([name, { parameter, origin, items }]) => {
		const [item] = items;
		if (parameter.type !== 'path' || origin === 'derived' || !item || !named.has(name)) return [];
		const { folder = '' } = item.fields;
		return texts.has(folder) && folder !== item.text ? [item.text, folder] : [item.text];
	});
}
