/**
 * Prose is not code: Markdown with a few elements of ours, and nothing that computes, imports or brings markup of its own. What is refused is told with its line and
 * what to write instead, all of a page at once.
 */
import type { Node, Parent } from 'mdast';
import { SKIP, visit } from 'unist-util-visit';
import type { Runbook } from '../runbook/definition/definition.ts';
import { suggest } from '../runbook/text/suggest.ts';
import { codeOf, findUntrusted } from '../runbook/text/character.ts';
import type { LintRule } from '../runbook/definition/lint-rules.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { readPage, type ProseElement, type ProseKind, type ProsePage } from './prose-page.ts';

/** Elements by the kind of page, each with the attributes that it takes: a list of names, or any name. */
const elements: Readonly<Record<ProseKind, Readonly<Record<string, readonly string[] | 'any'>>>> = {
	runbook: { Step: ['id'], kbd: [] },
	step: { kbd: [] },
	family: { kbd: [] },
	guide: { Table: 'any', kbd: [] },
};

/** Languages of fences that would be a second home for a command. */
const shells = /^(?:sh|bash|zsh|fish|dash|ksh|ash|shell|shellsession|shell-session|console|terminal|sh-session|powershell|pwsh|ps1|bat|batch|cmd)$/i;

/** Addresses that a link or an image may have: of the web, by mail, or within the site. */
const safeAddress = /^(?:https?:|mailto:|#|\/(?!\/)|\.{1,2}\/|[^:/?#]+(?:[/?#]|$))/i;

/** Everything that keeps a file from being words. */
export function checkProse(file: SourceFile, kind: ProseKind): LintError[] {
	return checkPage(readPage(file, kind));
}

/** The same of a page that has been read. */
export function checkPage({ file, kind, body, tree, errors, at }: ProsePage): LintError[] {
	const lintErrors: LintError[] = [];
	const add = (node: Parameters<typeof at>[0], rule: LintRule, message: string, advice: string) => lintErrors.push({ file: file.path, ...at(node), rule, message, advice });
	for (const { line, column, message } of errors) lintErrors.push({ file: file.path, line, column, rule: 'prose.syntax', message, advice: 'Close the element, or write "<" and "{" that are text in backticks.' });
	visit(tree, (node, _, parent) => {
		switch (node.type) {
			case 'mdxTextExpression':
			case 'mdxFlowExpression':
				add(node, 'prose.element', `"{${start(node.value)}}" would be computed`, 'Prose computes nothing. Write braces that are text in backticks.');
				return SKIP;
			case 'mdxJsxFlowElement':
			case 'mdxJsxTextElement':
				return checkElement(node, parent, kind, (message, advice) => add(node, 'prose.element', message, advice));
			case 'html':
				add(node, 'prose.element', 'HTML stands in prose', 'Write Markdown.');
				return undefined;
			case 'paragraph':
				if (isModule(node, parent, body)) add(node, 'prose.element', 'an import or export stands in prose', 'Prose is no program. Remove it, or begin the line with another word.');
				return undefined;
			case 'code':
				if (shells.test(node.lang ?? '')) add(node, 'prose.command', 'a command stands in prose', 'Make it a step of the definition, or describe it in words.');
				// Indented code has no place for a language.
				else if (!node.lang) add(node, 'prose.command', 'a text in a fence does not say what it is', 'If it is a command, make it a step of the definition. Otherwise name its language: ```text.');
				return undefined;
			case 'link':
			case 'definition':
				if (!safeAddress.test(node.url)) add(node, 'prose.link', `the address "${start(node.url)}" is refused`, 'Lead to a page of this site, or to an http, https or mailto address.');
				return undefined;
			case 'image':
				if (!safeAddress.test(node.url) || /^[a-z]+:/i.test(node.url)) add(node, 'prose.link', `the picture "${start(node.url)}" comes from elsewhere`, 'Keep pictures in the site: nothing is fetched from other hosts.');
				return undefined;
			default:
				return undefined;
		}
	});
	file.text.split('\n').forEach((text, index) => {
		const odd = findUntrusted(text.replaceAll('\t', ' '));
		if (odd) lintErrors.push({ file: file.path, line: index + 1, column: odd.position, rule: 'yaml.character', message: `the invisible character ${odd.code} stands here`, advice: 'Remove it.' });
	});
	return lintErrors;
}

function checkElement(node: ProseElement, parent: Parent | undefined, kind: ProseKind, add: (message: string, advice: string) => void): typeof SKIP | undefined {
	const known = elements[kind];
	const name = node.name ?? '';
	const takes = Object.hasOwn(known, name) ? known[name] : undefined;
	const list = Object.keys(known).map((one) => `<${one}>`).join(' and ');
	if (takes === undefined) {
		const near = suggest(name, Object.keys(known));
		add(name === '' ? 'a fragment "<>" stands in prose' : `<${name}> stands in prose`, near === '' ? `Write Markdown; on this page ${list} may stand beside it.` : `Did you mean <${near}>?`);
		return undefined;
	}
	for (const attribute of node.attributes) {
		if (attribute.type !== 'mdxJsxAttribute' || (typeof attribute.value === 'object' && attribute.value !== null)) {
			add(`<${name}> holds an attribute that would be computed`, 'Write its value as a text in double quotes.');
		} else if (takes !== 'any' && !takes.includes(attribute.name)) {
			add(`<${name}> knows no attribute "${attribute.name}"`, takes.length > 0 ? `It takes ${takes.join(', ')}.` : 'It takes none.');
		} else if (takes === 'any' && !/^[a-z]+$/.test(attribute.name)) {
			add(`<${name}> knows no attribute "${attribute.name}"`, 'Names of columns are lower-case letters.');
		} else if (typeof attribute.value !== 'string') {
			add(`attribute "${attribute.name}" of <${name}> has no value`, 'Give it one in double quotes.');
		}
	}
	if (name === 'Step' && (node.type !== 'mdxJsxFlowElement' || parent?.type !== 'root')) add('<Step> stands inside something else', 'Put its tags on lines of their own, outside of lists, quotes and other steps.');
	return undefined;
}

/** MDX takes a paragraph that begins so at the start of a line, outside of everything else, for a module. */
function isModule(node: Node, parent: Parent | undefined, body: string): boolean {
	const from = node.position?.start.offset ?? 0;
	return parent?.type === 'root' && /^(?:import|export)\b/.test(body.slice(from, from + 7).trimStart());
}

function start(text: string): string {
	const shown = [...text.replace(/\s+/g, ' ')].slice(0, 60).join('');
	return findUntrusted(shown) ? codeOf(shown) : shown;
}

/** A page places each step once and in order. */
export function checkPlaces(runbook: Runbook, { file, steps, body }: ProsePage): LintError[] {
	const wanted = runbook.steps.map((step) => step.id);
	const found: LintError[] = [];
	const seen = new Set<string>();
	let last = -1;
	for (const { id, line, column } of steps) {
		const index = wanted.indexOf(id);
		const add = (message: string, advice: string) => found.push({ file: file.path, line, column, rule: 'prose.place', message, advice });
		if (index < 0) add(`there is no step "${id}"`, adviceOn(id, wanted, steps.map((step) => step.id)));
		else if (seen.has(id)) add(`step "${id}" stands here a second time`, 'Place each step once.');
		else if (index < last) add(`step "${id}" is out of order`, `Order: ${wanted.join(', ')}.`);
		seen.add(id);
		last = Math.max(last, index);
	}
	// A step that is missing belongs behind the one before it, or at the beginning of the text.
	const bodyLine = file.text.split('\n').length - body.split('\n').length + 1;
	wanted.forEach((id, index) => {
		if (seen.has(id)) return;
		const before = steps.find((step) => step.id === wanted.slice(0, index).findLast((one) => seen.has(one)));
		found.push({ file: file.path, line: before?.line ?? bodyLine, column: 1, rule: 'prose.place', message: `step "${id}" is not placed`, advice: before ? `Write <Step id="${id}"> behind step "${before.id}".` : `Write <Step id="${id}"> where it belongs.` });
	});
	return found;
}

/** The nearest step, one that is not placed before others; else those that are not placed. */
function adviceOn(id: string, wanted: readonly string[], placed: readonly string[]): string {
	const left = wanted.filter((one) => !placed.includes(one));
	const near = suggest(id, left) || suggest(id, wanted);
	if (near !== '') return `Did you mean "${near}"?`;
	return left.length > 0 ? `These are not placed yet: ${left.join(', ')}.` : 'Remove it.';
}
