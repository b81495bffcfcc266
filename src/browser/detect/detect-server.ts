/** Looks at a server: this machine's through Drover, another by what `docker inspect` printed there, read in this page alone. */
import type { Detection, Finding, Found } from '../../families/family.ts';
import { loadDetection, loadFamilyWords, loadFindings } from '../../families/family-loaders.ts';
import { fill } from '../../i18n/fill.ts';
import { formatProblem, type Names } from '../../i18n/format.ts';
import type { Table } from '../../i18n/words.ts';
import type { DetectWords } from '../../site/detect-words.ts';
import { connection } from '../connection/connection.ts';
import { isDestination } from '../../runbook/values/machine.ts';
import { button, find, make, setText } from '../ground/dom.ts';
import { transfer } from './transfer.ts';
import { locale } from '../ground/locale.ts';
import { Refused } from '../connection/refused.ts';
import { addWords, t } from '../ground/words.ts';

class DetectServer extends HTMLElement {
	#letGo = new AbortController();
	/** Pressed before it was known whether it can be. */
	#pressed = false;
	#words: DetectWords = { runbooks: {}, labels: {}, families: [], declared: [], sentences: {} };

	connectedCallback(): void {
		this.#letGo = new AbortController();
		const { signal } = this.#letGo;
		this.#words = JSON.parse(this.querySelector('.detect-words')?.textContent ?? 'null') as DetectWords | null ?? this.#words;
		connection.addEventListener('change', () => this.#drawAccess(), { signal });
		find(this, '[data-do="detect"]', HTMLButtonElement).addEventListener('click', () => void this.#detect(), { signal });
		find(this, '[data-do="detect-there"]', HTMLButtonElement).addEventListener('click', () => void this.#detectThere(), { signal });
		find(this, '.detect-destination', HTMLInputElement).addEventListener('input', () => this.#drawAccess(), { signal });
		find(this, '[data-do="read"]', HTMLButtonElement).addEventListener('click', () => void this.#read(), { signal });
		this.#drawAccess();
	}

	disconnectedCallback(): void {
		this.#letGo.abort();
	}

	#drawAccess(): void {
		const { access } = connection;
		const look = find(this, '[data-do="detect"]', HTMLButtonElement);
		const isKnown = access !== 'checking';
		look.disabled = isKnown ? access !== 'ready' : this.#pressed;
		if (isKnown && this.#pressed) {
			this.#pressed = false;
			look.click();
		}
		// Another machine needs no Docker here; what it needs is a Drover that answers.
		find(this, '[data-do="detect-there"]', HTMLButtonElement).disabled = !connection.canRun && access !== 'no-docker';
		setText(find(this, '.detect-why', HTMLElement), access === 'ready' || access === 'checking' ? '' : this.#whyNot());
	}

	#whyNot(): string {
		const docker = connection.status?.docker;
		return connection.access === 'no-docker' && docker && !docker.ready ? formatProblem(docker.problem, t, this.#names) : t('detect.not-here');
	}

	get #names(): Names {
		return { parameter: (name) => this.#words.labels[name] ?? name, step: (id) => id, runbook: (id) => this.#words.runbooks[id] ?? id };
	}

	/** Asks Drover to look; every command that it ran is shown. */
	async #detect(): Promise<void> {
		if (connection.access === 'checking') {
			this.#pressed = true;
			return this.#drawAccess();
		}
		const act = find(this, '[data-do="detect"]', HTMLButtonElement);
		const place = find(this, '.detect-why', HTMLElement);
		act.disabled = true;
		setText(act, t('detect.running'));
		try {
			const answer = await connection.api?.detect();
			if (!answer) return;
			this.#drawCommands(answer.commands);
			await this.#show(answer.documents, true);
		} catch (error) {
			setText(place, error instanceof Refused ? error.problems.map((one) => formatProblem(one, t, this.#names)).join(' ') : t('access.gone-long'));
		} finally {
			act.disabled = false;
			setText(act, t('detect.start'));
		}
	}

	/** The same on another machine, by ssh. What keeps it from there is said below its field. */
	async #detectThere(): Promise<void> {
		const destination = find(this, '.detect-destination', HTMLInputElement).value.trim();
		const place = find(this, '.detect-why-there', HTMLElement);
		const act = find(this, '[data-do="detect-there"]', HTMLButtonElement);
		if (!isDestination(destination)) return setText(place, formatProblem({ name: 'machine.invalid', slots: { machine: destination } }, t, this.#names));
		const label = act.textContent;
		act.disabled = true;
		setText(act, t('detect.running'));
		setText(place, '');
		try {
			const answer = await connection.api?.detect(destination);
			if (answer) {
				this.#drawCommands(answer.commands);
				await this.#show(answer.documents, true, destination);
			}
		} catch (error) {
			setText(place, error instanceof Refused ? error.problems.map((one) => formatProblem(one, t, this.#names)).join(' ') : t('access.gone-long'));
		} finally {
			act.disabled = false;
			setText(act, label);
		}
	}

	#drawCommands(ran: readonly string[]): void {
		const commands = find(this, '.detect-commands', HTMLDetailsElement);
		commands.hidden = false;
		find(commands, 'ul', HTMLUListElement).replaceChildren(...ran.map((command) => make('li', {}, make('code', { translate: 'no' }, command))));
	}

	async #read(): Promise<void> {
		await this.#show(find(this, 'textarea', HTMLTextAreaElement).value, false);
	}

	async #show(text: string, here: boolean, ssh = ''): Promise<void> {
		const [detection, table, familyWords] = await Promise.all([loadDetection(this.#words.families, this.#words.declared), loadFindings(locale), loadFamilyWords(locale)]);
		const { found, problems } = detection.detect(text);
		addWords(familyWords);
		const servers = found.filter((one) => one.kind === 'server' || one.runbook !== null);
		const others = found.filter((one) => !servers.includes(one) && one.reasons.length > 0 && one.kind !== 'other');
		const said = problems.map((problem) => make('p', { class: 'why-not' }, formatProblem(problem, t, this.#names)));
		const none = servers.length === 0 && (here || problems.length === 0) ? [make('p', {}, t('detect.none'))] : [];
		const blocks = servers.map((server) => this.#server(server, detection, table, here, ssh));
		const rest = others.map((one) => make('p', { class: 'target-note' }, `${t('detect.other', { container: one.container })}: ${one.reasons.map((reason) => this.#formatFinding(reason, table)).join(' ')}`));
		const place = find(this, '.detect-found', HTMLElement);
		place.replaceChildren(...said, ...none, ...blocks, ...rest);
		bringIntoView(place.firstElementChild);
	}

	#server(found: Found, detection: Detection, table: Table, here: boolean, ssh: string): HTMLElement {
		const list = (findings: readonly Finding[], className: string) => make('ul', { class: className }, ...findings.map((one) => make('li', {}, this.#formatFinding(one, table))));
		const shown = detection.maskFound(found);
		const values = Object.entries(shown.values).map(([name, value]) => make('div', {}, make('dt', {}, this.#names.parameter(name)), make('dd', { translate: 'no' }, textOf(value))));
		const title = t('detect.found', { container: found.container, version: found.version ?? t('detect.version-unknown') });
		const { runbook } = found;
		const open = runbook === null || this.#words.runbooks[runbook] === undefined ? make('p', {}, t('detect.no-path')) : button(t('detect.use', { runbook: this.#names.runbook(runbook) }), 'button primary', () => this.#use(runbook, found, here, detection, ssh));
		return make(
			'section',
			{ class: 'found-server' },
			make('h3', {}, title),
			make('h4', {}, t('detect.why')),
			list(found.reasons, 'reasons'),
			...(found.warnings.length > 0 ? [make('h4', {}, t('detect.warnings')), list(found.warnings, 'warnings')] : []),
			make('h4', {}, t('detect.values')),
			make('dl', { class: 'found-values' }, ...values),
			open,
		);
	}

	/** On the runbook's own page the form is filled; elsewhere its page is opened. */
	#use(runbook: string, found: Found, here: boolean, detection: Detection, ssh: string): void {
		const event = new CustomEvent('drover:use', { bubbles: true, cancelable: true, detail: { runbook, values: found.values, ssh } });
		if (this.dispatchEvent(event)) transfer(runbook, found, here, detection, ssh);
	}

	#formatFinding({ name, slots, problem }: Finding, table: Table): string {
		const named: Record<string, string | number> = { ...slots };
		if (typeof slots['parameter'] === 'string') named['parameter'] = this.#names.parameter(slots['parameter']);
		const sentence = fill(this.#words.sentences[`found.${name}`] ?? table[`found.${name}`] ?? `${name} ${JSON.stringify(slots)}`, named);
		return problem ? `${sentence} ${formatProblem(problem, t, this.#names)}` : sentence;
	}
}

/** On a phone what was found stands below everything else, and a press would seem to do nothing. */
function bringIntoView(first: Element | null): void {
	const { top = 0 } = first?.getBoundingClientRect() ?? {};
	if (top > innerHeight * 0.8) first?.scrollIntoView({ block: 'start' });
}

function textOf(value: Found['values'][string]): string {
	if (typeof value === 'string') return value === '' ? t('compare.none') : value;
	return value.map((one) => (typeof one === 'string' ? one : `${one.name} ${one.ssh} ${one.address}`)).join('\n');
}

customElements.define('detect-server', DetectServer);
