/** Where built pages of foreign content folders lie, and what builds them where Drover's own folder cannot be written. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { openPrivateFolder } from '../state/private-folder.ts';

/**
 * Returns `$XDG_CACHE_HOME/drover`, or `~/.cache/drover` when that is unset or relative; made when missing, ours alone: pages hold scripts. @throws StateError
 *
 * Source: XDG Base Directory Specification 0.8.
 */
export function openCache(env: NodeJS.ProcessEnv = process.env): string {
	const home = env['XDG_CACHE_HOME'];
	const path = join(home !== undefined && isAbsolute(home) ? home : join(env['HOME'] ?? homedir(), '.cache'), 'drover');
	openPrivateFolder(path);
	return path;
}

/** The folder that the pages of a content folder are put into. */
export function siteFolder(cache: string, content: string): string {
	return join(cache, 'sites', nameOf(content));
}

/** What was said of a content folder before its first start: the hash of its commands then. */
export function knownFolder(cache: string, content: string): { read(): string | undefined; write(hash: string): void } {
	const folder = join(cache, 'known');
	const file = join(folder, nameOf(content));
	return {
		read: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
		write: (hash) => {
			openPrivateFolder(folder);
			writeFileSync(file, hash);
		},
	};
}

function nameOf(content: string): string {
	return createHash('sha256').update(realpathSync(content)).digest('hex').slice(0, 16);
}
