/** Where the sentences of problems, observations and run outcomes appear: their keys are the names of the core's catalogues. */
import { observations } from '../../runbook/check/observation.ts';
import { dependencyEffects } from '../../runbook/command/dependencies.ts';
import { problems, type ProblemName } from '../../runbook/problem.ts';
import { runOutcomes } from '../../runbook/run/run-outcome.ts';

/** By the first part of a problem's name. */
const places: Readonly<Record<string, string>> = {
	value: 'Beside the field whose value is refused; on stderr of the command line',
	rule: 'A sentence of the family itself, beside the field of its parameter',
	secret: 'Beside the field of a secret',
	runbook: 'Answer to a request for a runbook that is not there',
	step: 'Below the buttons of the step, and in the way back',
	node: 'Below the buttons of the step on that node',
	preview: 'In the dialog that shows both commands',
	session: 'In the list of sessions',
	run: 'Below the buttons of the step, or in the dock',
	phase: 'Below the buttons of a phase and of its steps',
	detect: 'On stderr of the command line',
	state: 'Behind the state in the header, and at the start of the server',
	journal: 'In the list of sessions, and at the start of the server',
	recording: 'In the dock, in place of output',
	site: 'At the start of the server, on stderr',
	path: 'Below the buttons of the step',
	content: 'On stderr of the command line',
	file: 'On stderr of the command line',
	command: 'On stderr of the command line',
	request: 'Below the buttons of the step; it should never be seen',
	access: 'Behind the state in the header',
	ssh: 'Below the choice of the machine; on stderr of the command line',
	machine: 'Below the choice of the machine; on stderr of the command line',
	docker: 'Behind the state in the header, and below the look at this machine',
};

const placeOf = (name: string) => places[name.split('.')[0] ?? ''] ?? '';
const keyed = (prefix: string, names: readonly string[], note: (name: string) => string) => Object.fromEntries(names.map((name) => [`${prefix}.${name}`, note(name)]));

export const problemNotes: Readonly<Record<string, string>> = keyed('problem', Object.keys(problems) as ProblemName[], placeOf);
export const observationNotes: Readonly<Record<string, string>> = keyed('saw', Object.keys(observations), () => 'Below a step: what a check saw; also in the report');
export const outcomeNotes: Readonly<Record<string, string>> = keyed('run', Object.keys(runOutcomes), () => 'Below a step: how its run stands; also in the report');
export const dependencyNotes: Readonly<Record<string, string>> = keyed('depends', dependencyEffects, () => 'Below a command: what it depends on beside its own words; in `drover render`');
