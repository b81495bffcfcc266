import outcomes from '../../en/outcomes.json' with { type: 'json' };
import problems from '../../en/problems.json' with { type: 'json' };
import observations from '../../en/observations.json' with { type: 'json' };
import types from '../../en/types.json' with { type: 'json' };
import ui from '../../en/ui.json' with { type: 'json' };
import type { Table } from './words.ts';

export const table: Table = { ...ui, ...problems, ...observations, ...outcomes, ...types };
