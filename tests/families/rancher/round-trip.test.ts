import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskFound, secretsOf } from '../../../src/families/rancher/detect/found.ts';
import { parseReference } from '../../../src/families/rancher/image-reference.ts';
import { serverArguments, type Arguments } from './arguments.ts';
import { parseRun } from './docker-run.ts';
import { containerDocument, imageDocument } from './engine.ts';
import { databaseOf, expectedOptions, findServer, isCarried, renderFound } from './round-trip.ts';

const version = 'v1.6.14';

function documentsOf({ options, image, words }: Arguments, withImage: boolean): object[] {
	const container = containerDocument(['--name', 'rancher', ...options, image, ...words], { version });
	return withImage ? [imageDocument(image, version), container] : [container];
}

test('whatever a server was started with, the command that its document makes has it too', () => {
	fc.assert(
		fc.property(serverArguments, fc.boolean(), (made, withImage) => {
			const { options, image, words, dataContainer } = made;
			const found = findServer(documentsOf(made, withImage));
			const rendered = renderFound(found);

			const old = parseRun([...options, image, ...words]);
			expect(found.runbook).toBe(`rancher-1.6/${made.path}`);
			expect(rendered.options.filter(isCarried)).toEqual(expectedOptions([...options, image, ...words], dataContainer).filter(isCarried));
			expect(databaseOf(rendered)).toEqual(databaseOf(old));
			const { registry = '', repository = '' } = parseReference(image) ?? {};
			expect(rendered.image).toBe(`${registry}${registry && '/'}${repository}:v1.6.30`);
			expect(found.airGapped).toBe(registry !== '');
			expect(found.version).toBe(version);
		}),
		{ numRuns: 400 },
	);
});

test('no reason, no warning and no masked value tells a secret', () => {
	fc.assert(
		fc.property(serverArguments, (made) => {
			const found = findServer(documentsOf(made, true));
			const { parameters, variables } = secretsOf(found.values);
			const secrets = [...parameters.map((name) => found.values[name]), ...variables.map((name) => (found.values['env'] as string[]).find((item) => item.startsWith(`${name}=`))?.slice(name.length + 1))];

			const told = JSON.stringify([found.reasons, found.warnings, maskFound(found).values]);
			for (const secret of secrets) if (typeof secret === 'string' && secret.length > 5 && secret !== 'cattle') expect(told).not.toContain(JSON.stringify(secret).slice(1, -1));
			expect(told).not.toContain('corral9');
			if (made.options.some((option) => option.startsWith('VAULT_TOKEN='))) expect(variables).toContain('VAULT_TOKEN');
		}),
	);
});

test('in whatever order documents stand, in one array or several, the same is found', () => {
	const server = containerDocument(['--name', 'rancher', '-p', '8080:8080', '--volumes-from=rancher-data', 'rancher/server:v1.6.14'], { version });
	const data = containerDocument(['--name', 'rancher-data', 'rancher/server:v1.6.14'], { version, status: 'created' });
	const other = containerDocument(['--name', 'web', 'nginx'], { version });
	const documents = [server, data, imageDocument('rancher/server:v1.6.14', version), { ...other, Config: { Image: 'nginx', Env: [] } }];
	const inOrder = findServer(documents);

	fc.assert(
		fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
			expect(findServer(shuffled)).toEqual(inOrder);
		}),
	);
});
