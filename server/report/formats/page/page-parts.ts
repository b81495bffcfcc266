/** What a report's page carries with it, so that it needs nothing else: style, player, shapes. Read from the project's own files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalTheme } from '../../../../src/styles/terminal-theme.ts';

export interface PageParts {
	readonly style: string;
	readonly script: string;
	/** One symbol for each state of a step: `#wp-<state>`. */
	readonly shapes: string;
	/** Allows exactly this style and this script. */
	readonly policy: string;
}

const source = join(import.meta.dirname, '../../../../src');

/** Reads the parts and hashes them. */
export function readPageParts(): PageParts {
	const style = [read(join(source, 'styles/tokens.css')), read(join(source, 'styles/markers.css')), paletteOf(terminalTheme), read(join(import.meta.dirname, 'report.css'))].join('\n');
	const script = read(join(import.meta.dirname, 'player.js'));
	const [, shapes = ''] = /<svg[^>]*>(.*)<\/svg>/s.exec(read(join(source, 'styles/markers.svg'))) ?? [];
	const policy = ["default-src 'none'", `style-src ${hashOf(style)}`, `script-src ${hashOf(script)}`, "base-uri 'none'", "form-action 'none'"].join('; ');
	return { style, script, shapes, policy };
}

const read = (path: string) => readFileSync(path, 'utf8');
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The sixteen colours by number, as programs name them. */
function paletteOf(theme: typeof terminalTheme): string {
	const { black, red, green, yellow, blue, magenta, cyan, white, brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite } = theme;
	const colours = [black, red, green, yellow, blue, magenta, cyan, white, brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite];
	return `:root {\n${colours.map((colour, index) => `\t--terminal-${index}: ${colour};\n`).join('')}}`;
}
