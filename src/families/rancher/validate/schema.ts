import { problem } from '../problem.ts';
import { schemaMoves, schemaOf, schemaRangeOf } from '../releases.ts';
import { compareTags } from '../tags.ts';
import { goesBack, warn, type Rule } from './rule.ts';

/** The change set that adds indexes to the event tables, which takes long where those are big. Source: rancher/cattle, `db/core-124.xml`. */
const longSchema = 124;

/**
 * What the step between two tags does to the database, and so what the way back needs.
 *
 * Source: rancher/cattle, `resources/content/db/changelog.xml` at the version inside each release.
 */
export const validateSchema: Rule = (form) => {
	const [old, next] = [form.text('old_tag'), form.text('new_tag')];
	if (old === undefined || next === undefined || old === next) return [];
	if ((compareTags(next, old) ?? 1) < 0) return [];
	const at = { parameter: 'new_tag' };
	const moves = schemaMoves(old, next);
	const [from, to] = [schemaOf(old), schemaOf(next)];
	if (moves === 'no' && to !== undefined) return [warn(problem('schema.same', { old, new: next, schema: to }, at))];
	if (moves !== 'yes') return [warn(problem('schema.unknown', { old, new: next }, at))];
	const isLong = !goesBack(form) && (schemaRangeOf(old)?.[1] ?? longSchema) < longSchema && (to ?? 0) >= longSchema;
	return [
		warn(from === undefined || to === undefined ? problem('schema.unknown', { old, new: next }, at) : problem('schema.moves', { old, new: next, from, to }, at)),
		...(isLong ? [warn(problem('schema.takes-long', { parameter: 'new_tag' }, at))] : []),
	];
};
