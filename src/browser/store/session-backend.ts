/** Where a session's events are kept: by the server, or on a static site in the browser, in the same shape. */
import type { Entry, Mark } from '../../runbook/session/session-event.ts';
import type { Values } from '../../runbook/values/value.ts';

export interface MarkAsked {
	readonly step: string;
	readonly node?: string | undefined;
	readonly mark: Mark;
	readonly reason: string;
}

export interface SessionBackend {
	/** Whether the server keeps it: then it can run, look and report. */
	readonly byServer: boolean;
	/** Id of the session; undefined before there is one. */
	readonly id: string | undefined;
	readonly entries: readonly Entry[];
	/** Makes a session when there is none. */
	setValues(values: Values, detected: readonly string[]): Promise<void>;
	mark(asked: MarkAsked): Promise<void>;
	rename(name: string): Promise<void>;
}
