import { ContentErrors } from '../content/content-errors.ts';
import { readContent } from '../content/read-content.ts';
import { learnInterface, type FamilyContent } from '../content/content.ts';
import type { Locale } from '../i18n/locale.ts';
import { contentRoot } from './content-root.ts';

const content = readContent(contentRoot);
if (content.lintErrors.length > 0) throw new ContentErrors(content.lintErrors);
learnInterface(content);

/** What the folder is called, and where things are. */
export const { config } = content;

/** Languages of the site. */
export const locales: readonly Locale[] = config.locales;

/** Every family of runbooks, held against its words. The build stops before this line when there are lint errors, and lists all of them. */
export const families: readonly FamilyContent[] = content.families;
