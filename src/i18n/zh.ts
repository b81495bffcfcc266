import outcomes from '../../zh/outcomes.json' with { type: 'json' };
import problems from '../../zh/problems.json' with { type: 'json' };
import observations from '../../zh/observations.json' with { type: 'json' };
import types from '../../zh/types.json' with { type: 'json' };
import ui from '../../zh/ui.json' with { type: 'json' };
import type { Table } from './words.ts';

export const table: Table = { ...ui, ...problems, ...observations, ...outcomes, ...types };
