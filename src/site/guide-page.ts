import { furtherReadingOf } from '../families/rancher/further-reading.ts';

/** Page and anchor of the guide, `page#anchor`, that says more about a hint of a family's runbooks. */
const furtherReading: Readonly<Record<string, (step: string, hint: string) => string | undefined>> = { 'rancher-1.6': furtherReadingOf };

/** The address of the page of the guide that says more about a hint, from the root of the site. */
export function guidePageOf(family: string, step: string, hint: string, locale: string): string | undefined {
	const [page, anchor] = furtherReading[family]?.(step, hint)?.split('#') ?? [];
	return page === undefined ? undefined : `/${locale}/guide/${page}/${anchor === undefined ? '' : `#${anchor}`}`;
}
