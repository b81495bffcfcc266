/**
 * What can be wrong, by permanent name. A problem carries a name and slots; its sentence stands in `zh` and `en`, in `problems.json`, under
 * `problem.<name>`, with exactly these slots. A test holds the three together. A family has a catalogue of its own for what its rules find.
 */
export const problems = {
	'value.missing': ['parameter'],
	'value.unknown': ['parameter', 'runbook', 'suggestion'],
	'value.type': ['parameter', 'value', 'type'],
	'value.character': ['parameter', 'character', 'code', 'position'],
	'value.holds-secret': ['parameter', 'name'],
	'value.variable-read': ['parameter', 'name'],
	'value.dash': ['parameter', 'value'],
	'value.too-long': ['parameter', 'length', 'max'],
	'value.too-short': ['parameter', 'length', 'min'],
	'value.too-small': ['parameter', 'value', 'min'],
	'value.too-big': ['parameter', 'value', 'max'],
	'value.pattern': ['parameter', 'value'],
	'value.not-a-list': ['parameter'],
	'value.not-a-text': ['parameter'],
	'value.given-twice': ['parameter'],
	'value.duplicate': ['parameter', 'value'],
	'value.choice': ['parameter', 'value', 'options'],
	'rule.refused': ['rule'],
	'rule.warned': ['rule'],
	'value.awaited': ['parameter', 'step'],
	'value.not-printed': ['parameter', 'step'],
	'value.output-refused': ['parameter', 'step', 'value'],
	'secret.short': ['parameter'],
	'secret.default': ['parameter'],
	'secret.masked': ['parameter'],
	'runbook.unknown': ['runbook', 'suggestion'],
	'step.unknown': ['runbook', 'step', 'suggestion'],
	'node.unknown': ['step', 'node'],
	'node.elsewhere': ['step', 'node', 'ssh'],
	'step.not-applicable': ['step'],
	'step.by-hand': ['step'],
	'step.no-command': ['step'],
	'step.no-undo': ['step'],
	'step.out-of-order': ['step', 'before'],
	'step.running': ['step'],
	'step.unsettled': ['step'],
	'step.other-change-running': ['step', 'other'],
	'step.already-done': ['step'],
	'step.needs-confirmation': ['step'],
	'step.needs-object-name': ['step', 'object'],
	'step.needs-reason': ['step'],
	'step.cannot-override': ['step'],
	'step.skip-unknown': ['step'],
	'step.nothing-to-undo': ['step'],
	'step.nothing-to-look-at': ['step'],
	'step.undo-order': ['step', 'later'],
	'step.made-unknown': ['step'],
	'step.made-before': ['step', 'container'],
	'preview.differs': ['step'],
	'phase.running': ['session'],
	'phase.steps': ['step'],
	'phase.unknown': ['phase'],
	'phase.ended': ['phase'],
	'session.unknown': ['session'],
	'session.closed': ['session'],
	'session.other-runbook': ['session', 'runbook'],
	'run.unknown': ['run'],
	'run.ended': ['run'],
	'run.unreadable': ['run', 'detail'],
	'state.group-readable': ['path', 'mode'],
	'state.not-ours': ['path'],
	'state.checkout-not-ours': ['path'],
	'state.symlink': ['path'],
	'state.not-a-folder': ['path'],
	'state.read-only': ['path'],
	'state.forbidden': ['path'],
	'state.missing': ['path'],
	'state.full': ['path'],
	'state.failed': ['path', 'code'],
	'journal.corrupt': ['path', 'line', 'why'],
	'journal.closed': ['path', 'code'],
	'journal.later': ['count'],
	'recording.corrupt': ['path', 'event'],
	'journal.torn': ['path', 'line', 'aside'],
	'journal.torn-kept': ['path', 'line', 'aside'],
	'path.not-mounted': ['path', 'folder'],
	'file.unreadable': ['file', 'detail'],
	'file.unwritable': ['file', 'detail'],
	'file.not-values': ['file', 'detail'],
	'site.missing': ['folder'],
	'site.no-builder': ['folder'],
	'content.missing': ['folder'],
	'content.not-a-folder': ['folder'],
	'content.no-config': ['folder'],
	'content.not-empty': ['folder'],
	'content.no-family': ['family', 'folder'],
	'content.file-there': ['file'],
	'detect.unreadable': [],
	'detect.unknown': [],
	'detect.no-server': [],
	'detect.several': ['containers'],
	'detect.other-path': ['container', 'path', 'runbook'],
	'command.unknown': ['command', 'suggestion'],
	'command.usage': ['detail'],
	'request.invalid': ['detail'],
	'request.failed': [],
	'access.code-refused': [],
	'access.token-refused': [],
	'ssh.missing': [],
	'ssh.host-key-unknown': ['machine'],
	'ssh.host-key-changed': ['machine'],
	'ssh.asks-password': ['machine'],
	'ssh.no-key': ['machine'],
	'ssh.no-name': ['machine'],
	'ssh.not-reached': ['machine', 'detail'],
	'ssh.old-algorithms': ['machine', 'line'],
	'ssh.configuration': ['machine', 'detail'],
	'ssh.no-bash': ['machine'],
	'ssh.old-bash': ['machine', 'version'],
	'ssh.login-shell': ['machine', 'detail'],
	'ssh.no-docker': ['machine'],
	'ssh.docker-not-running': ['machine', 'detail'],
	'ssh.no-sudo': ['machine', 'line'],
	'ssh.failed': ['machine', 'detail'],
	'ssh.silent': ['machine', 'seconds'],
	'ssh.locked': ['machine', 'who', 'since'],
	'machine.invalid': ['machine'],
	'machine.in-use': ['session'],
	'docker.missing': [],
	'docker.not-running': ['host'],
	'docker.forbidden': ['host'],
	'docker.silent': ['host', 'seconds'],
	'docker.old-client': ['version', 'oldest'],
	'docker.old-engine': ['host', 'version', 'oldest'],
	'docker.failed': ['detail'],
} as const satisfies Record<string, readonly string[]>;

