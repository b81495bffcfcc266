/** The families that know their subject, by id, as a page loads them: by `family-loaders.ts`. */
import type { FamilyLoader } from './family.ts';

export const allLoaders: Readonly<Record<string, FamilyLoader>> = {
	'rancher-1.6': {
		rules: async () => (await import('./rancher/rules.ts')).rancherRules,
		words: async (locale) => (locale === 'zh' ? await import('../../zh/rancher.json') : await import('../../en/rancher.json')).default,
		detection: async () => (await import('./rancher/detect/detection.ts')).detection,
		findings: async (locale) => (locale === 'zh' ? await import('../../zh/found.json') : await import('../../en/found.json')).default,
	},
};
