import { codeToTokens } from 'shiki';
import { codeTheme } from './code-theme.ts';

export interface ColouredText {
	readonly text: string;
	readonly color?: string;
}

/** Colours of a constant Bash text; the texts joined are the text. */
export async function highlightScript(script: string): Promise<readonly ColouredText[]> {
	const { tokens } = await codeToTokens(script, { lang: 'bash', theme: codeTheme });
	return tokens.flatMap((line, index) => {
		const coloured = line.map(({ content, color }): ColouredText => (color === undefined || color.includes('foreground') ? { text: content } : { text: content, color }));
		return index < tokens.length - 1 ? [...coloured, { text: '\n' }] : coloured;
	});
}
