import { expect, test } from 'vitest';
import { pagesAround } from '../../src/site/pages-around.ts';

const pages = (count: number) => Array.from({ length: count }, (_, index) => ({ path: `/en/f/${index}/`, short: `${index}`, title: '', description: '' }));
const shown = (count: number, current: number | string) => pagesAround(pages(count), typeof current === 'string' ? current : `/en/f/${current}/`).map(({ short }) => Number(short));

test('a family of a usual size is shown whole', () => {
	expect(shown(40, 7)).toHaveLength(40);
});

test('of a long family the stretch around the page is shown, at its ends too', () => {
	expect([shown(1000, 500).at(0), shown(1000, 500).at(-1)]).toEqual([480, 519]);
	expect([shown(1000, 3).at(0), shown(1000, 3).length]).toEqual([0, 40]);
	expect([shown(1000, 999).at(0), shown(1000, 999).at(-1)]).toEqual([960, 999]);
});

test('on a page of another family a long one begins at its beginning', () => {
	expect([shown(1000, '/en/guide/x/').at(0), shown(1000, '/en/guide/x/').length]).toEqual([0, 40]);
});
