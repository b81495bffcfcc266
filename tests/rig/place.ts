/**
 * A place on this machine that one rig owns: a number, and everything that is named after it: a folder, networks, a cgroup. What a crashed run has left is
 * found by these names and cleaned away by the next one.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { readStat } from '../../server/state/identity.ts';
import { attempt } from './command.ts';
import type { Place } from './place-names.ts';
import { sweep } from './sweep.ts';

const places = join(tmpdir(), 'drover-rig');
const lastPlace = 240;

const Owner = z.object({ pid: z.int(), start: z.string() });

function placeAt(number: number): Place {
	return {
		number,
		folder: join(places, `${number}`),
		scratch: join(places, `${number}`, 'scratch'),
		bridge: `drover${number}`,
		nodeBridge: `drovern${number}`,
		network: `10.231.${number}`,
		nodeNetwork: `10.232.${number}`,
		cgroup: `drover-rig-${number}`,
	};
}

/** Cleans away what is left of runs that are gone, and takes the first free place. One after the other: who cleans a place must not meet who just took it. */
export async function claimPlace(): Promise<Place> {
	const leave = await enter();
	try {
		return await claim();
	} finally {
		await leave();
	}
}

/** Waits until nobody else on this machine's network claims a place. Who ends in the middle gives it back: the name goes with its process. */
async function enter(): Promise<() => Promise<void>> {
	for (;;) {
		const server = createServer();
		const { promise, resolve } = Promise.withResolvers<boolean>();
		server.once('error', () => resolve(false));
		server.listen({ path: '\0drover-rig-claim' }, () => resolve(true));
		if (await promise) return () => new Promise((done) => server.close(() => done()));
		await wait(20);
	}
}

/** Cleans away what is left of runs that are gone. */
async function cleanPlaces(): Promise<void> {
	mkdirSync(places, { recursive: true });
	for (const name of readdirSync(places)) {
		if (!isOwned(join(places, name))) await sweep(/^\d+$/.test(name) ? placeAt(Number(name)) : { folder: join(places, name) });
	}
}

async function claim(): Promise<Place> {
	await cleanPlaces();
	const folder = mkdtempSync(join(places, 'claim-'));
	writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, start: readStat(process.pid)?.start ?? '' }));
	for (let number = 1; number <= lastPlace; number++) {
		const place = placeAt(number);
		if (isTaken(folder, place.folder)) continue;
		mkdirSync(place.scratch);
		if (hasPlentyOfMemory()) await attempt('mount', ['-t', 'tmpfs', '-o', 'size=6g,mode=755', 'drover-rig', place.scratch]);
		return place;
	}
	throw new Error(`Cannot start a rig: all ${lastPlace} places in ${places} are taken.`);
}

/** A folder that is not empty cannot be replaced by a rename: one of several that try gets the place. */
function isTaken(claim: string, folder: string): boolean {
	try {
		renameSync(claim, folder);
		return false;
	} catch (error) {
		if (error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')) return true;
		throw error;
	}
}

function hasPlentyOfMemory(): boolean {
	const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
	return Number(available) > 8 * 1024 * 1024;
}

function isOwned(folder: string): boolean {
	try {
		const { pid, start } = Owner.parse(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')));
		const stat = readStat(pid);
		return stat !== undefined && stat.start === start && stat.state !== 'Z';
	} catch {
		return false;
	}
}

// After a run that was stopped: `npx node tests/rig/place.ts`.
if (import.meta.main) await cleanPlaces();
