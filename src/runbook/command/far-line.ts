/**
 * The line that a reader types to run a command on another machine: `ssh host '…'`. What stands in the quotes is read by the login shell there, whichever it is.
 *
 * Sources: POSIX.1-2024, XCU 2.2 (Quoting); fish, "Quotes": inside single quotes fish reads `\\` and `\'`, every other shell nothing, so backslashes stand outside of them.
 */
import { destinationWords, type FarMachine } from '../values/machine.ts';
import type { Part } from './part.ts';
import { quote } from './quote.ts';

/** Characters that no login shell treats specially: fish expands `%`, zsh a leading `=`. */
const plain = /^[A-Za-z0-9_@+:,./-][A-Za-z0-9_@+=:,./-]*$/;

/** As `quote`, for every login shell: bash, dash, busybox sh, zsh, fish. @throws RangeError for NUL */
export function quoteFar(text: string): string {
	if (plain.test(text)) return text;
	return text.split('\\').map((piece, _, all) => (piece === '' && all.length > 1 ? '' : quoteWhole(piece))).join('\\\\');
}

function quoteWhole(text: string): string {
	return plain.test(text) ? text : quote(text).replace(/^(?!')(.*)$/s, "'$1'");
}

/** A constant script inside of single quotes, for every login shell. A quote or a backslash of its own stands outside of them. */
export function scriptFar(script: string): string {
	return script.replace(/[\\']/g, (char) => `'\\${char}'`);
}

/** The line by which a reader runs a command there. */
export function farLine(machine: FarMachine, argv: readonly string[]): string {
	return sshParts(machine, [], [{ text: argv.map(quoteFar).join(' '), role: 'word' }]).map(({ text }) => text).join('');
}

/** Puts `ssh host '…'` around the parts of a line for the login shell there. With variables before the program they go by `env`, which every login shell has. */
export function sshParts({ ssh, sudo }: FarMachine, prefix: readonly Part[], command: readonly Part[]): Part[] {
	const words = destinationWords(ssh);
	const far: Part[] = [
		...(sudo ? [{ text: 'sudo -n ', role: 'program' as const }] : []),
		...(prefix.length > 0 ? [{ text: 'env ', role: 'program' as const }] : []),
		...prefix,
		...command,
	];
	return [
		{ text: 'ssh', role: 'program' },
		...words.map((word): Part => ({ text: ` ${quote(word)}`, role: word === '-p' ? 'option' : 'word' })),
		{ text: " '", role: 'blank' },
		...far.map((part) => ({ ...part, text: part.text.replaceAll("'", String.raw`'\''`) })),
		{ text: "'", role: 'blank' },
	];
}
