/** What an author is held to, by permanent name, each with its reason. A lint error names its rule. */
export const lintRules = {
	'yaml.syntax': 'A file that cannot be read defines nothing.',
	'yaml.shape': 'It cannot become plain data.',
	'yaml.comment': 'YAML drops what stands behind "#", and the command would run without it.',
	'yaml.character': 'A reader cannot see it, and would run another text than he reads.',
	'shape.unknown': 'A key that is not known would be without effect.',
	'shape.missing': 'Without it nothing can be made of this.',
	'shape.value': 'Nothing can be made of another value.',
	'file.name': 'Files are found by their names.',
	'parameter.unknown': 'A name that is not declared never has a value.',
	'parameter.duplicate': 'The form asks for each value once.',
	'parameter.reserved': 'The name has a meaning of its own.',
	'parameter.unused': 'A reader would be asked for a value that changes nothing.',
	'parameter.default': 'A default that is refused stops every step of the runbook.',
	'parameter.list': 'A list is several words, and any other value is one.',
	'parameter.field': 'Only some types have parts.',
	'parameter.variable': 'The value would choose what a program does.',
	'derived.empty': 'It would never have a value.',
	'step.duplicate': 'A step is known by its id.',
	'step.order': 'Steps are done in the order in which they are written.',
	'step.until': 'A check holds until a later step ends it.',
	'step.shared': 'Its commands are those of the family.',
	'step.ways': 'A step does one thing.',
	'step.empty': 'Nothing would prove that it is done.',
	'step.undo': 'What changes something can be undone, or is said to be final.',
	'step.object': 'Before something is destroyed the reader types its name, and a name is shown.',
	'step.effect': 'The page says that it only reads, and runs it without a question.',
	'step.made': 'An undo takes back what its own run made, and nothing else.',
	'command.ways': 'A command is a list of words, or a text of Bash.',
	'snippet.syntax': 'A snippet is a list of words: no shell reads it.',
	'script.syntax': 'The script would end with an error, or split a value.',
	'script.bash': 'Bash cannot read the script.',
	'inner.value': 'In the text of another program a value is no longer one word: what it holds can be a command.',
	'inner.arithmetic': 'What Bash computes may hold a command: a[$(…)].',
	'inner.secret': 'A secret in the text of another program stands in its list of processes.',
	'condition.impossible': 'It would never hold.',
	'check.changes': 'Checks run without a question, and again and again.',
	'check.time': 'The check would be tried only once.',
	'check.warn': 'An exit code says one thing.',
	'check.refused': 'A refused connection has no answer.',
	'output.name': 'A name stands for one value.',
	'output.order': 'A value is there when its step has run.',
	'output.step': 'Only a command that runs once prints one value.',
	'pattern.syntax': 'It can match nothing.',
	'pattern.slow': 'On some texts it would go on for years.',
	'runbook.order': 'The family says in which order its runbooks stand.',
	'family.duplicate': 'A family is known by its name.',
	'family.unknown': 'A name without a family orders nothing.',
	'family.missing': 'A folder without runbooks has nothing to show.',
	'locale.duplicate': 'A language is listed once.',
	'locale.words': 'A reader of that language would see nothing, or a name instead of words.',
	'test.expected': 'The author wrote down what must come out.',
	'page.missing': 'Every runbook has its words.',
	'page.unknown': 'Nobody would find it.',
	'words.missing': 'A reader would see an id instead of words.',
	'words.unknown': 'Nobody would see them.',
	'prose.element': 'Prose is Markdown, and computes nothing.',
	'prose.syntax': 'What follows it cannot be read.',
	'prose.command': 'Commands stand once, in the definition: this one would never be filled in, checked or updated.',
	'prose.link': 'A reader who follows it finds nothing.',
	'prose.place': 'A page has each step once, in the order in which they are done.',
} as const;

export type LintRule = keyof typeof lintRules;

/** Something an author must fix. `line` and `column` count from 1. */
export interface LintError {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly rule: LintRule;
	/** What is wrong. */
	readonly message: string;
	/** What to write. */
	readonly advice: string;
}
