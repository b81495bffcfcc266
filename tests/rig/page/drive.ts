/** A real Drover beside a rig's engine, and a real Chromium in front of it: the way a reader takes. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { readContent } from '../../../src/content/read-content.ts';
import { stepTitle } from '../../../src/content/content.ts';
import type { Locale } from '../../../src/i18n/locale.ts';
import { strings } from '../../../src/i18n/strings.ts';
import type { Translate } from '../../../src/i18n/words.ts';
import type { Runbook } from '../../../src/runbook/definition.ts';

const root = join(import.meta.dirname, '../../..');
const [family] = readContent(root).families;

export interface Server {
	/** Where the page is, with a fresh one-time code. */
	readonly address: string;
	close(): Promise<void>;
}

/** Starts Drover as `npm start` does, in a folder and with an environment of the test's. */
export async function startServer(env: NodeJS.ProcessEnv, folder: string, stateDir: string): Promise<Server> {
	const args = [join(root, 'bin/drover.js'), 'start', '--no-open', '--port', '0', '--state-dir', stateDir];
	const child = spawn(process.execPath, args, { cwd: folder, env: { ...env, LANG: 'en_US.UTF-8', INIT_CWD: folder }, stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface({ input: child.stdout })) {
		const address = /http:\/\/127\.0\.0\.1:\d+\/#code=\S+/.exec(line)?.[0];
		if (!address) continue;
		child.stdout.resume();
		return {
			address,
			close: () => {
				const { promise, resolve } = Promise.withResolvers<void>();
				child.once('exit', () => resolve());
				child.kill('SIGTERM');
				return promise;
			},
		};
	}
	throw new Error('Drover ended before it was ready.');
}

export function launchChromium(): Promise<Browser> {
	const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
	return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
}

/** A runbook's page, driven by what a reader sees: roles, labels and words of his language. */
export class Reader {
	readonly page: Page;
	readonly t: Translate;
	readonly #locale: Locale;
	readonly #runbook: Runbook;

	constructor(page: Page, locale: Locale, runbook: string) {
		const found = family?.runbooks.find((one) => one.id === `rancher-1.6/${runbook}`);
		if (!found) throw new RangeError(`There is no runbook "${runbook}".`);
		this.page = page;
		this.t = strings(locale);
		this.#locale = locale;
		this.#runbook = found;
	}

	step(id: string): Locator {
		if (!family) throw new Error('The content has mistakes.');
		const name = stepTitle(family.words[this.#locale], this.#runbook, id);
		return this.page.getByRole('listitem').filter({ has: this.page.getByRole('heading', { level: 3, name, exact: true }) });
	}

	state(id: string): Locator {
		return this.step(id).locator('.step-word').first();
	}

	button(id: string, key: Parameters<Translate>[0]): Locator {
		return this.step(id).getByRole('button', { name: this.t(key), exact: true });
	}

	field(name: string): Locator {
		return this.page.getByLabel(family?.words[this.#locale].family.parameters[name]?.label ?? name, { exact: true }).first();
	}

	async confirm(key: Parameters<Translate>[0]): Promise<void> {
		await this.page.getByRole('dialog').getByRole('button', { name: this.t(key), exact: true }).click();
	}
}
