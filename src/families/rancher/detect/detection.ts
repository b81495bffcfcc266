import type { Detection } from '../../family.ts';
import { compareWithForm } from './compare-with-form.ts';
import { detect } from './detect.ts';
import { maskFound, secretsOf, type Found } from './found.ts';

export const detection: Detection = {
	detect,
	secretsOf,
	compareWithForm: (found: Found, values) => compareWithForm(found, values),
	maskFound: (found: Found) => maskFound(found),
};
