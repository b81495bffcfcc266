import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Lets every call of a function of `node:fs` fail with this error while the action runs. */
export function failing(
	name: 'fdatasyncSync' | 'fsyncSync' | 'writeSync',
	code: string,
	action: () => void,
): void {
	const real = Object.getOwnPropertyDescriptor(fs, name);
	if (!real) throw new TypeError(`Cannot find "${name}" in node:fs.`);
	const fail = (): never => {
		throw Object.assign(new Error(`${code}: injected`), { code });
	};
	Object.defineProperty(fs, name, { ...real, value: fail });
	syncBuiltinESMExports();
	try {
		action();
	} finally {
		Object.defineProperty(fs, name, real);
		syncBuiltinESMExports();
	}
}
