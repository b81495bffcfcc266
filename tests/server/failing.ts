import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Name = 'fdatasyncSync' | 'fsyncSync' | 'writeSync';

/** Lets every call of a function of `node:fs` fail with this error while the action runs. */
export function failing(name: Name, code: string, action: () => void): void {
	const restore = breakFunction(name, code);
	try {
		action();
	} finally {
		restore();
	}
}

/** The same for an action that takes its time; returns how often the function was called. */
export async function failingMeanwhile(name: Name, code: string, action: () => Promise<unknown>): Promise<number> {
	let calls = 0;
	const restore = breakFunction(name, code, () => (calls += 1));
	try {
		await action();
	} finally {
		restore();
	}
	return calls;
}

function breakFunction(name: Name, code: string, onCall: () => void = () => undefined): () => void {
	const real = Object.getOwnPropertyDescriptor(fs, name);
	if (!real) throw new TypeError(`Cannot find "${name}" in node:fs.`);
	const fail = (): never => {
		onCall();
		throw Object.assign(new Error(`${code}: injected`), { code });
	};
	Object.defineProperty(fs, name, { ...real, value: fail });
	syncBuiltinESMExports();
	return () => {
		Object.defineProperty(fs, name, real);
		syncBuiltinESMExports();
	};
}
