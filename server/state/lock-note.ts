/**
 * What the owner of a state directory says of itself in it: who and where it is, and, by the time of its last change, that it lives. It is for people and for other machines;
 * on this machine the kernel's lock decides. It stands in our own folder: a name that anybody could listen on would send our reader to a page of theirs.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, readFileSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from '../../src/runbook/zod.ts';
import { formatMoment, systemClock } from './clock.ts';
import { createPrivate, openToRead, writeDurably } from './durable.ts';
import { identify, isAlive, type Identity } from './identity.ts';
import { readMachine, readNetwork, type Machine } from './machine.ts';
import { errorCode } from './state-error.ts';

/** `looseObject`: a later version may say more. */
const Note = z.looseObject({
	/** Of this very taking. */
	id: z.string(),
	machine: z.looseObject({ name: z.string(), id: z.string() }),
	pid: z.int(),
	start: z.string(),
	boot: z.string(),
	/** Of pids. */
	namespace: z.string(),
	network: z.string(),
	/** By the clock of its machine. */
	since: z.string(),
	/** Missing until it listens. */
	address: z.optional(z.string()),
});

/** The server that has, or had, a state directory. */
export interface Holder extends Identity {
	readonly id: string;
	readonly machine: Machine;
	readonly network: string;
	readonly since: string;
	readonly address?: string | undefined;
}

export const noteFile = (folder: string): string => join(folder, 'server.json');

export function describeUs(): Holder {
	return { id: randomBytes(12).toString('hex'), machine: readMachine(), ...identify(process.pid), network: readNetwork(), since: formatMoment(systemClock.now()) };
}

/** @throws when the disk does not take it */
export function writeNote(folder: string, holder: Holder): void {
	writeDurably(noteFile(folder), `${JSON.stringify(holder)}\n`);
}

/** Returns what the last owner said; undefined when nothing stands there, or nothing that says who. */
export function readNote(folder: string): Holder | undefined {
	try {
		const fd = openToRead(noteFile(folder));
		try {
			return Note.parse(JSON.parse(readFileSync(fd, 'utf8')));
		} finally {
			closeSync(fd);
		}
	} catch {
		return undefined;
	}
}

export function removeNote(folder: string, { id }: Holder): void {
	if (readNote(folder)?.id !== id) return;
	try {
		unlinkSync(noteFile(folder));
	} catch {
		// On a disk that takes no writes. It names a process that is gone: nobody minds it.
	}
}

/** Gives a sign of life: writes the same again. Says `lost` when the note is another's, or was taken away for another. */
export async function renewNote(folder: string, { id }: Holder): Promise<'ours' | 'lost'> {
	try {
		const file = await open(noteFile(folder), constants.O_RDWR | constants.O_NOFOLLOW);
		try {
			const text = await file.readFile('utf8');
			if (Note.parse(JSON.parse(text)).id !== id) return 'lost';
			await file.write(text, 0);
			return 'ours';
		} finally {
			await file.close();
		}
	} catch (error) {
		return errorCode(error) === 'ENOENT' || errorCode(error) === '' ? 'lost' : 'ours';
	}
}

/** How long ago the last sign of life was given, in ms by the clock of the disk: those of two machines may differ. @throws when nothing can be written */
export function measureSilence(folder: string): number {
	const probe = `${noteFile(folder)}.${randomBytes(6).toString('hex')}`;
	const timeOf = (fd: number): number => {
		try {
			return fstatSync(fd).mtimeMs;
		} finally {
			closeSync(fd);
		}
	};
	const now = timeOf(createPrivate(probe));
	unlinkSync(probe);
	return Math.max(0, now - timeOf(openToRead(noteFile(folder))));
}

/** Whether the holder lives on the kernel that we live on, whatever container each is in. */
function isOnOurKernel({ boot }: Holder, us: Holder): boolean {
	return boot !== '' && boot === us.boot;
}

function isOnOurMachine(holder: Holder, us: Holder): boolean {
	return isOnOurKernel(holder, us) || (holder.machine.name === us.machine.name && holder.machine.id === us.machine.id);
}

/** Whether this machine's own lock may know nothing of the holder, so that its silence proves nothing. */
export function isElsewhere(holder: Holder, us: Holder): boolean {
	return !isOnOurMachine(holder, us);
}

/** Whether the note is surely that of a server before the one that has the lock now. */
export function isOfThePast(holder: Holder, us: Holder): boolean {
	return isOnOurMachine(holder, us) && ['gone', 'rebooted'].includes(isAlive(holder, us));
}

/** Whether its address leads to it from here. */
export function isWithinReach(holder: Holder, us: Holder): boolean {
	return isOnOurMachine(holder, us) && holder.network === us.network;
}
