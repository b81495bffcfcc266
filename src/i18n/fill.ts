/** Puts slots into a sentence: `{name}` becomes its value. A slot without a value stays visible, so that it is noticed. */
export function fill(sentence: string, slots: Readonly<Record<string, string | number>> = {}): string {
	return sentence.replace(/\{([a-z][a-zA-Z0-9_]*)\}/g, (whole, name: string) => (Object.hasOwn(slots, name) ? String(slots[name]) : whole));
}

/** Names of the slots of a sentence. */
export function slotsIn(sentence: string): string[] {
	return [...new Set([...sentence.matchAll(/\{([a-z][a-zA-Z0-9_]*)\}/g)].map(([, name]) => name ?? ''))];
}
