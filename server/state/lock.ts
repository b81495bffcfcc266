/**
 * One server at a time uses a state directory. On one machine the kernel's lock on a file of it decides, in whatever container. Where machines share the directory through a file server, that
 * lock may end at the machine: the owner's note says which machine has it, and no other machine takes it without a hand, since a sign of life that stands still may be a cut cable.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { takeKernelLock, type KernelLock } from './kernel-lock.ts';
import { describeUs, isElsewhere, isOfThePast, isWithinReach, measureSilence, noteFile, readNote, removeNote, renewNote, writeNote, type Holder } from './lock-note.ts';
import type { StateDirectory } from './state-directory.ts';
import { explainFailure } from './state-error.ts';

export type { Holder } from './lock-note.ts';

/** A living server has it: who, if it says so within `waitMs`, and whether its address is good here. */
export interface TakenLock {
	readonly kind: 'taken';
	readonly holder: Holder | undefined;
	readonly isWithinReach: boolean;
}

/** A server of another machine had it last and has not given it back; whether it lives cannot be known here. */
export interface LockElsewhere {
	readonly kind: 'elsewhere';
	readonly holder: Holder;
	/** Since its last sign of life. */
	readonly silentMs: number;
	/** Who knows that it has ended removes this. */
	readonly file: string;
}

export interface HeldLock {
	readonly kind: 'held';
	/** Fulfilled when somebody gave the directory to another machine: nothing may be written from then on. */
	readonly lost: Promise<void>;
	/** Tells other servers where this one is; until then they wait for it. @throws when the disk does not take it: they are told nothing then. */
	announce(address: string): void;
	close(): void;
}

export type Lock = HeldLock | TakenLock | LockElsewhere;

export interface LockOptions {
	/** How long the owner is given to say its address. */
	readonly waitMs?: number;
	/** Between two signs of life. */
	readonly beatMs?: number;
}

/** How often the lock is tried again while its owner has no address yet: it may also be killed before it has one. */
const retryMs = 50;

/** Takes the lock, or says who has it. @throws StateError when the folder does not let us try. */
export async function takeLock(state: StateDirectory, { waitMs = 5_000, beatMs = 5_000 }: LockOptions = {}): Promise<Lock> {
	const us = describeUs();
	const path = join(state.path, 'lock.db');
	try {
		for (let waited = 0; ; waited += retryMs) {
			const kernel = takeKernelLock(path);
			if (kernel) return holdOrLeave(state.path, kernel, us, beatMs);
			const note = readNote(state.path);
			const holder = note && !isOfThePast(note, us) ? note : undefined;
			if (holder?.address !== undefined || waited >= waitMs) return { kind: 'taken', holder, isWithinReach: holder !== undefined && isWithinReach(holder, us) };
			await wait(retryMs);
		}
	} catch (error) {
		throw explainFailure(state.path, error);
	}
}

function holdOrLeave(folder: string, kernel: KernelLock, us: Holder, beatMs: number): Lock {
	try {
		const last = readNote(folder);
		if (!last || !isElsewhere(last, us)) return hold(folder, kernel, us, beatMs);
		const silentMs = measureSilence(folder);
		kernel.close();
		return { kind: 'elsewhere', holder: last, silentMs, file: noteFile(folder) };
	} catch (error) {
		kernel.close();
		throw error;
	}
}

function hold(folder: string, kernel: KernelLock, us: Holder, beatMs: number): HeldLock {
	let isNoted = note(folder, us);
	const { promise: lost, resolve } = Promise.withResolvers<void>();
	let [isOpen, isBeating] = [true, false];
	// A file server that hangs is asked once, not once a beat.
	const beat = async (): Promise<void> => {
		if (!isNoted || isBeating) return;
		isBeating = true;
		const found = await renewNote(folder, us);
		isBeating = false;
		if (isOpen && found === 'lost') resolve();
	};
	const timer = setInterval(() => void beat(), beatMs).unref();
	return {
		kind: 'held',
		lost,
		announce(address) {
			writeNote(folder, { ...us, address });
			isNoted = true;
		},
		close() {
			if (!isOpen) return;
			isOpen = false;
			clearInterval(timer);
			removeNote(folder, us);
			kernel.close();
		},
	};
}

/** On a full disk a server is still a server, and nothing of an earlier one may stand in its place. */
function note(folder: string, us: Holder): boolean {
	try {
		writeNote(folder, us);
		return true;
	} catch {
		const last = readNote(folder);
		if (last) removeNote(folder, last);
		return false;
	}
}
