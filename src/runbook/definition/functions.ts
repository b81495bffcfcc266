/**
 * Functions that the scripts of a family share. A script that calls one carries its text, so that what is shown is still all that runs.
 */

/** Returns the script with every function before it that it calls, directly or through another, in the order in which they are declared. */
export function addFunctions(script: string, functions: Readonly<Record<string, string>>): string {
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

/** The name stands as a word of its own; `$name`, `name=` and `--name` are no calls. */
function calls(text: string, name: string): boolean {
	return new RegExp(`(?<![\\w$./{-])${name}(?![\\w=./-])`).test(text);
}

function indent(body: string): string {
	return body.replace(/^(?=.)/gm, '  ');
}
