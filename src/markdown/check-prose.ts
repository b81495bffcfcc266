/**
 * Prose is not code: Markdown with a few elements of ours, and nothing that computes, imports or brings markup of its own. What is refused is told with its line and
 * what to write instead, all of a page at once.
 */
import type { Node, Parent, Root } from 'mdast';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx';
import { SKIP, visit } from 'unist-util-visit';
import { splitFrontMatter } from '../content/front-matter.ts';
import type { Runbook } from '../runbook/definition/definition.ts';
import { suggest } from '../runbook/text/suggest.ts';
import { codeOf, findUntrusted } from '../runbook/text/character.ts';
import type { LintError, SourceFile } from '../runbook/definition/yaml-file.ts';
import { parseProse } from './parse-prose.ts';

/** Where prose stands decides which elements it may hold. */
export type ProseKind = 'runbook' | 'step' | 'family' | 'guide';

type Element = MdxJsxFlowElement | MdxJsxTextElement;

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

/** Everything that keeps a page's text from being words. */
export function checkProse(file: SourceFile, kind: ProseKind): LintError[] {
	const { body, bodyLine } = splitFrontMatter(file.text);
	const { tree, errors } = parseProse(body);
	const lintErrors: LintError[] = [];
	const add = (line: number, message: string, advice: string) => lintErrors.push({ file: file.path, line: bodyLine + line - 1, message, advice });
	for (const { line, message } of errors) add(line, message, 'Close the element, or write "<" and "{" that are text in backticks.');
	visit(tree, (node, _, parent) => {
		const line = node.position?.start.line ?? 1;
		switch (node.type) {
			case 'mdxTextExpression':
			case 'mdxFlowExpression':
				add(line, `"{${start(node.value)}}" would be computed`, 'Prose computes nothing. Write braces that are text in backticks.');
				return SKIP;
			case 'mdxJsxFlowElement':
			case 'mdxJsxTextElement':
				return checkElement(node, parent, kind, (message, advice) => add(line, message, advice));
			case 'html':
				add(line, 'HTML stands in prose', 'Write Markdown.');
				return undefined;
			case 'paragraph':
				if (isModule(node, parent, body)) add(line, 'an import or export stands in prose', 'Prose is no program. Remove it, or begin the line with another word.');
				return undefined;
			case 'code':
				if (shells.test(node.lang ?? '')) add(line, 'a command stands in prose', 'Make it a step of the definition, or describe it in words.');
				return undefined;
			case 'link':
			case 'definition':
				if (!safeAddress.test(node.url)) add(line, `the address "${start(node.url)}" is refused`, 'Lead to a page of this site, or to an http, https or mailto address.');
				return undefined;
			case 'image':
				if (!safeAddress.test(node.url) || /^[a-z]+:/i.test(node.url)) add(line, `the picture "${start(node.url)}" comes from elsewhere`, 'Keep pictures in the site: nothing is fetched from other hosts.');
				return undefined;
			default:
				return undefined;
		}
	});
	file.text.split('\n').forEach((text, index) => {
		const odd = findUntrusted(text.replaceAll('\t', ' '));
		if (odd) lintErrors.push({ file: file.path, line: index + 1, message: `the invisible character ${odd.code} stands here`, advice: 'Remove it.' });
	});
	return lintErrors;
}

function checkElement(node: Element, parent: Parent | undefined, kind: ProseKind, add: (message: string, advice: string) => void): typeof SKIP | undefined {
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
export function checkPlaces(runbook: Runbook, file: SourceFile): LintError[] {
	const { body, bodyLine } = splitFrontMatter(file.text);
	const places = placesOf(parseProse(body).tree);
	const wanted = runbook.steps.map((step) => step.id);
	const found: LintError[] = [];
	const seen = new Set<string>();
	let last = -1;
	const add = (line: number, message: string, advice: string) => found.push({ file: file.path, line, message, advice });
	for (const { id, line } of places) {
		const index = wanted.indexOf(id);
		const near = suggest(id, wanted);
		if (index < 0) add(bodyLine + line - 1, `there is no step "${id}"`, near === '' ? `Steps: ${wanted.join(', ')}.` : `Did you mean "${near}"?`);
		else if (seen.has(id)) add(bodyLine + line - 1, `step "${id}" stands here a second time`, 'Place each step once.');
		else if (index < last) add(bodyLine + line - 1, `step "${id}" is out of order`, `Order: ${wanted.join(', ')}.`);
		seen.add(id);
		last = Math.max(last, index);
	}
	for (const id of wanted) if (!seen.has(id)) add(1, `step "${id}" is not placed`, `Write <Step id="${id}"> where it belongs.`);
	return found;
}

function placesOf(tree: Root): { id: string; line: number }[] {
	const places: { id: string; line: number }[] = [];
	visit(tree, ['mdxJsxFlowElement', 'mdxJsxTextElement'], (node) => {
		const element = node as Element;
		if (element.name !== 'Step') return;
		const id = element.attributes.find((one) => one.type === 'mdxJsxAttribute' && one.name === 'id')?.value;
		places.push({ id: typeof id === 'string' ? id : '', line: element.position?.start.line ?? 1 });
	});
	return places;
}
