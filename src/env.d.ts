declare namespace App {
	interface Locals {
		/** The language of the page that is being built. */
		locale?: import('./i18n/locale.ts').Locale;
		/** The runbook whose page is being built. */
		runbook?: import('./site/runbook-context.ts').RunbookContext;
	}
}
