import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt } from './command.ts';
import type { Knobs } from './knobs.ts';
import { startRig, type Rig } from './rig.ts';

let rig: Rig;
let count = 0;
beforeAll(async () => {
	rig = await startRig();
	for (const tag of ['v1.6.10', 'v1.6.14', 'v1.6.28', 'v1.6.30']) await rig.docker('pull', '--quiet', `rancher/server:${tag}`);
});
afterAll(() => rig.close());

function newName(): string {
	return `rancher-${++count}`;
}

async function logOf(container: string): Promise<string> {
	const { stdout, stderr } = await attempt('docker', ['logs', container], { env: rig.env });
	return stdout + stderr;
}

/** A stopped server of 1.6.10 with data in it; what its successor does is set beforehand. */
async function stoppedServer(knobs: Knobs = {}): Promise<string> {
	const { name } = await rig.server({ name: newName(), tag: 'v1.6.10', data: true });
	await rig.turn({ container: name }, knobs);
	await rig.docker('stop', name);
	return name;
}

/** Starts a server over another's files, and does not wait. */
async function startOver(old: string, tag: string, ...options: readonly string[]): Promise<string> {
	const name = newName();
	await rig.docker('run', '--detach', '--name', name, '--volumes-from', old, ...options, `rancher/server:${tag}`);
	return name;
}

/** Rows of `DATABASECHANGELOGLOCK` that are locked, in a running container. */
async function lockOf(container: string): Promise<string> {
	return rig.docker('exec', container, 'mysql', '--batch', '--skip-column-names', '--execute', 'SELECT LOCKEDBY FROM DATABASECHANGELOGLOCK WHERE LOCKED = 1', 'cattle');
}

describe('a migration', () => {
	test('goes to the schema of its release and notes each change set', async () => {
		const old = await stoppedServer();
		const name = await startOver(old, 'v1.6.14');
		await rig.untilUp(name);

		const files = await rig.ask({ container: name }, 'SELECT DISTINCT FILENAME FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED DESC LIMIT 2;');

		expect(files).toEqual(['db/core-123.xml', 'db/core-122.xml']);
		expect(await rig.ask({ container: name }, "SHOW TABLES LIKE 'region';")).toEqual(['region']);
	});

	test('has nothing to do between releases of the same schema', async () => {
		const { name: old } = await rig.server({ name: newName(), tag: 'v1.6.28', options: [] });
		await rig.turn({ container: old }, { fail_at: 'core-124', migration_seconds: 60 });
		await rig.docker('stop', old);

		const name = await startOver(old, 'v1.6.30');

		await expect(rig.untilUp(name)).resolves.toBeUndefined();
	});

	test('leaves a newer schema as it is when an older release starts', async () => {
		const old = await stoppedServer();
		const newer = await startOver(old, 'v1.6.30');
		await rig.untilUp(newer);
		const before = await rig.fingerprint({ container: newer });
		await rig.docker('stop', newer);

		await rig.docker('start', old);
		await rig.untilUp(old);

		expect(await rig.fingerprint({ container: old })).toEqual(before);
	});

	test('holds the lock while it works, and lets it go', async () => {
		const old = await stoppedServer({ migration_seconds: 4 });
		const name = await startOver(old, 'v1.6.30');
		await rig.untilLog(name, /Starting DB migration/);

		const during = await rig.docker('exec', name, 'bash', '-c', 'until mysql -Ne "SELECT LOCKEDBY FROM DATABASECHANGELOGLOCK WHERE LOCKED = 1" cattle | grep .; do sleep 0.05; done');
		await rig.untilUp(name);

		expect(during).toMatch(/^[0-9a-f]{12} \(10\.231\.\d+\.\d+\)$/);
		expect(await lockOf(name)).toBe('');
	});

	test('fails at the change set that it is told to', async () => {
		const old = await stoppedServer({ fail_at: 'core-123' });
		const name = await startOver(old, 'v1.6.30');
		const code = await rig.docker('wait', name);

		expect(code).toBe('0');
		expect(await logOf(name)).toMatch(/Startup Failed \[\d+ms\]\n.*Migration failed for change set db\/core-123\.xml::dump1::rancher \(generated\):\n +Reason: liquibase\.exception\.DatabaseException/);
	});

	test('fails for a container that is told to, and not for the next one', async () => {
		const old = await stoppedServer();
		const failed = await startOver(old, 'v1.6.30', '-e', 'RIG_FAIL_AT=core-124');
		await rig.docker('wait', failed);

		const next = await startOver(old, 'v1.6.30');
		await rig.untilUp(next);

		expect(await logOf(failed)).toContain('db/core-124.xml::dump1');
	});
});

