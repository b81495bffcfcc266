import { isAlias, isCollection, isNode, visit, type Document } from 'yaml';

/** Collections in collections: no file of ours comes near. */
const maxDepth = 40;

export interface OddPlace {
	/** Place in the file, in UTF-16 units. */
	readonly offset: number;
	readonly message: string;
	readonly advice: string;
}

/**
 * The first place of a YAML document whose content cannot become plain data in reasonable time: the YAML library writes a list or a map that stands for a
 * name out as text, again at every level, and follows any depth to the end of the stack. A document with errors of its own is not looked at.
 */
export function findOddPlace(document: Document): OddPlace | undefined {
	let found: OddPlace | undefined;
	if (document.errors.length > 0) return undefined;
	visit(document, {
		Pair(_, { key }) {
			if (!isCollection(key) && !isAlias(key)) return undefined;
			found = { offset: key.range?.[0] ?? 0, message: 'a list or a map stands where a name belongs', advice: 'Write a name before the colon, or put "{" and "[" in quotes.' };
			return visit.BREAK;
		},
		Collection(_, node, path) {
			if (path.filter(isNode).length <= maxDepth) return undefined;
			found = { offset: node.range?.[0] ?? 0, message: `lists and maps are nested more than ${maxDepth} deep`, advice: 'Write it flatter.' };
			return visit.BREAK;
		},
	});
	return found;
}
