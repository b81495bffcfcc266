/** The session of a static site: its events in `localStorage`, without secrets, one session for each runbook. */
import { Entry } from '../runbook/protocol.ts';
import type { Runbook } from '../runbook/definition.ts';
import { withoutSecrets } from '../runbook/resolve.ts';
import type { Entry as SessionEntry, SessionEvent } from '../runbook/session.ts';
import type { Values } from '../runbook/value.ts';
import { z } from '../runbook/zod.ts';
import type { MarkAsked, SessionKeeper } from './session-keeper.ts';

const Entries = z.array(Entry);

export class LocalSession implements SessionKeeper {
	readonly byServer = false;
	readonly #runbook: Runbook;
	readonly #name: string;
	readonly #onChange: () => void;
	entries: readonly SessionEntry[];

	constructor(runbook: Runbook, name: string, onChange: () => void) {
		this.#runbook = runbook;
		this.#name = name;
		this.#onChange = onChange;
		this.entries = this.#read();
		addEventListener('storage', ({ key }) => {
			if (key !== this.#key) return;
			this.entries = this.#read();
			onChange();
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

	#read(): readonly SessionEntry[] {
		try {
			const parsed = Entries.safeParse(JSON.parse(localStorage.getItem(this.#key) ?? '[]'));
			return parsed.success ? parsed.data : [];
		} catch {
			return [];
		}
	}

	#write(): void {
		try {
			localStorage.setItem(this.#key, JSON.stringify(this.entries));
		} catch {
			// Storage is full or switched off: the session lives as long as the page.
		}
	}
}
