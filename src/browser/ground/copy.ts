/** Copies a command; says which variable to set first when a secret stands in it as one. */
import type { Part } from '../../runbook/command/render.ts';
import { t } from './words.ts';

/** Copies a text. Returns whether the browser allowed it. */
export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}

/** Copies what parts show and returns the sentence that tells about it. */
export async function copyCommand(parts: readonly Part[]): Promise<string> {
	const done = await copyText(parts.map((part) => part.text).join(''));
	if (!done) return t('step.copy-failed');
	const names = [...new Set(parts.flatMap((part) => (part.role === 'secret' ? (/"\$(\w+)"/.exec(part.text)?.[1] ?? []) : [])))];
	if (names.length === 0) return t('step.copied');
	return t('step.copied-secret', { command: names.map((name) => `read -rs ${name} && export ${name}`).join('; ') });
}
