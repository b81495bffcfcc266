/** The families that know their subject, by id. Who runs outside a browser finds them by `families.ts`. */
import type { Family } from './family.ts';
import { rancher, type RancherKey } from './rancher/family.ts';

export const allFamilies: Readonly<Record<string, Family>> = { 'rancher-1.6': rancher };

/** Keys of the sentences that families bring. */
export type FamilyKey = RancherKey;
