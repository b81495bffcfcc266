/**
 * Takes a command apart for a reader: each program, each flag and each value, with the key of its sentence in the dictionary (`flags.json`). A flag is
 * explained by the program it belongs to: `-v` of `docker run` is not `-v` of `docker rm`.
 */
import type { Part } from '../runbook/command/render.ts';

export interface ExplainedWord {
	/** As it stands in the command, a flag together with its value. */
	readonly text: string;
	/** Key of its sentence; absent for a word that is nothing but values. */
	readonly key?: string;
	/** Parameters whose values are in it. */
	readonly parameters: readonly string[];
}

interface Word {
	readonly text: string;
	readonly parameters: readonly string[];
}

/** Flags that stand alone; after every other flag of these programs comes its value. */
const lone = new Set(['-d', '--detach', '--interactive', '--tty', '-i', '-t', '-it', '-ti', '--rm', '--privileged', '--init', '--oom-kill-disable', '--read-only', '-q', '--quiet', '-a', '--all', '--latest', '-l']);
/** After their first plain word (an image or a container) another program's words follow. */
const carriers: Readonly<Record<string, string | undefined>> = { 'docker.run': 'server', 'docker.create': 'server', 'docker.exec': undefined };
const managed = new Set(['container', 'image', 'volume', 'network', 'system']);
const programs = new Set(['docker', 'mysql', 'mysqldump', 'mysqladmin', 'curl', 'gzip', 'gunzip', 'tar', 'tail', 'grep', 'sed', 'awk', 'df', 'du', 'date', 'chown', 'chmod', 'mkdir', 'rm', 'mv', 'cp', 'cat', 'test', 'sudo', 'ssh', 'stat', 'find', 'sort', 'head', 'id', 'ls', 'wc', 'cmp', 'jq', 'umask', 'sha256sum', 'timeout', 'sh', 'bash', 'printf', 'echo']);

/** Explains a command by its parts. */
export function explainCommand(parts: readonly Part[]): readonly ExplainedWord[] {
	const script = parts.find((part) => part.role === 'script');
	const words = wordsOf(parts.filter((part) => part.role !== 'script'));
	if (!script) return explainWords(words);
	const variables = words.filter(({ text }) => /^[A-Za-z_][A-Za-z0-9_]*=/.test(text)).map((word) => ({ ...word, key: 'script.variable' }));
	return unique([...variables, { text: 'bash -euo pipefail -c', key: 'bash.script', parameters: [] }, ...explainScript(script.text)]);
}

function wordsOf(parts: readonly Part[]): Word[] {
	const words: { text: string; parameters: string[] }[] = [];
	let open = false;
	for (const { text, role, parameter } of parts) {
		if (role === 'blank') {
			open = false;
			continue;
		}
		if (!open) words.push({ text: '', parameters: [] });
		open = true;
		const word = words.at(-1);
		if (!word) continue;
		word.text += text;
		if (parameter !== undefined && !word.parameters.includes(parameter)) word.parameters.push(parameter);
	}
	return words;
}

/** Walks along the words of one command line. */
function explainWords(all: readonly Word[]): ExplainedWord[] {
	const explained: ExplainedWord[] = [];
	const assignments = all.findIndex(({ text }) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(text));
	for (const word of all.slice(0, Math.max(assignments, 0))) explained.push({ ...word, key: 'script.variable' });
	let words = all.slice(Math.max(assignments, 0));
	while (words.length > 0) {
		const { context, length, key } = contextOf(words);
		explained.push({ text: words.slice(0, length).map(({ text }) => text).join(' '), key, parameters: [] });
		const { rows, rest, next } = explainFlags(context, words.slice(length));
		explained.push(...rows);
		if (next !== undefined) explained.push(...explainFlags(next, rest).rows);
		words = next === undefined && context in carriers ? [...rest] : [];
	}
	return unique(explained);
}

function contextOf(words: readonly Word[]): { context: string; length: number; key: string } {
	const [program, sub, action] = words.map(({ text }) => text);
	if (program !== 'docker' || sub === undefined) return { context: program ?? '', length: 1, key: program ?? '' };
	if (managed.has(sub) && action !== undefined) return { context: `docker.${sub}-${action}`, length: 3, key: `docker.${sub}-${action}` };
	return { context: `docker.${sub}`, length: 2, key: `docker.${sub}` };
}

function explainFlags(context: string, words: readonly Word[]): { rows: ExplainedWord[]; rest: readonly Word[]; next?: string | undefined } {
	const rows: ExplainedWord[] = [];
	const carries = context in carriers;
	let entrypoint: string | undefined;
	for (let at = 0; at < words.length; at += 1) {
		const word = words[at];
		if (!word) break;
		if (!word.text.startsWith('-') || word.text === '-') {
			if (word.parameters.length > 0) rows.push(word);
			// What follows the image is for the program that the container starts.
			if (carries) return { rows, rest: words.slice(at + 1), next: entrypoint ?? carriers[context] };
			continue;
		}
		const flag = word.text.split('=')[0] ?? word.text;
		const value = word.text.includes('=') || lone.has(flag) || !takesValue(context) ? undefined : words[at + 1];
		const follows = value && !value.text.startsWith('-') ? value : undefined;
		if (follows) at += 1;
		if (flag === '--entrypoint') entrypoint = (follows?.text ?? word.text.slice(flag.length + 1)).split('/').at(-1);
		rows.push({ text: follows ? `${word.text} ${follows.text}` : word.text, key: keyOf(context, flag), parameters: [...word.parameters, ...(follows?.parameters ?? [])] });
	}
	return { rows, rest: [] };
}

/** `docker create` takes every flag of `docker run` but one. */
function keyOf(context: string, flag: string): string {
	return `${context === 'docker.create' ? 'docker.run' : context}.${flag}`;
}

/** Programs of whose flags most are followed by a value in a word of its own. */
function takesValue(context: string): boolean {
	return /^(?:docker\.(?:run|create|exec|stop|inspect|container-inspect|image-inspect|ps|logs|cp|pull|save|load|volume-ls|images)|server|curl)$/.test(context);
}

/** The flags of a constant script, by the program that stands before each on its line. */
function explainScript(script: string): ExplainedWord[] {
	const found: ExplainedWord[] = [];
	for (const line of script.replaceAll('\\\n', ' ').split('\n')) {
		if (line.trimStart().startsWith('#')) continue;
		let context = '';
		const words = line.replace(/"(?:\\.|[^"\\])*"/g, (quoted) => (quoted.includes('$(') ? quoted.replaceAll('"', ' ') : '""')).replace(/[()|;&]+/g, ' | ').split(/\s+/).filter(Boolean);
		words.forEach((text, index) => {
			// Another command begins: flags belong to nothing until its program is known.
			if (/^(?:\||if|then|else|do|!|\[|while|until|[a-z_]+=.*)$/.test(text)) context = '';
			if (programs.has(text) && !text.startsWith('-')) {
				const made = contextOf(words.slice(index).map((one) => ({ text: one, parameters: [] })));
				context = made.context;
				found.push({ text: words.slice(index, index + made.length).join(' '), key: made.key, parameters: [] });
			} else if (context !== '' && /^--?[A-Za-z]/.test(text)) {
				found.push({ text: text.split('=')[0] ?? text, key: keyOf(context, text.split('=')[0] ?? text), parameters: [] });
			}
		});
	}
	return found;
}

function unique(words: readonly ExplainedWord[]): ExplainedWord[] {
	return [...new Map(words.map((word) => [`${word.key ?? ''} ${word.text}`, word])).values()];
}
