/** Checks in words: what is looked at, and what must be seen. */
import { formatDuration } from '../i18n/format.ts';
import type { Translate } from '../i18n/words.ts';
import { checkApplies } from '../runbook/check/check.ts';
import type { Check, HeaderExpectation, Step } from '../runbook/definition/definition.ts';
import { placeholder, renderCommand, renderText, type Rendered, type RenderOptions } from '../runbook/command/render.ts';
import type { Resolved } from '../runbook/values/resolve.ts';
import type { Text } from '../runbook/definition/snippet.ts';
import { targetsOf } from '../runbook/session/targets.ts';

export interface CheckLine {
	readonly asks: string;
	readonly expects: string;
}

/** Describes those checks that are made for the values, on each node; a missing value stands as its placeholder. What is checked on some nodes only names them. */
export function describeChecks(checks: readonly Check[], step: Step, { resolved }: { resolved: Resolved }, t: Translate): readonly CheckLine[] {
	const all = targetsOf(step, resolved);
	const applying = all.filter(({ applies }) => applies);
	const targets = applying.length > 0 ? applying : all;
	const lines = new Map<string, { check: Check; line: CheckLine; nodes: string[] }>();
	for (const check of checks) {
		for (const { node } of targets.filter((target) => checkApplies(check, resolved, target.node))) {
			const line = describe(check, resolved, { step: step.id, ...(node && { node }) }, t);
			if (!line) continue;
			const key = JSON.stringify([checks.indexOf(check), line]);
			const found = lines.get(key) ?? { check, line, nodes: [] };
			lines.set(key, { ...found, nodes: [...found.nodes, node?.name ?? ''] });
		}
	}
	return [...lines.values()].map(({ check, line, nodes }) => {
		const notes = [
			...(check.withinSeconds > 0 ? [t('checks.patience', { time: formatDuration(check.withinSeconds, t) })] : []),
			...(check.forSeconds > 0 ? [t('checks.held', { time: formatDuration(check.forSeconds, t) })] : []),
			...(check.severity === 'warn' ? [t('checks.warns')] : []),
			...(check.kind === 'command' && check.expect.warn ? [t('checks.warn-exit', { codes: check.expect.warn.join(t('list.separator')) })] : []),
			...(nodes.length < targets.length ? [t('checks.on-node', { node: nodes.join(t('list.separator')) })] : []),
		];
		return { asks: line.asks, expects: [line.expects, ...notes].join(' ') };
	});
}

function describe(check: Check, resolved: Resolved, options: RenderOptions & { step: string }, t: Translate): CheckLine | undefined {
	const fill = (text: Text) => text.map((piece) => (piece.kind === 'text' ? piece.text : renderText([piece], resolved, options).text || placeholder(piece))).join('');
	if (check.kind === 'file') {
		if (check.ends !== undefined) return { asks: fill(check.path), expects: t('checks.file-ends', { text: check.ends }) };
		if (check.holds.length > 0) return { asks: fill(check.path), expects: t('checks.file-holds', { entries: check.holds.join(t('list.separator')) }) };
		return { asks: fill(check.path), expects: check.exists ? t('checks.file-there') : t('checks.file-absent') };
	}
	if (check.kind === 'http') {
		if (check.refused) return { asks: fill(check.url), expects: t('checks.refused') };
		const [header] = Object.entries(check.headers);
		const [json] = Object.entries(check.json);
		if (header) return { asks: fill(check.url), expects: headerText(header, fill, t) };
		if (json) return { asks: fill(check.url), expects: t('checks.json', { field: json[0], text: fill(json[1]) }) };
		if (check.body) return { asks: fill(check.url), expects: t('checks.body', { text: fill(check.body) }) };
		return { asks: fill(check.url), expects: check.status.length > 0 ? t('checks.status', { status: check.status.join(' / ') }) : t('checks.answers') };
	}
	const command = renderCommand([check.command], resolved, options);
	return command && { asks: askText(command), expects: expectText(check.expect, fill, t) };
}

function headerText([header, wanted]: readonly [string, HeaderExpectation], fill: (text: Text) => string, t: Translate): string {
	return 'equals' in wanted ? t('checks.header', { header, text: fill(wanted.equals) }) : t('checks.header-matches', { header, text: wanted.matches });
}

/** A script is named by its own lines, without the shell around it. */
function askText(command: Rendered): string {
	const script = command.parts.find((part) => part.role === 'script');
	return script ? script.text.trim() : command.display;
}

function expectText(expect: Extract<Check, { kind: 'command' }>['expect'], fill: (text: Text) => string, t: Translate): string {
	if (expect.equals) return t('checks.equals', { text: fill(expect.equals) });
	if (expect.prints) return t('checks.prints', { text: fill(expect.prints) });
	if (expect.lacks) return t('checks.lacks', { text: fill(expect.lacks) });
	if (expect.matches !== undefined) return t('checks.matches', { text: expect.matches });
	const [json] = Object.entries(expect.json ?? {});
	if (json) return t('checks.prints-json', { field: json[0], text: fill(json[1]) });
	return t('checks.exit', { code: expect.exit });
}
