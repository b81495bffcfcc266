import type { ParameterType } from './parameter.ts';

/** Types whose value is a list: they fill a repeated part, or make a step run once for each. Apart from the schema, so that a page loads no schema. */
export const listTypes: ReadonlySet<ParameterType> = new Set<ParameterType>(['docker-options', 'env', 'nodes', 'words']);
