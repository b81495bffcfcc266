/**
 * Pages and their translations in the other language. When both were last read side by side, `src/content/translations.json` recorded the hashes of
 * the two texts; a page whose translation has changed since, while it has not, may lag behind and says so.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownLayout } from '../content/content-config.ts';
import { readConfig } from '../content/read-content.ts';
import { contentRoot } from './content-root.ts';

/** By page without its locale: the hash of the text in each. */
export type Translations = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where the record is kept, from the root of a content folder. */
export function translationsFile(root: string): string {
	return (readConfig(root) ?? ownLayout).places.translations;
}

/** Short enough to be read in a diff. */
export function hashText(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Whether a page (`zh/guide/tags`) may lag behind its translation. */
export function isLagging(id: string, recorded: Translations = readRecord()): boolean {
	const [locale = '', ...rest] = id.split('/');
	const page = rest.join('/');
	const known = recorded[page];
	if (!known) return false;
	const own = readPage(id);
	if (own === undefined || known[locale] !== hashText(own)) return false;
	return Object.keys(known).some((other) => {
		const theirs = other === locale ? undefined : readPage(`${other}/${page}`);
		return theirs !== undefined && known[other] !== hashText(theirs);
	});
}

/** Pages without their locale that were compared at some time. */
export function recordedPages(): readonly string[] {
	return Object.keys(readRecord());
}

function readPage(id: string): string | undefined {
	const file = join(contentRoot, `${id}.mdx`);
	return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function readRecord(): Translations {
	const file = join(contentRoot, translationsFile(contentRoot));
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Translations) : {};
}
