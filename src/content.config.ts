import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { locales } from './site/content.ts';
import { contentRoot } from './site/content-root.ts';
import { GuideWords } from './content/words.ts';

/** Folders of the languages, as a pattern: a folder of one language has one. */
const folders = locales.length === 1 ? locales.join('') : `{${locales.join(',')}}`;

/** Ids are paths without their ending, dots kept: `zh/runbooks/rancher-1.6/single-container`. */
const generateId = ({ entry }: { entry: string }) => entry.replace(/\.mdx$/, '');

/** Prose of runbooks and shared steps. `readContent` has held the front matter against the definition already. */
const runbooks = defineCollection({
	loader: glob({ base: contentRoot, pattern: `${folders}/runbooks/**/*.mdx`, generateId }),
	schema: z.looseObject({ title: z.string() }),
});

const guide = defineCollection({ loader: glob({ base: contentRoot, pattern: `${folders}/guide/*.mdx`, generateId }), schema: GuideWords });

export const collections = { runbooks, guide };
