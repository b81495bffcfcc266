import mdx from '@astrojs/mdx';
import { unified } from '@astrojs/markdown-remark';
import { defineConfig } from 'astro/config';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkCjkFriendlyStrikethrough from 'remark-cjk-friendly-gfm-strikethrough';
import { codeTheme } from './src/components/CommandText/code-theme.ts';
import { headingAnchors } from './src/markdown/heading-anchors.ts';
import { proseOnly } from './src/markdown/prose-only.ts';
import { tableLanguages } from './src/markdown/table-languages.ts';
import { tableNames } from './src/markdown/table-names.ts';

export default defineConfig({
	trailingSlash: 'ignore',
	// Builds of other content beside the product's own must not share what they remember.
	cacheDir: process.env.DROVER_CACHE ?? './node_modules/.astro',
	// Prose that holds no component of ours is HTML once, not built from parts at every rendering.
	integrations: [mdx({ optimize: true })],
	markdown: {
		// Emphasis beside Chinese punctuation, and no typographic dashes: `--restart` in prose stays what it is.
		processor: unified({ remarkPlugins: [proseOnly, remarkCjkFriendly, remarkCjkFriendlyStrikethrough, headingAnchors, tableLanguages, tableNames], smartypants: false }),
		shikiConfig: { theme: codeTheme },
	},
	// Every script and style is a file of its own: the content security policy allows no inline script.
	build: { inlineStylesheets: 'never' },
	devToolbar: { enabled: false },
	vite: {
		build: {
			assetsInlineLimit: 0,
			modulePreload: false,
			rolldownOptions: { checks: { moduleLevelDirective: false } },
		},
	},
});
