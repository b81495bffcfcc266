import { defineConfig } from '@playwright/test';

/** The pages in a real Chromium with the real server. No browser is downloaded: the machine's own is used (`CHROMIUM` names another). */
export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.spec.ts',
	outputDir: 'test-results',
	fullyParallel: true,
	workers: 2,
	forbidOnly: Boolean(process.env['CI']),
	reporter: process.env['CI'] ? 'list' : 'line',
	// Nets for what hangs, wide enough for a machine with other work.
	timeout: 180_000,
	expect: { timeout: 30_000 },
	globalSetup: './tests/e2e/build-test-site.ts',
	use: {
		launchOptions: {
			executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
			args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
		},
		viewport: { width: 1440, height: 900 },
		permissions: ['clipboard-read', 'clipboard-write'],
		trace: 'off',
	},
});
