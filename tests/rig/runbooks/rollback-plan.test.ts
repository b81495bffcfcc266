/**
 * The way back as a property: whatever part of a runbook was walked, it leads to the engine and the rows that there were at the start. Here every prefix of
 * the single-container upgrade that ends in a step which writes anything, one after the other on one server, so that what an earlier way back left behind
 * would be found by a later one. The other runbooks are walked back from a chosen set of prefixes, each in its own file: these differ from this one in their
 * last steps, and take minutes each.
 */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holds } from '../../../src/runbook/values/resolve.ts';
import { engineState, lines, useScene } from './scene.ts';

const scene = useScene('rollback-plan.test.ts');

/** Everything that there is: containers, volumes, images by their names, rows. */
async function everything() {
	const { rig } = scene;
	return {
		containers: await engineState(rig),
		volumes: lines(await rig.docker('volume', 'ls', '--quiet')).sort(),
		images: lines(await rig.docker('image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}')).sort(),
		rows: await rig.fingerprint({ container: 'rancher' }),
	};
}

test('from every prefix of the single-container upgrade leads to the same containers, volumes, images and rows', async () => {
	const { rig, publish } = scene;
	await rig.server({ name: 'rancher', tag: 'v1.6.14', data: true, options: ['-p', `${publish}:8080`, '--restart=always', '-e', 'A=b'] });
	// An image that was fetched stays: it is no use to take it away, and the next attempt needs it.
	await rig.docker('pull', '--quiet', 'rancher/server:v1.6.30');
	const values = { container: 'rancher', old_tag: 'v1.6.14', publish, env: ['A=b'], restart: 'always' };
	const start = await everything();
	const prefixes = scene.walk('single-container', values).runbook.steps.filter((step) => step.phase !== 'preflight' && step.effect !== 'read' && holds(step.when, scene.walk('single-container', values).resolved.answers));
	expect(prefixes.map((step) => step.id)).toEqual(['definition', 'pull', 'old-image', 'data-container', 'rows', 'back-up', 'stop', 'cold-copy', 'start', 'remove']);

	for (const last of prefixes) {
		const folder = rig.folder();
		const walk = scene.walk('single-container', values, { folder });
		await walk.through(last.id, { preflight: false });

		const taken = await walk.back();

		if (last.undo.length > 0) expect(taken[0], `the way back from "${last.id}"`).toBe(last.id);
		expect(await everything(), `after the way back from "${last.id}"`).toEqual(start);
		expect(readdirSync(folder).filter((name) => !name.startsWith('rancher-backup.sql')), `files left by "${last.id}" beside the backup`).toEqual([]);
	}
});
