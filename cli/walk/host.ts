/** Whoever keeps sessions and runs steps for the command line: this process, or the Drover that runs on the state directory. Both do the same with a request. */
import type { MachineRequest, OpenRequest, PhaseRequest } from '../../src/runbook/protocol/protocol.ts';
import type { Entry, Mark } from '../../src/runbook/session/session-event.ts';
import type { Values } from '../../src/runbook/values/value.ts';

export interface KnownSession {
	readonly id: string;
	readonly runbook: string;
	readonly closed: boolean;
	readonly changedAt: string;
}

/** Every method may throw a Refusal. */
export interface Host {
	/** Address of the Drover that is spoken to; undefined when this process does the work. */
	readonly address?: string;
	sessions(): Promise<readonly KnownSession[]>;
	open(request: OpenRequest): Promise<string>;
	entries(session: string): Promise<readonly Entry[]>;
	setValues(session: string, values: Values, detected: readonly string[]): Promise<void>;
	/** Sets where the commands of a session run. @throws Refusal where that machine cannot be used */
	setMachine(session: string, request: MachineRequest): Promise<void>;
	/** Tells of every entry after number `from`, as it comes. `onLost`: nothing more will come. */
	follow(session: string, from: number, onEntry: (entry: Entry) => void, onLost: () => void): void;
	start(request: PhaseRequest): Promise<string>;
	stop(phase: string): Promise<void>;
	cancel(run: string): Promise<void>;
	mark(session: string, step: string, node: string | undefined, mark: Mark, reason: string): Promise<void>;
	/** Tells of what a run prints from its beginning on, until `signal` is aborted. */
	listen(run: string, onText: (text: string) => void, signal: AbortSignal): void;
	/** Types into the terminal of a run. What is typed is not kept. */
	type(run: string, text: string): Promise<void>;
	/** What a run has printed. */
	output(run: string): Promise<string>;
	close(): Promise<void>;
}
