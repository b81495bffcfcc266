import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../src/content/read-content.ts';

const runbook = readContent(join(import.meta.dirname, '../..')).families.flatMap((family) => family.runbooks).find((one) => one.id === 'rancher-1.6/external-database');
const step = runbook?.steps.find((one) => one.id === 'database-version');
const matches = (check: unknown, version: string) => new RegExp((check as { expect?: { matches?: string }; matches?: string }).matches ?? (check as { expect?: { matches?: string } }).expect?.matches ?? '^$', 'mu').test(version);

test.each([
	['5.5.62', true, false], ['5.7.44-log', true, false], ['10.1.48-MariaDB', true, true], ['5.5.5-10.1.48-MariaDB', true, true],
	['5.5.5-10.3.39-MariaDB-log', false, true], ['5.5.5-10.11.6-MariaDB', false, true], ['10.3.39-MariaDB', false, true], ['10.11.6-MariaDB', false, true], ['8.0.36', false, false],
])('version %s is accepted: %s', (version, accepted, isMariaDb) => {
	expect(matches(step?.doneWhen[0], version)).toBe(accepted);
	expect(matches(step?.hints['mariadb'], version)).toBe(isMariaDb);
});
