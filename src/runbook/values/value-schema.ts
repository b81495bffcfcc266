/** The shape of values, for what comes in from outside. Apart from their types, so that a page that only reads and fills loads no schema. */
import { nodeTexts } from './value-types.ts';
import { z } from '../zod.ts';

const matching = (pattern: RegExp) => z.string().check(z.regex(pattern));

export const Node = z.strictObject({ name: matching(nodeTexts.name), ssh: matching(nodeTexts.ssh), address: matching(nodeTexts.address) });

export const Value = z.union([z.string(), z.array(z.string()), z.array(Node)]);
