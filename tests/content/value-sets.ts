/** Sets of values that take a runbook through every condition it has. */
import { rulesOf } from '../../src/families/families.ts';
import type { Runbook } from '../../src/runbook/definition/definition.ts';
import type { Parameter } from '../../src/runbook/definition/parameter.ts';
import { resolve } from '../../src/runbook/values/resolve.ts';
import type { Value, Values } from '../../src/runbook/values/value.ts';

const here = { name: 'one', ssh: '', address: '10.0.0.1' };
const elsewhere = [{ name: 'two', ssh: 'root@two', address: '10.0.0.2' }, { name: 'three', ssh: 'root@three', address: '10.0.0.3' }];

const ofName: Readonly<Record<string, Value>> = { container: 'rancher', old_tag: 'v1.6.14', new_tag: 'v1.6.30', image: 'rancher/server' };

const ofType: Readonly<Partial<Record<Parameter['type'], Value>>> = {
	'agent-image': 'rancher/agent:v1.2.10', container: 'box', host: 'db.example', image: 'some/image', key: 'ABCDEF0123456789ABCD', name: 'cattle', port: '3306', project: '1a5', proxy: 'http://10.0.0.9:3128',
	publish: '8080', registry: 'registry.example:5000', restart: 'always', secret: 'open-sesame-1', tag: 'v1.6.30', text: 'word', url: 'http://10.0.0.1:8080/v2-beta', volume: 'cattle-data', path: '/srv/rancher',
	'docker-options': ['--memory=8g'], env: ['CATTLE_NOTE=green'], words: ['word'], 'mount-options': 'Z', nodes: [here, ...elsewhere],
};

/** Another value, with which what is derived from them differs: equal schemas. */
const others: Readonly<Record<string, Value>> = { old_tag: 'v1.6.19' };

/** Every set whose values are accepted: nothing given, all given, all but one, each option of each choice, what is derived, and nodes here and elsewhere. */
export function valueSetsOf(runbook: Runbook): readonly Values[] {
	const all = Object.fromEntries(Object.entries(runbook.parameters).flatMap(([name, parameter]): [string, Value][] => {
		const value = ofName[name] ?? ofType[parameter.type];
		return value === undefined ? [] : [[name, value]];
	}));
	const few = Object.fromEntries(Object.entries(all).filter(([name]) => name in ofName || name === 'folder'));
	const asked = new Set([...JSON.stringify(runbook.steps).matchAll(/"(?:given|missing)":\[([^\]]*)\]/g)].flatMap(([, names = '']) => [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)));
	const without = [...asked].filter((name) => name in all).flatMap((name) => [omit(all, name), { ...few, [name]: all[name] as Value }]);
	const chosen = Object.entries(runbook.parameters).flatMap(([name, parameter]) => {
		const options = parameter.type === 'choice' ? parameter.options : parameter.type === 'switch' ? ['true', 'false'] : [];
		return options.flatMap((option) => [{ ...all, [name]: option }, { ...few, [name]: option }]);
	});
	const nodes = runbook.parameters['nodes'] ? [[here], elsewhere, [here, ...elsewhere], []].flatMap((list) => [{ ...few, nodes: list }, { ...all, nodes: list }]) : [];
	const derived = Object.entries(others).flatMap(([name, value]) => (runbook.parameters[name] ? [{ ...all, [name]: value }, { ...few, [name]: value }] : []));
	const sets = [{}, few, all, ...derived, ...without, ...chosen, ...nodes].map((values) => accepted(runbook, values));
	return [...new Map(sets.map((values) => [JSON.stringify(values), values])).values()];
}

function omit(values: Values, name: string): Values {
	return Object.fromEntries(Object.entries(values).filter(([one]) => one !== name));
}

/** The values without those that the rules refuse beside the others. */
function accepted(runbook: Runbook, values: Values): Values {
	const refused = resolve(runbook, rulesOf(runbook.family), values).refused.flatMap(({ parameter }) => (parameter === undefined ? [] : [parameter])).filter((name) => name in values);
	return refused.length === 0 ? values : accepted(runbook, omit(values, refused.at(-1) ?? ''));
}
