declare namespace App {
	interface Locals {
		/** The runbook whose page is being built. */
		runbook?: import('./layouts/runbook-context.ts').RunbookContext;
	}
}
