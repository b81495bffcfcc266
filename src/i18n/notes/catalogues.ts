/** Where the sentences of problems, sights and run outcomes appear: their keys are the names of the core's catalogues. */
import { findings } from '../../rancher/detect/finding.ts';
import { sights } from '../../runbook/sight.ts';
import { dependencyEffects } from '../../runbook/dependencies.ts';
import { problems, type ProblemName } from '../../runbook/problem.ts';
import { runOutcomes } from '../../runbook/run-outcome.ts';

/** By the first part of a problem's name. */
const places: Readonly<Record<string, string>> = {
	value: 'Beside the field whose value is refused; on stderr of the command line',
	tag: 'Beside the field of a version',
	server: 'Beside the field that it is about, and among the warnings of a look at a server',
	schema: 'Beside the field of the new version',
	nodes: 'Beside the list of nodes',
	manager: 'Beside the field or variable that decides which stacks the server upgrades by itself',
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
	file: 'On stderr of the command line',
	command: 'On stderr of the command line',
	request: 'Below the buttons of the step; it should never be seen',
	access: 'Behind the state in the header',
	inspect: 'Below the field into which the output of docker inspect was pasted; on stderr of the command line',
	docker: 'Behind the state in the header, and below the look at this machine',
};

const placeOf = (name: string) => places[name.split('.')[0] ?? ''] ?? '';
const keyed = (prefix: string, names: readonly string[], note: (name: string) => string) => Object.fromEntries(names.map((name) => [`${prefix}.${name}`, note(name)]));

export const problemNotes: Readonly<Record<string, string>> = keyed('problem', Object.keys(problems) as ProblemName[], placeOf);
export const sightNotes: Readonly<Record<string, string>> = keyed('saw', Object.keys(sights), () => 'Below a step: what a check saw; also in the report');
export const outcomeNotes: Readonly<Record<string, string>> = keyed('run', Object.keys(runOutcomes), () => 'Below a step: how its run stands; also in the report');
export const dependencyNotes: Readonly<Record<string, string>> = keyed('depends', dependencyEffects, () => 'Below a command: what it depends on beside its own words; in `drover render`');
export const findingNotes: Readonly<Record<string, string>> = keyed('found', Object.keys(findings), () => 'In a look at a server: why it is what it is, and what to know of it; in `drover detect`');
