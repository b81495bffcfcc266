import { problem } from '../problem.ts';
import { certificatePlaceOf, needsKeytool } from '../certificate.ts';
import { targetOf, warn, type Rule } from './rule.ts';

/** Where the certificate goes in the image that is started. Source: `../certificate.ts`. */
export const validateCertificate: Rule = (form) => {
	const [old, tag] = [form.text('old_tag'), targetOf(form)];
	if (form.text('ca_cert') === undefined || tag === undefined) return [];
	const at = { parameter: 'ca_cert' };
	const path = certificatePlaceOf(tag);
	const moved = old !== undefined && certificatePlaceOf(old) !== path;
	return [
		...(moved ? [warn(problem('server.ca-old-place', { parameter: 'ca_cert', tag, path }, at))] : []),
		...(needsKeytool(tag) ? [warn(problem('server.ca-import-by-hand', { parameter: 'ca_cert', tag }, at))] : []),
	];
};
