import type { z } from '../../../runbook/zod.ts';

/** The fields of one object of `docker inspect`, read by name and shape. What has another shape is noted and counts as absent; nothing is thrown. */
export class Fields {
	readonly #values: ReadonlyMap<string, unknown>;
	readonly #path: string;
	readonly #misfits: Set<string>;
	readonly #read = new Set<string>();
	/** What was read already, by name and shape: a field is asked for from several places. */
	readonly #parsed = new Map<string, { readonly shape: unknown; readonly value: unknown }>();

	constructor(object: unknown, path = '', misfits = new Set<string>()) {
		this.#path = path;
		this.#misfits = misfits;
		this.#values = new Map(isObject(object) ? Object.entries(object) : []);
		if (object !== undefined && object !== null && !isObject(object)) this.#misfits.add(path.slice(0, -1));
	}

	/** Returns a field; undefined when it is absent, null or of another shape. */
	read<T>(name: string, shape: z.ZodMiniType<T>): T | undefined {
		this.#read.add(name);
		const known = this.#parsed.get(name);
		if (known?.shape === shape) return known.value as T | undefined;
		const value = this.#parse(name, shape);
		this.#parsed.set(name, { shape, value });
		return value;
	}

	#parse<T>(name: string, shape: z.ZodMiniType<T>): T | undefined {
		const value = this.#values.get(name);
		if (value === undefined || value === null) return undefined;
		const parsed = shape.safeParse(value);
		if (parsed.success) return parsed.data;
		this.#misfits.add(`${this.#path}${name}`);
		return undefined;
	}

	has(name: string): boolean {
		return this.#values.has(name);
	}

	/** Whether a field is there and null. */
	isNull(name: string): boolean {
		return this.#values.get(name) === null;
	}

	/** Returns the fields of an object below this one. */
	below(name: string): Fields {
		this.#read.add(name);
		return new Fields(this.#values.get(name), `${this.#path}${name}.`, this.#misfits);
	}

	/** Names of fields that hold something and that nobody has read. */
	unread(): readonly string[] {
		return [...this.#values].filter(([name, value]) => !this.#read.has(name) && holdsSomething(value)).map(([name]) => name);
	}

	/** Paths of the fields whose shape does not fit, those of objects below included. */
	get misfits(): readonly string[] {
		return [...this.#misfits];
	}
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function holdsSomething(value: unknown): boolean {
	if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsSomething);
	return value !== undefined && value !== null && value !== '' && value !== 0 && value !== false;
}
