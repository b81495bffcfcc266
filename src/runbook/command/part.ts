/** What a shown command is made of. */
export type Role = 'program' | 'option' | 'word' | 'value' | 'secret' | 'missing' | 'blank' | 'script';

/** A piece of the display. Joined in order, the texts are the display. */
export interface Part {
	readonly text: string;
	readonly role: Role;
	/** The parameter whose value it is. */
	readonly parameter?: string;
}
