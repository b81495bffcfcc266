/**
 * What a family of runbooks may know of its subject: the core, the server, the command line and the pages know a subject by this alone. A family is a folder beside this
 * file and an entry in `all-families.ts` and `all-loaders.ts`; one that knows nothing needs neither.
 */
import type { Locale, OwnLocale } from '../i18n/locale.ts';
import type { Catalogue, Problem } from '../runbook/problem.ts';
import type { Rules } from '../runbook/values/resolve.ts';
import type { Values } from '../runbook/values/value.ts';

export interface Family {
	/** What follows from values, what cannot work, and what to know before it is tried. */
	readonly rules: Rules;
	/** Ids of the runbooks that a look at a machine may lead to. */
	readonly paths: readonly string[];
	/** Sentences of its problems. */
	readonly words: Readonly<Record<OwnLocale, Readonly<Record<string, string>>>>;
	/** Its files of words, by their names without `.json`: what their sentences are about. */
	readonly catalogues: Readonly<Record<string, WordsOfCatalogue>>;
	/** Page and anchor of the guide, `page#anchor`, that says more about a hint. */
	readonly furtherReading: (step: string, hint: string) => string | undefined;
	/** Tables that its pages of the guide may place, by name. */
	readonly tables: Readonly<Record<string, GuideTable>>;
	readonly detection?: Detection;
}

/** The same for a page, in parts that are loaded when they are needed. */
export interface FamilyLoader {
	readonly rules: () => Promise<Rules>;
	/** The sentences of the problems that those rules find. */
	readonly words: (locale: Locale) => Promise<Readonly<Record<string, string>>>;
	readonly detection?: () => Promise<Detection>;
	/** The sentences of what detection says beside the values, by `found.<name>`. */
	readonly findings?: (locale: Locale) => Promise<Readonly<Record<string, string>>>;
}

export interface WordsOfCatalogue {
	/** What stands before each name in a key: `problem.<name>`. */
	readonly prefix: string;
	readonly names: Catalogue;
	/** Where the sentence of a name appears. */
	readonly note: (name: string) => string;
}

export interface Cell {
	readonly text: string;
	/** A name or a tag, set as code and never translated. */
	readonly isCode: boolean;
}

/** Columns by their names; the words of a page follow the same names. */
export interface GuideTable {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly Cell[])[];
}

/** What detection says beside the values: a name and slots; its sentence stands under `found.<name>`. */
export interface Finding {
	readonly name: string;
	readonly slots: Readonly<Record<string, string | number>>;
	/** Why a value that was found cannot be taken over. */
	readonly problem?: Problem;
}

/** What was found out of one container. */
export interface Found {
	/** `server`, `script-ha`, or another word of the family; `other`: nothing that the family knows. */
	readonly kind: string;
	readonly container: string;
	readonly version: string | null;
	/** Id of the runbook that is its path; null when it has none. */
	readonly runbook: string | null;
	readonly airGapped: boolean;
	readonly reasons: readonly Finding[];
	readonly warnings: readonly Finding[];
	/** Values of the runbook's parameters, only those that are in the document. Secrets among them are written out. */
	readonly values: Values;
}

/** One thing that a running server has in another way than the form. */
export interface Difference {
	readonly parameter: string;
	/** Empty when the server has none. */
	readonly found: string;
	/** Empty when the form has none. */
	readonly form: string;
}

/** Reads what `docker inspect` printed of the family's servers. */
export interface Detection {
	/** Never throws. Servers come first. */
	detect(text: string): { readonly found: readonly Found[]; readonly problems: readonly Problem[] };
	compareWithForm(found: Found, values: Values): readonly Difference[];
	/** Which of the values are secret: parameters, and variables of an environment by their names. */
	secretsOf(values: Values): { readonly parameters: readonly string[]; readonly variables: readonly string[] };
	/** The same with every secret hidden, for output that others may read. */
	maskFound(found: Found): Found;
}
