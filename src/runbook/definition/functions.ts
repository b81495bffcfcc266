/**
 * Functions that the scripts of a family share. A script that calls one carries its text, so that what is shown is still all that runs.
 */

/** Returns the script with every function before it that it calls, directly or through another, in the order in which they are declared. */
export function addFunctions(script: string, functions: Readonly<Record<string, string>>): string {
	const known = added.get(functions) ?? new Map<string, string>();
	added.set(functions, known);
	const whole = known.get(script) ?? putBefore(script, functions);
	known.set(script, whole);
	return whole;
}

/** What was made before, by the functions: the scripts of a shared step are the same in every runbook. */
const added = new WeakMap<object, Map<string, string>>();

function putBefore(script: string, functions: Readonly<Record<string, string>>): string {
	const called = new Set<string>();
	const follow = (text: string) => {
		for (const [name, body] of Object.entries(functions)) {
			if (called.has(name) || !calls(text, name)) continue;
			called.add(name);
			follow(body);
		}
	};
	follow(script);
	const texts = Object.entries(functions).filter(([name]) => called.has(name)).map(([name, body]) => `\n${name}() {\n${indent(body.trim())}\n}`);
	return `${texts.join('')}${script}`;
}

/**
 * Which function an offset of such a text is in, and where in its body. The body is trimmed and indented there; of a line that is its own first, the place is exact.
 */
export function placeInFunctions(script: string, offset: number, functions: Readonly<Record<string, string>>): [name: string | undefined, offset: number] {
	const heads = [...script.slice(0, offset + 1).matchAll(/^([a-z][a-z0-9_]*)\(\) \{\n/gm)].filter(([, name = '']) => Object.hasOwn(functions, name));
	const head = heads.at(-1);
	const name = head?.[1];
	if (!head || name === undefined) return [undefined, 0];
	const before = script.slice(head.index + head[0].length, offset);
	const body = functions[name] ?? '';
	const start = body.indexOf(body.trim());
	return [name, Math.max(start + before.replace(/^ {2}/gm, '').length, 0)];
}

/** The name stands as a word of its own; `$name`, `name=` and `--name` are no calls. */
function calls(text: string, name: string): boolean {
	return text.includes(name) && new RegExp(`(?<![\\w$./{-])${name}(?![\\w=./-])`).test(text);
}

function indent(body: string): string {
	return body.replace(/^(?=.)/gm, '  ');
}
