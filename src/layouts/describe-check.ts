/** Checks in words: what is looked at, and what must be seen. */
import type { Names } from '../i18n/say.ts';
import { sayDuration } from '../i18n/say.ts';
import type { Translate } from '../i18n/words.ts';
import type { Check, HeaderExpectation, Step } from '../runbook/definition.ts';
import { renderCommand, renderText, type Rendered } from '../runbook/render.ts';
import { holds, type Resolved } from '../runbook/resolve.ts';
import type { Text } from '../runbook/snippet.ts';

export interface CheckLine {
	readonly look: string;
	readonly expects: string;
}

/** Describes those checks that apply to the values; a missing value stands as its placeholder. */
export function describeChecks(checks: readonly Check[], step: Step, { resolved }: { resolved: Resolved; names: Names }, t: Translate): readonly CheckLine[] {
	return checks.filter((check) => holds(check.when, resolved.answers)).flatMap((check) => {
		const line = describe(check, resolved, step.id, t);
		if (!line) return [];
		const notes = [
			...(check.withinSeconds > 0 ? [t('checks.patience', { time: sayDuration(check.withinSeconds, t) })] : []),
			...(check.forSeconds > 0 ? [t('checks.held', { time: sayDuration(check.forSeconds, t) })] : []),
			...(check.severity === 'warn' ? [t('checks.warns')] : []),
		];
		return [{ look: line.look, expects: [line.expects, ...notes].join(' ') }];
	});
}

function describe(check: Check, resolved: Resolved, step: string, t: Translate): CheckLine | undefined {
	const fill = (text: Text) => renderText(text, resolved, { step }).text || text.map((piece) => (piece.kind === 'text' ? piece.text : piece.name.toUpperCase())).join('');
	if (check.kind === 'file') {
		if (check.ends !== undefined) return { look: fill(check.path), expects: t('checks.file-ends', { text: check.ends }) };
		if (check.holds.length > 0) return { look: fill(check.path), expects: t('checks.file-holds', { entries: check.holds.join(t('list.separator')) }) };
		return { look: fill(check.path), expects: check.exists ? t('checks.file-there') : t('checks.file-absent') };
	}
	if (check.kind === 'http') {
		if (check.refused) return { look: fill(check.url), expects: t('checks.refused') };
		const [header] = Object.entries(check.headers);
		const [json] = Object.entries(check.json);
		if (header) return { look: fill(check.url), expects: headerText(header, fill, t) };
		if (json) return { look: fill(check.url), expects: t('checks.json', { field: json[0], text: fill(json[1]) }) };
		if (check.body) return { look: fill(check.url), expects: t('checks.body', { text: fill(check.body) }) };
		return { look: fill(check.url), expects: check.status.length > 0 ? t('checks.status', { status: check.status.join(' / ') }) : t('checks.answers') };
	}
	const command = renderCommand([check.command], resolved, { step });
	return command && { look: lookText(command), expects: expectText(check.expect, fill, t) };
}

function headerText([header, wanted]: readonly [string, HeaderExpectation], fill: (text: Text) => string, t: Translate): string {
	return 'equals' in wanted ? t('checks.header', { header, text: fill(wanted.equals) }) : t('checks.header-matches', { header, text: wanted.matches });
}

/** A script is named by its own lines, without the shell around it. */
function lookText(command: Rendered): string {
	const script = command.parts.find((part) => part.role === 'script');
	return script ? script.text.trim() : command.display;
}

function expectText(expect: Extract<Check, { kind: 'command' }>['expect'], fill: (text: Text) => string, t: Translate): string {
	if (expect.equals) return t('checks.equals', { text: fill(expect.equals) });
	if (expect.prints) return t('checks.prints', { text: fill(expect.prints) });
	if (expect.lacks) return t('checks.lacks', { text: fill(expect.lacks) });
	if (expect.matches !== undefined) return t('checks.matches', { text: expect.matches });
	return t('checks.exit', { code: expect.exit });
}
