/** `tests:` of a runbook: what its author expects of values. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintLine } from '../lint-line.ts';
import { runDrover } from '../cli/run-drover.ts';
import { makeFolder } from '../server/make-folder.ts';

const definition = `id: containers/stop
parameters: [container, tag]
steps:
  - id: keep
    phase: prepare
    when: { is: { tag: keep } }
    run: docker tag \${container} kept
  - id: stop
    phase: change
    run: docker stop \${container}
    undo: docker start \${container}
`;

async function listed(tests: string): Promise<string> {
	const folder = join(makeFolder(), 'mine');
	await runDrover(['new', folder]);
	const family = join(folder, 'runbooks/containers/family.yaml');
	writeFileSync(family, `${readFileSync(family, 'utf8')}  tag: { type: tag, group: what, default: v1 }\nrules:\n  moving: { when: { is: { tag: latest } }, refuse: tag }\n  old: { when: { is: { tag: v0 } }, warn: tag }\n`);
	writeFileSync(join(folder, 'runbooks/containers/stop.yaml'), `${definition}${tests}`);
	writeFileSync(join(folder, 'en/runbooks/containers/family.mdx'), '---\ntitle: C\ndescription: C.\nparameters: { container: { label: C, help: C. }, tag: { label: T, help: T. } }\ngroups: { what: What }\nrules: { moving: It moves., old: It is old. }\n---\n');
	writeFileSync(join(folder, 'en/runbooks/containers/stop.mdx'), '---\ntitle: S\nshort: S\ndescription: S.\nsteps: { keep: Keep, stop: Stop }\n---\n\n<Step id="keep">\n</Step>\n\n<Step id="stop">\n</Step>\n');
	return (await runDrover(['list', '--content', folder])).err;
}

test('expectations that hold say nothing', async () => {
	expect(await listed(`tests:
  - values: { container: web }
    commands: { stop: docker stop web }
    skipped: [keep]
    warned: []
  - blocked: [stop]
  - values: { container: web, tag: latest }
    refused: [tag]
  - values: { container: web, tag: v0 }
    warned: [tag]
  - values: { container: 'a b' }
    refused: [container]
`)).toBe('');
});

test.each([
	['a command', '{ values: { container: web }, commands: { stop: docker stop db } }', '13  the command of step "stop" is another one: docker stop web. Mend the runbook, or the test.'],
	['a step that is not left out', '{ values: { container: web }, skipped: [stop] }', '13  step "stop" is not left out by these values. Mend its "when", or the test.'],
	['a step that lacks nothing', '{ values: { container: web }, blocked: [stop] }', '13  the command of step "stop" lacks no value. Mend the runbook, or the test.'],
	['a refusal', '{ values: { container: web }, refused: [tag] }', '13  the test expects refused tag, and it is nothing. Mend the runbook, or the test.'],
	['a value that is refused', '{ values: { container: web, tag: latest } }', '13  the test expects refused nothing, and it is tag. Mend the runbook, or the test.'],
	['a warning', '{ values: { container: web, tag: v0 }, warned: [] }', '13  the test expects warned nothing, and it is tag. Mend the runbook, or the test.'],
	['a step that is not there', '{ values: { container: web }, skipped: [stopp] }', '13  the test names a step "stopp", and there is none. Write the id of a step.'],
])('%s that comes out in another way is an error, with its line', async (_, one, said) => {
	expect(await listed(`tests:\n  - ${one}\n`)).toMatch(lintLine(`runbooks/containers/stop.yaml:${said}`));
});
