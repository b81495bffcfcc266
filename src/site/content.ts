import { ContentErrors } from '../content/content-errors.ts';
import { readContent } from '../content/read-content.ts';
import type { FamilyContent } from '../content/content.ts';
import { contentRoot } from './content-root.ts';

const content = readContent(contentRoot);
if (content.lintErrors.length > 0) throw new ContentErrors(content.lintErrors);

if (content.families.length === 0) throw new RangeError(`There are no runbooks below ${contentRoot}.`);

/** Every family of runbooks, held against its words. The build stops before this line when there are lint errors, and lists all of them. */
export const families: readonly FamilyContent[] = content.families;
