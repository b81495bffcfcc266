import type { Runbook } from '../../src/runbook/definition/definition.ts';
import { loadFamily } from '../../src/runbook/definition/load.ts';
import { noRules, resolve } from '../../src/runbook/values/resolve.ts';
import { renderStep, type Rendered, type RenderOptions } from '../../src/runbook/command/render.ts';
import type { Machines } from '../../src/runbook/values/machine.ts';
import type { Values } from '../../src/runbook/values/value.ts';

const parameters = `
  container: { type: container, group: g }
  name: { type: container, group: g }
  image: { type: image, group: g, default: rancher/server }
  tag: { type: tag, group: g, default: v1.6.30 }
  publish: { type: publish, group: g, default: '8080' }
  file: { type: path, group: g, relative: true }
  folder: { type: path, group: g }
  note: { type: text, group: g }
  env: { type: env, group: g }
  options: { type: docker-options, group: g }
  password: { type: secret, group: g }
  strict: { type: switch, group: g, word: --strict, default: 'false' }
  style: { type: choice, group: g, options: [flags, env], default: flags }
  nodes: { type: nodes, group: g }
`;

export const parameterNames = [...parameters.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name ?? '');

/** Indents a text so that it can stand in a YAML block. */
const block = (text: string, spaces: number) => text.split('\n').join(`\n${' '.repeat(spaces)}`);

/** Loads a runbook of the given steps (YAML, as they stand below `steps:`) and returns it with the lint errors. */
export function load(steps: string, extra = '') {
	const family = `family: f\nparameters:${parameters}derived: { place: { type: path, group: g } }\nsteps: {}\nrunbooks: [r]\n${extra}`;
	const runbook = `id: f/r\nparameters: [${parameterNames.join(', ')}]\nsteps:\n  ${block(steps.trim(), 2)}\n`;
	return loadFamily({ path: 'f/family.yaml', text: family }, [{ path: 'f/r.yaml', text: runbook }]);
}

/** A runbook of one reading step that runs this snippet. */
export function runbookOf(run: string, more = ''): Runbook {
	return runbookOfSteps(`- { id: s, phase: prepare, run: ${JSON.stringify(run)}${more} }`);
}

export function runbookOfSteps(steps: string): Runbook {
	const { family, lintErrors } = load(steps);
	const runbook = family?.runbooks[0];
	if (!runbook) throw new SyntaxError(lintErrors.map((one) => `${one.file}:${one.line} ${one.message}`).join('\n'));
	return runbook;
}

/** Renders the first step. */
export function render(runbook: Runbook, values: Values, options: RenderOptions = {}, machines?: Machines): Rendered {
	const [step] = runbook.steps;
	const rendered = step && renderStep(step, 'run', { ...resolve(runbook, noRules, values), ...(machines && { machines }) }, options);
	if (!rendered) throw new RangeError('The step has no command.');
	return rendered;
}
