/**
 * What can be wrong, by permanent name. A problem carries a name and slots; its sentence stands in `zh` and `en`, in `problems.json` (those of a family's rules in `rancher.json`), under
 * `problem.<name>`, with exactly these slots. A test holds the three together.
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
	'value.not-a-list': ['parameter'],
	'value.not-a-text': ['parameter'],
	'value.given-twice': ['parameter'],
	'value.duplicate': ['parameter', 'value'],
	'value.choice': ['parameter', 'value', 'options'],
	'tag.test-build': ['parameter', 'value', 'release'],
	'tag.test-build-runs': ['parameter', 'value'],
	'tag.moving': ['parameter', 'value'],
	'tag.not-1x': ['parameter', 'value'],
	'tag.unknown-release': ['parameter', 'value'],
	'tag.skip-1.6.19': ['parameter', 'value'],
	'tag.lower': ['parameter', 'value', 'old'],
	'tag.higher': ['parameter', 'value', 'old'],
	'tag.same': ['parameter', 'value'],
	'tag.missing-v': ['parameter', 'value', 'release'],
	'tag.crosses-environments': ['parameter', 'tag'],
	'tag.crosses-network-services': ['parameter', 'tag'],
	'tag.crosses-directory-names': ['parameter', 'tag'],
	'tag.crosses-loopback-dns': ['parameter', 'tag'],
	'server.same-name': ['parameter', 'value', 'field'],
	'server.data-twice': ['parameter', 'field'],
	'server.data-dir-system': ['parameter', 'value'],
	'server.ca-old-place': ['parameter', 'tag', 'path'],
	'server.ca-import-by-hand': ['parameter', 'tag'],
	'server.flags-unknown': ['parameter', 'tag'],
	'server.strict-unknown': ['parameter', 'tag'],
	'server.strict-needs-all': ['parameter', 'missing'],
	'server.db-loopback': ['parameter', 'value'],
	'server.env-baked': ['parameter', 'name'],
	'server.env-developer': ['parameter', 'name'],
	'server.env-releases-lock': ['parameter', 'name'],
	'server.env-obsolete': ['parameter', 'name'],
	'server.env-from-image': ['parameter', 'name'],
	'server.env-twice': ['parameter', 'name', 'field'],
	'server.env-has-field': ['parameter', 'name', 'field'],
	'server.env-overrides-setting': ['parameter', 'name', 'setting'],
	'server.env-removed': ['parameter', 'name', 'tag'],
	'server.env-stops-server': ['parameter', 'name', 'tag'],
	'server.env-quiet-log': ['parameter', 'name'],
	'server.env-go-params': ['parameter', 'name'],
	'server.env-socket-timeout': ['parameter', 'name'],
	'server.words-no-server': ['parameter'],
	'server.words-no-database': ['parameter', 'value'],
	'server.words-other-database': ['parameter', 'value'],
	'server.words-external': ['parameter', 'value'],
	'manager.none': ['parameter'],
	'server.option-has-field': ['parameter', 'option', 'field'],
	'server.restart-always': ['parameter'],
	'server.restart-none': ['parameter'],
	'server.catalog-kept': ['parameter', 'value'],
	'server.stack-orchestration': ['parameter', 'value'],
	'server.agent-mismatch': ['parameter', 'value', 'expected', 'tag'],
	'server.agent-custom': ['parameter', 'value', 'expected', 'tag'],
	'server.memory-small': ['parameter', 'value'],
	'server.heap-over-limit': ['parameter', 'value', 'heap'],
	'server.publish-ignored': ['parameter', 'value'],
	'server.registry-login': ['parameter', 'registry'],
	'server.no-proxy-lacks': ['parameter', 'host'],
	'schema.moves': ['old', 'new', 'from', 'to'],
	'schema.same': ['old', 'new', 'schema'],
	'schema.unknown': ['old', 'new'],
	'schema.takes-long': ['parameter'],
	'nodes.too-few': ['parameter', 'count'],
	'nodes.address-in-words': ['parameter', 'value'],
	'nodes.same-address': ['parameter', 'value'],
	'nodes.loopback': ['parameter', 'value'],
	'nodes.script-back': ['parameter', 'tag'],
	'nodes.interface': ['parameter', 'value'],
	'nodes.not-published': ['parameter'],
	'nodes.publish-address': ['parameter', 'value'],
	'nodes.other-port': ['parameter', 'value', 'port'],
	'inspect.empty': [],
	'inspect.too-long': ['length', 'max'],
	'inspect.too-deep': ['line', 'column', 'max'],
	'inspect.not-json': ['line', 'column'],
	'inspect.cut-short': ['line', 'column'],
	'inspect.no-container': [],
	'inspect.other-document': ['number'],
	'inspect.wrong-shape': ['container', 'fields'],
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
	'file.unreadable': ['file', 'detail'],
	'file.unwritable': ['file', 'detail'],
	'file.not-values': ['file', 'detail'],
	'detect.no-server': [],
	'detect.several': ['containers'],
	'detect.other-path': ['container', 'path', 'runbook'],
	'command.unknown': ['command', 'suggestion'],
	'command.usage': ['detail'],
	'request.invalid': ['detail'],
	'request.failed': [],
	'access.code-refused': [],
	'access.token-refused': [],
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
	['conflict', /^(?:step|session|preview|run|phase)\.|^node\.elsewhere$/],
	['machine', /^(?:state|journal|recording|docker)\./],
	['access', /^access\./],
];

/** The kind of a problem, by its name. */
export function kindOf(name: ProblemName): ProblemKind {
	return kinds.find(([, names]) => names.test(name))?.[0] ?? 'request';
}
export type Slots<N extends ProblemName> = Record<(typeof problems)[N][number], string | number>;

/** Something that is wrong or worth a warning, before it is put into words. */
export interface Problem {
	readonly name: ProblemName;
	readonly slots: Readonly<Record<string, string | number>>;
	/** The parameter beside whose field the sentence belongs. */
	readonly parameter?: string;
	/** Which item of a list value, from 0. */
	readonly item?: number;
	readonly step?: string;
}

/** Returns a problem; the compiler asks for exactly the slots of its name. */
export function problem<N extends ProblemName>(name: N, slots: Slots<N>, where: Pick<Problem, 'parameter' | 'item' | 'step'> = {}): Problem {
	return { name, slots, ...where };
}

/** An error that carries problems to where they become words: an HTTP answer, a line on stderr, a field of the form. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	readonly problems: readonly Problem[];

	constructor(...problems: Problem[]) {
		super(problems.map((one) => `${one.name} ${JSON.stringify(one.slots)}`).join('; '));
		this.problems = problems;
	}
}
