import type { StepFacts } from './facts.ts';

/** Results as JUnit XML, a suite a phase: what most build servers read. Seconds by key of the step. */
export function writeJunit(runbook: string, steps: readonly StepFacts[], seconds: ReadonlyMap<string, number>): string {
	const phases = [...new Set(steps.map(({ phase }) => phase))];
	const suites = phases.map((phase) => {
		const own = steps.filter((one) => one.phase === phase);
		const count = (...results: readonly string[]) => own.filter(({ result }) => results.includes(result)).length;
		const time = own.reduce((sum, one) => sum + (seconds.get(keyOf(one)) ?? 0), 0);
		const cases = own.map((one) => writeCase(runbook, one, seconds.get(keyOf(one)) ?? 0));
		return `\t<testsuite name="${escape(phase)}" tests="${own.length}" failures="${count('failed', 'stale', 'unknown')}" errors="${count('could-not-check')}" skipped="${count('not-run', 'not-applicable', 'skipped')}" time="${time.toFixed(3)}">\n${cases.join('\n')}\n\t</testsuite>`;
	});
	return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escape(runbook)}">\n${suites.join('\n')}\n</testsuites>\n`;
}

export const keyOf = ({ step, node }: Pick<StepFacts, 'step' | 'node'>): string => (node === null ? step : `${step}@${node}`);

function writeCase(runbook: string, one: StepFacts, seconds: number): string {
	const text = escape([...one.observed, ...one.hints].join('\n'));
	const word = escape(one.word);
	const inside = ((): string => {
		switch (one.result) {
			case 'failed':
			case 'stale':
			case 'unknown':
				return `<failure message="${word}">${text}</failure>`;
			case 'could-not-check':
				return `<error message="${word}">${text}</error>`;
			case 'not-run':
			case 'not-applicable':
			case 'skipped':
				return `<skipped message="${word}"/>`;
			default:
				return text === '' ? '' : `<system-out>${text}</system-out>`;
		}
	})();
	return `\t\t<testcase classname="${escape(runbook)}" name="${escape(keyOf(one))}" time="${seconds.toFixed(3)}">${inside}</testcase>`;
}

/** Characters that XML 1.0 does not have become a question mark. Source: XML 1.0, section 2.2. */
function escape(text: string): string {
	const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
	return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '?').replace(/[&<>"]/g, (char) => entities[char] ?? '');
}
