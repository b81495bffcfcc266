import { describe, expect, test } from 'vitest';
import { makeLinksRelative, makeUrlsRelative } from '../../../server/site/relative-links.ts';

describe('links of a page', () => {
	test('lead from the page itself, however deep it stands', () => {
		const html = '<a class="x" href="/zh/guide/">a</a><img alt="b" src="/mark.svg"><a href="/">c</a>';

		expect(makeLinksRelative(html, 'zh/field/walk/index.html')).toBe('<a class="x" href="../../../zh/guide/">a</a><img alt="b" src="../../../mark.svg"><a href="../../.././">c</a>');
		expect(makeLinksRelative(html, 'index.html')).toContain('href="zh/guide/"');
	});

	test('to other sites, to anchors and in text stay as they are', () => {
		const html = '<a href="https://example.com/">a</a><a href="//example.com/">b</a><a href="#c">c</a><p>href="/zh/"</p>';

		expect(makeLinksRelative(html, 'zh/index.html')).toBe(html);
	});
});

test('addresses in a style sheet lead from the style sheet', () => {
	expect(makeUrlsRelative('a{src:url(/_astro/x.woff2) url("/y.svg") url(data:z)}', '_astro/a.css')).toBe('a{src:url(../_astro/x.woff2) url("../y.svg") url(data:z)}');
});
