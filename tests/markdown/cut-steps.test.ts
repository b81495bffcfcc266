import { expect, test } from 'vitest';
import { cutSteps } from '../../src/markdown/cut-steps.ts';

test('a page is cut into prose and steps, in order', () => {
	const html = '<p>in</p><!--step a--><li>A</li><!--/step--> <!--step b--><li>B</li><!--/step--><h2>between</h2><!--step c--><li>C</li><!--/step-->';

	expect(cutSteps(html)).toEqual([
		{ kind: 'prose', html: '<p>in</p>' },
		{ kind: 'step', id: 'a', html: '<li>A</li>' },
		{ kind: 'step', id: 'b', html: '<li>B</li>' },
		{ kind: 'prose', html: '<h2>between</h2>' },
		{ kind: 'step', id: 'c', html: '<li>C</li>' },
	]);
});

test('a page without steps is one piece of prose', () => {
	expect(cutSteps('<p>only</p>')).toEqual([{ kind: 'prose', html: '<p>only</p>' }]);
});
