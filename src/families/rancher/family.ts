/** All that is known of Rancher 1.x, as the rest of Drover asks for it. */
import en from '../../../en/rancher.json' with { type: 'json' };
import zh from '../../../zh/rancher.json' with { type: 'json' };
import type { Family } from '../family.ts';
import { detection } from './detect/detection.ts';
import { findings } from './detect/finding.ts';
import { pathIds } from './detect/path.ts';
import { furtherReadingOf } from './further-reading.ts';
import { placeOfProblem } from './notes.ts';
import { rancherProblems } from './problem.ts';
import { rancherRules } from './rules.ts';
import { tables } from './tables.ts';

export type RancherKey = `problem.${keyof typeof rancherProblems}`;

export const rancher: Family = {
	rules: rancherRules,
	paths: pathIds,
	words: { en, zh },
	catalogues: {
		rancher: { prefix: 'problem', names: rancherProblems, note: placeOfProblem },
		found: { prefix: 'found', names: findings, note: () => 'In a look at a server: why it is what it is, and what to know of it; in `drover detect`' },
	},
	furtherReading: furtherReadingOf,
	tables,
	detection,
};
