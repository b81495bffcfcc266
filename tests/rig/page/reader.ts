/** A reader in front of a real Chromium: he sees roles, labels and words of his language, and nothing else. `SHOTS=folder` keeps pictures of what he saw. */
import { expect as base } from '@playwright/test';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { join } from 'node:path';
import { stepTitle, wordsIn, type FamilyContent } from '../../../src/content/content.ts';
import { readContent } from '../../../src/content/read-content.ts';
import { rulesOf } from '../../../src/families/families.ts';
import type { OwnLocale as Locale } from '../../../src/i18n/locale.ts';
import { strings } from '../../../src/i18n/strings.ts';
import type { TranslateAll } from '../../../src/i18n/words.ts';
import type { Runbook, Step } from '../../../src/runbook/definition/definition.ts';
import { holds, resolve } from '../../../src/runbook/values/resolve.ts';
import type { Values } from '../../../src/runbook/values/value.ts';

const languages = { zh: 'zh-CN', en: 'en-US' } as const;
/** How long a reader waits for anything, in ms. A migration takes its time, and so does a loaded machine; who writes a test has less patience. */
export const patienceMs = Number(process.env['PATIENCE_MS'] ?? 120_000);
export const seen = base.configure({ timeout: patienceMs });

export function launchChromium(): Promise<Browser> {
	const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
	return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args });
}

type Word = Parameters<TranslateAll>[0];

export class Reader {
	readonly page: Page;
	readonly locale: Locale;
	readonly t: TranslateAll;
	readonly runbook: Runbook;
	/** What the page's own scripts threw. */
	readonly errors: string[] = [];
	readonly #family: FamilyContent;

	constructor(page: Page, locale: Locale, runbook: string) {
		const family = readContent(join(import.meta.dirname, '../../..')).families.find((one) => one.id === 'rancher-1.6');
		const found = family?.runbooks.find((one) => one.id === `rancher-1.6/${runbook}`);
		if (!family || !found) throw new RangeError(`There is no runbook "${runbook}".`);
		this.page = page;
		this.locale = locale;
		this.t = strings(locale);
		this.runbook = found;
		this.#family = family;
		page.setDefaultTimeout(patienceMs);
		// What is loading while Docker takes or makes a network is lost in Chromium; the page begins anew then by itself (`tests/e2e/lost-scripts.spec.ts`).
		page.on('pageerror', ({ message }) => {
			if (!message.startsWith('Failed to fetch dynamically imported module')) this.errors.push(message);
		});
	}

	/** Opens a page of its own in a reader's language. */
	static async open(browser: Browser, locale: Locale, runbook: string): Promise<Reader> {
		const context = await browser.newContext({ locale: languages[locale], viewport: { width: 1440, height: 900 }, acceptDownloads: true });
		return new Reader(await context.newPage(), locale, runbook);
	}

	/** The same page, read in the other language. */
	inOtherLanguage(): Reader {
		return new Reader(this.page, this.locale === 'zh' ? 'en' : 'zh', this.runbook.id.split('/')[1] ?? '');
	}

