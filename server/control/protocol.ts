/**
 * What a command line says to the Drover that runs on its state directory: one JSON text a line, a request and its answer with the same `id`. Whoever may open the
 * socket is the reader: it lies in a folder that nobody else may enter.
 */
import { z } from '../../src/runbook/zod.ts';

export const ControlRequest = z.discriminatedUnion('ask', [
	/** A new address. `file`: for a browser, a page that leads there as well. */
	z.strictObject({ id: z.int(), ask: z.literal('open'), file: z.boolean() }),
]);
export type ControlRequest = z.output<typeof ControlRequest>;

export const ControlAnswer = z.union([
	z.looseObject({ id: z.int(), address: z.string(), file: z.optional(z.string()) }),
	/** It does not know the request: it is of an earlier version. */
	z.looseObject({ id: z.int(), refused: z.string() }),
]);
export type ControlAnswer = z.output<typeof ControlAnswer>;

/** Where the socket is: its path stands in this file, because a socket's path may not be long. */
export const controlFile = 'control.json';
export const ControlPlace = z.strictObject({ socket: z.string() });