describe('a server that was killed in the middle of its migration', () => {
	/** Stops a server when it has made the first change of core-123 and not noted it. */
	async function interrupted(how: 'stop' | 'kill'): Promise<string> {
		const old = await stoppedServer({ migration_seconds: 20 });
		const name = await startOver(old, 'v1.6.30');
		await rig.untilLog(name, /Starting DB migration/);
		await rig.docker('exec', name, 'bash', '-c', 'until mysql -Ne "SHOW TABLES LIKE \'region\'" cattle | grep -q region; do sleep 0.05; done');
		await rig.docker(how, name);
		return name;
	}

	test.each(['stop', 'kill'] as const)('leaves the lock to its successor, which says so and ends (docker %s)', async (how) => {
		const name = await interrupted(how);
		const next = await startOver(name, 'v1.6.30', '-e', 'RIG_LOCK_SECONDS=1');
		await rig.docker('wait', next);

		expect(await logOf(next)).toMatch(
			/liquibase\.exception\.LockException: Could not acquire change log lock\. {2}Currently locked by [0-9a-f]{12} \(10\.231\.\d+\.\d+\) since \d+\/\d+\/\d\d \d+:\d\d [AP]M\n/,
		);
	});

	test('leaves half a change set, at which its successor fails once the lock is gone', async () => {
		const name = await interrupted('stop');
		const next = await startOver(name, 'v1.6.30', '-e', 'CATTLE_DB_RELEASE_CHANGE_LOCK=true');
		await rig.docker('wait', next);

		expect(await logOf(next)).toMatch(/Migration failed for change set db\/core-123\.xml::dump1::[^]*Table 'region' already exists/);
		expect(await logOf(next)).not.toContain('Could not acquire change log lock');
	});

	test('lets its successor go on when the lock is released while it waits', async () => {
		const old = await stoppedServer();
		await rig.docker('start', old);
		await rig.untilUp(old);
		await rig.ask({ container: old }, "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKGRANTED = NOW(), LOCKEDBY = 'gone (10.0.0.1)';");
		await rig.docker('stop', old);
		const name = await startOver(old, 'v1.6.30', '-e', 'RIG_LOCK_SECONDS=120');
		await rig.untilLog(name, /Waiting for changelog lock/);

		// As the documentation of Rancher has it.
		await rig.docker('exec', name, 'mysql', '--execute', 'update DATABASECHANGELOGLOCK set LOCKED="", LOCKGRANTED=null, LOCKEDBY=null where ID=1;', 'cattle');

		await expect(rig.untilUp(name)).resolves.toBeUndefined();
	});

	test('waits longer at its second start, so that somebody can look', async () => {
		const old = await stoppedServer();
		await rig.docker('start', old);
		await rig.untilUp(old);
		await rig.ask({ container: old }, "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKGRANTED = NOW(), LOCKEDBY = 'gone (10.0.0.1)';");
		await rig.docker('stop', old);
		const name = await startOver(old, 'v1.6.30', '-e', 'RIG_LOCK_SECONDS=1,600', '--restart=unless-stopped');

		await rig.untilLog(name, /Could not acquire change log lock/);

		await expect.poll(() => rig.docker('container', 'inspect', '--format', '{{.State.Status}} {{.RestartCount}}', name), { timeout: 60_000 }).toBe('running 1');
		await expect.poll(() => lockOf(name).catch(() => ''), { timeout: 60_000 }).toBe('gone (10.0.0.1)');
	});
});
