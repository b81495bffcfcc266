import astro from 'eslint-plugin-astro';
import tseslint from 'typescript-eslint';

export default tseslint.config(
	{ ignores: ['dist/', 'dist.next/', 'lib/', 'archive/', '**/.astro/', 'bench/*/node_modules/', 'bench/*/dist/', 'test-results/'] },
	...tseslint.configs.recommended,
	...astro.configs.recommended,
	{
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			eqeqeq: 'error',
		},
	},
	{
		// Imports point to the pure core and never out of it (ARCHITECTURE.md, "Direction of imports").
		files: ['src/runbook/**/*.ts', 'src/families/rancher/**/*.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{ patterns: ['node:*', '**/server/**', '**/browser/**', '**/components/**', 'astro*', 'astro:*'] },
			],
			'no-restricted-globals': ['error', 'Date', 'setTimeout', 'setInterval', 'fetch', 'performance', 'crypto'],
			'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
		},
	},
);
