import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRunbookStore } from '../../server/runbooks.ts';
import { readContent } from '../../src/content/read-content.ts';
import { fixtureRoot } from './drover.ts';

test('a store that takes other content knows those runbooks, and no others', () => {
	const store = createRunbookStore(readContent(fixtureRoot));
	const before = store.get('demo/files');

	store.reload(readContent(join(import.meta.dirname, '../../examples/minimal')));

	expect(store.all.map(({ id }) => id)).toEqual(['containers/stop']);
	expect(store.locales).toEqual(['en']);
	expect(store.hash(store.get('containers/stop'))).toMatch(/^[0-9a-f]{64}$/);
	expect(store.hash(before)).toBe('');
	expect(() => store.get('demo/files')).toThrow('runbook.unknown');
});
