/** The words of phase runs: loaded where a Drover may answer. */
import type { PhaseKey } from '../../i18n/words.ts';
import { locale } from '../ground/locale.ts';
import { wordsWith } from '../ground/words.ts';

const { default: table } = locale === 'zh' ? await import('../../../zh/phase.json') : await import('../../../en/phase.json');

export const phaseWords = wordsWith<PhaseKey>(table);
