/** The session of a static site: its events in `localStorage`, without secrets, one session for each runbook. */
import type { Runbook } from '../../runbook/definition/definition.ts';
import { withoutSecrets } from '../../runbook/values/resolve.ts';
import type { Entry, SessionEvent } from '../../runbook/session/session-event.ts';
import type { Values } from '../../runbook/values/value.ts';
import type { MarkAsked, SessionBackend } from './session-backend.ts';
import { kept } from '../ground/storage.ts';

export class LocalSession implements SessionBackend {
	readonly byServer = false;
	readonly #runbook: Runbook;
	readonly #name: string;
	readonly #onChange: () => void;
	entries: readonly Entry[] = [];
	/** False when the browser keeps nothing, or no more: the session then lives as long as the page. */
	isKept = true;
	/** Resolves when what was kept earlier is there. */
	readonly read: Promise<void>;

	constructor(runbook: Runbook, name: string, onChange: () => void) {
		this.#runbook = runbook;
		this.#name = name;
		this.#onChange = onChange;
		this.read = this.#read();
		addEventListener('storage', ({ key }) => {
			if (key === this.#key) void this.#read();
		});
	}

	get #key(): string {
		return `drover.session.${this.#runbook.id}`;
	}

	get id(): string | undefined {
		return this.entries.length > 0 ? 'local' : undefined;
	}

	setValues(values: Values, detected: readonly string[]): Promise<void> {
		this.#append({ type: 'values.set', values: { ...withoutSecrets(this.#runbook, values) }, detected: [...detected] });
		return Promise.resolve();
	}

	mark({ step, node, mark, reason }: MarkAsked): Promise<void> {
		this.#append({ type: 'step.marked', step, ...(node !== undefined && { node }), mark, reason });
		return Promise.resolve();
	}

	rename(name: string): Promise<void> {
		this.#append({ type: 'session.renamed', name });
		return Promise.resolve();
	}

	/** Begins anew: a static site keeps one session a runbook. */
	clear(): void {
		this.entries = [];
		this.#write();
		this.#onChange();
	}

	#append(event: SessionEvent): void {
		const opened: SessionEvent = { type: 'session.opened', session: 'local', runbook: this.#runbook.id, name: this.#name, definition: 'local', drover: '' };
		const events = this.entries.length > 0 ? [event] : [opened, event];
		// Values are set at every keystroke: the last of them says it all.
		const before = event.type === 'values.set' && this.entries.at(-1)?.event.type === 'values.set' ? this.entries.slice(0, -1) : this.entries;
		const n = this.entries.at(-1)?.n ?? 0;
		const at = new Date().toISOString();
		this.entries = [...before, ...events.map((one, index) => ({ n: n + index + 1, at, event: one }))];
		this.#write();
		this.#onChange();
	}

	/** The schema is loaded only when there is something to hold against it. */
	async #read(): Promise<void> {
		const earlier = readKept(this.#key);
		if (earlier !== undefined) {
			const { Entries } = await import('../../runbook/session/session-event.ts');
			const parsed = Entries.safeParse(earlier);
			this.entries = parsed.success ? parsed.data : [];
		} else if (this.entries.length > 0) this.entries = [];
		else return;
		this.#onChange();
	}

	#write(): void {
		this.isKept = kept.write(this.#key, JSON.stringify(this.entries.map((entry) => (entry.event.type === 'later' ? { ...entry, event: entry.event.event } : entry))));
	}
}

/** What was kept under a key; undefined when there is nothing that could be read. */
function readKept(key: string): unknown {
	try {
		return JSON.parse(kept.read(key) ?? 'null') ?? undefined;
	} catch {
		return undefined;
	}
}
