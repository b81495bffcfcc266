import type { Resolved } from '../src/runbook/values/resolve.ts';
import { createMasker } from './runs/masking/masker.ts';

/** Every secret of the form, used by the step or not: programs print what they find, `docker inspect` above all. */
export function secretsOf({ answers }: Resolved): string[] {
	const items = [...answers.values()].flatMap(({ items: all }) => all).filter(({ secret }) => secret);
	return [...new Set(items.map(({ text, fields }) => fields['value'] ?? text).filter((text) => text !== ''))];
}

/** Returns the same with every text masked, at any depth. For plain JSON values. */
export function maskTexts<T>(value: T, secrets: readonly string[]): T {
	const maskText = (text: string) => {
		const masker = createMasker(secrets);
		return masker.write(text) + masker.end();
	};
	return JSON.parse(JSON.stringify(value), (_key, one: unknown) => (typeof one === 'string' ? maskText(one) : one)) as T;
}