	get words() {
		return wordsIn(this.#family, this.locale);
	}

	title(step: string): string {
		return stepTitle(this.words, this.runbook, step);
	}

	hint(step: string, hint: string): string {
		const own = this.words.runbooks[this.runbook.id]?.hints[`${step}.${hint}`];
		const words = own ?? this.words.steps[step]?.hints[hint];
		if (words === undefined) throw new RangeError(`Step "${step}" has no hint "${hint}".`);
		return words;
	}

	step(id: string): Locator {
		return this.page.getByRole('listitem').filter({ has: this.page.getByRole('heading', { level: 3, name: this.title(id), exact: true }) }).and(this.page.locator(`#${id}`));
	}

	/** The word beside a step's title. */
	state(id: string): Locator {
		return this.step(id).locator('.step-head .step-word');
	}

	/** The step's place in the checklist, with its word. */
	tick(id: string): Locator {
		return this.page.getByRole('complementary', { name: this.t('sidebar.label') }).locator(`[data-step="${id}"]`);
	}

	/** Opens a step that has passed and is one line. */
	async unfold(id: string): Promise<void> {
		const fold = this.step(id).locator('.step-body:not([open]) > summary');
		if (await fold.isVisible()) await fold.click();
	}

	button(id: string, word: Word): Locator {
		return this.step(id).getByRole('button', { name: this.t(word), exact: true });
	}

	field(name: string): Locator {
		return this.page.getByRole('textbox', { name: this.words.family.parameters[name]?.label ?? name, exact: true }).first();
	}

	get dialog(): Locator {
		return this.page.getByRole('dialog');
	}

	get rollbackSteps(): Locator {
		return this.page.getByRole('region', { name: this.t('back.title') });
	}

	stepOf(id: string): Step {
		const found = this.runbook.steps.find((one) => one.id === id);
		if (!found) throw new RangeError(`There is no step "${id}".`);
		return found;
	}

	/** Steps that these values ask for, in order. */
	steps(values: Values): Step[] {
		const { answers } = resolve(this.runbook, rulesOf(this.runbook.family), values);
		return this.runbook.steps.filter((step) => holds(step.when, answers));
	}

	/** Waits until the page may run things. */
	async ready(): Promise<void> {
		await this.page.locator('html[data-alive]').waitFor();
		await seen(this.page.getByText(this.t('access.ready'), { exact: true })).toBeVisible();
	}

	/** Waits until a step stands so, in the step and in the checklist. */
	async stands(id: string, ...words: readonly Word[]): Promise<void> {
		const any = new RegExp(`^(?:${words.map((word) => this.t(word).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|')})$`);
		await seen(this.state(id)).toHaveText(any);
		await seen(this.tick(id).locator('.small-word')).toHaveText(any);
	}

	/** Presses Run and answers what is asked; `object` is typed where something is destroyed. Does not wait. */
	async run(step: Step, object?: string): Promise<void> {
		await this.step(step.id).getByRole('button', { name: new RegExp(`^(?:${this.t('step.run')}|${this.t('step.run-again')})$`) }).click();
		if (step.effect !== 'change' && step.effect !== 'destroy') return;
		const destroys = step.effect === 'destroy';
		if (destroys) await this.page.getByLabel(this.t('confirm.object', { object: object ?? '' })).fill(object ?? '');
		await this.shoot(`confirm-${step.id}`);
		await this.dialog.getByRole('button', { name: this.t(destroys ? 'confirm.destroy' : 'confirm.run'), exact: true }).click();
	}

	/** Does what a step asks for and waits until it is proven. */
	async take(step: Step, object?: string): Promise<void> {
		if (step.run.length > 0) await this.run(step, object);
		// A step that verifies checks itself when its time has come.
		else if (step.phase !== 'verify') await this.button(step.id, 'step.check').click();
		await this.stands(step.id, 'status.verified', 'status.found');
		await seen(this.step(step.id).locator('.target-state')).toContainText(/\d{1,2}:\d{2}:\d{2}/);
	}

	/** Goes on past a step that failed, with a reason. */
	async override(id: string, reason: string): Promise<void> {
		await this.button(id, 'step.override').click();
		await this.page.getByLabel(this.t('reason.label')).fill(reason);
		await this.dialog.getByRole('button', { name: this.t('reason.override'), exact: true }).click();
		await this.stands(id, 'status.overridden');
	}

	/** Passes a step over, with a reason. What is required is checked, or done by hand where it has no check. */
	async skip({ id, required, doneWhen }: Step, reason: string): Promise<void> {
		if (required && doneWhen.length > 0) {
			await this.button(id, 'step.check').click();
			return this.stands(id, 'status.verified', 'status.found', 'status.warned');
		}
		if (required) {
			await this.button(id, 'step.by-hand').click();
			return this.stands(id, 'status.by-hand');
		}
		await this.button(id, 'step.skip').click();
		await this.page.getByLabel(this.t('reason.label')).fill(reason);
		await this.dialog.getByRole('button', { name: this.t('reason.skip'), exact: true }).click();
		await this.stands(id, 'status.skipped');
	}

	/** Takes back the step that comes first on the way back, and waits until that is proven. */
	async undo(id: string): Promise<void> {
		const row = this.rollbackSteps.getByRole('listitem').filter({ has: this.page.getByRole('heading', { level: 3, name: this.title(id), exact: true }) });
		await row.getByRole('button', { name: this.t('back.undo'), exact: true }).click();
		await this.dialog.getByRole('button', { name: this.t('confirm.undo'), exact: true }).click();
		await seen(row).toHaveCount(0);
	}

	/** Keeps pictures of the page as it is, if they are asked for: wide and on a phone, light and dark. */
	async shoot(name: string, at?: Locator): Promise<void> {
		const folder = process.env['SHOTS'];
		if (folder === undefined) return;
		for (const colorScheme of ['light', 'dark'] as const) {
			await this.page.emulateMedia({ colorScheme });
			for (const [size, viewport] of Object.entries({ phone: { width: 390, height: 844 }, wide: { width: 1440, height: 900 } })) {
				await this.page.setViewportSize(viewport);
				await at?.scrollIntoViewIfNeeded();
				await this.page.waitForTimeout(300);
				await this.page.screenshot({ path: join(folder, `${name}-${this.locale}-${colorScheme}-${size}.png`) });
			}
		}
		await this.page.emulateMedia({ colorScheme: null });
	}
}
