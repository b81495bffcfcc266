/** The report of `npm run real`, as Markdown for an issue. */
import { differences } from './believed.ts';
import type { Observed } from './observe.ts';

export interface Findings {
	readonly engine: string;
	readonly observed: readonly Observed[];
	/** The first line of what each program of the image says of its version. */
	readonly programs: readonly string[];
	readonly outcomes: readonly (readonly [step: string, outcome: string])[];
	readonly minutes: number;
	/** Why the walk ended before its last step. */
	readonly failure?: string;
}

export function writeReport({ engine, observed, programs, outcomes, minutes, failure }: Findings): string {
	const other = differences(observed);
	return [
		`Docker ${engine}, v1.6.14 to v1.6.30, ${Math.ceil(minutes)} min.`,
		'',
		failure === undefined ? 'The walk came to its end.' : `The walk did not come to its end:\n\n\`\`\`\n${failure}\n\`\`\``,
		'',
		other.length === 0 ? 'The image is what the stand-in says.' : 'Not what the stand-in says:',
		'',
		...other.map(({ about, observed: found, believed }) => `- ${about}: ${found} (believed: ${believed})`),
		'',
		...observed.map(({ about, observed: found }) => `- ${about}: ${found}`),
		'',
		...programs.map((line) => `- ${line}`),
		'',
		outcomes.map(([step, outcome]) => `${step}: ${outcome}`).join(', '),
		'',
	].join('\n');
}