export type ProblemName = keyof typeof problems;

/**
 * What kind of trouble a problem is; an HTTP answer and the exit code of the command line follow from it. `absent`: what was named is not there. `conflict`: it does not fit
 * now. `machine`: this machine cannot do it. `access`: who asks is not known. `request`: it was asked wrongly.
 */
export type ProblemKind = 'absent' | 'conflict' | 'machine' | 'access' | 'request';

const kinds: readonly (readonly [ProblemKind, RegExp])[] = [
	['absent', /^(?:runbook|step|node|session|run|phase)\.unknown$/],
	['conflict', /^(?:step|session|preview|run|phase)\.|^node\.elsewhere$|^machine\.in-use$/],
	['machine', /^(?:state|journal|recording|docker|ssh|site|path)\./],
	['access', /^access\./],
];

/** A value that a step has not given: nobody can type it. */
export function isAwaited(name: string): boolean {
	return name === 'value.awaited' || name === 'value.not-printed' || name === 'value.output-refused';
}

/** The kind of a problem, by its name. */
export function kindOf(name: string): ProblemKind {
	return kinds.find(([, names]) => names.test(name))?.[0] ?? 'request';
}

/** Something that is wrong or worth a warning, before it is put into words. */
export interface Problem {
	/** Of the catalogue above, or of a family's. */
	readonly name: string;
	readonly slots: Readonly<Record<string, string | number>>;
	/** The parameter beside whose field the sentence belongs. */
	readonly parameter?: string;
	/** Which item of a list value, from 0. */
	readonly item?: number;
	readonly step?: string;
}

/** Names of problems, each with its slots. */
export type Catalogue = Readonly<Record<string, readonly string[]>>;

/** Returns what makes problems of a catalogue; the compiler asks for exactly the slots of a name. The catalogue is its type alone: no page loads the list. */
export function problemsOf<C extends Catalogue>() {
	return <N extends keyof C & string>(name: N, slots: Record<C[N][number], string | number>, where: Pick<Problem, 'parameter' | 'item' | 'step'> = {}): Problem => ({ name, slots, ...where });
}

/** Makes a problem of the core's catalogue. */
export const problem = problemsOf<typeof problems>();

/** An error that carries problems to where they become words: an HTTP answer, a line on stderr, a field of the form. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	readonly problems: readonly Problem[];

	constructor(...problems: Problem[]) {
		super(problems.map((one) => `${one.name} ${JSON.stringify(one.slots)}`).join('; '));
		this.problems = problems;
	}
}
