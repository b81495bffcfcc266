import type { Parameter } from './parameter.ts';
import { suggest } from '../text/suggest.ts';

/** What is wrong with the values that a condition asks a parameter for: those that it never has. */
export function checkOptions(name: string, parameter: Parameter, wanted: readonly string[]): { message: string; advice: string }[] {
	const options = parameter.type === 'choice' ? parameter.options : parameter.type === 'switch' ? ['true', 'false'] : undefined;
	if (!options) return [];
	return wanted.filter((value) => !options.includes(value)).map((value) => {
		const near = suggest(value, options);
		return { message: `"${name}" is never "${value}"`, advice: near === '' ? `It is one of: ${options.join(', ')}.` : `Did you mean "${near}"?` };
	});
}
