import { expect, test } from 'vitest';
import { parseSnippet, SnippetError } from '../../../src/runbook/definition/snippet.ts';
import { render, runbookOf } from '../fixtures.ts';

test.each([
	['docker rm ${container', '"${container" is not a parameter'],
	['docker rm $container', '"$container" is not a parameter'],
	['docker rm $(id)', '"$(id)" is not a parameter'],
	['docker rm "$(id)"', '"$(id)" is not a parameter'],
	['docker rm `id`', '"`" would be acted on by a shell'],
	['docker rm "`id`"', '"`" starts a command inside a command'],
	['docker rm a; id', '";" would be acted on by a shell'],
	['docker ps | grep x', '"|" would be acted on by a shell'],
	['docker run x &', '"&" would be acted on by a shell'],
	['docker cp a b > c', '">" would be acted on by a shell'],
	['docker cp a < c', '"<" would be acted on by a shell'],
	['docker rm *', '"*" would be acted on by a shell'],
	['ls ~', '"~" at the start of a word would be acted on by a shell'],
	['ls #x', '"#" at the start of a word would be acted on by a shell'],
	['ls a{b,c}', 'a shell would expand the braces'],
	['ls a{1..3}', 'a shell would expand the braces'],
	['docker rm\na', 'a line ends in the middle of the command'],
	["docker rm 'a", 'a single quote is not closed'],
	['docker rm "a', 'a double quote is not closed'],
	['docker rm a\\', 'the command ends with a backslash'],
	['docker [-v x]', 'an optional part has no parameter, so nothing decides about it'],
	['docker [-v ${x}', '"[" has no "]"'],
	['docker -v ${x}]', '"]" has no "["'],
	['docker [-v ${x}]...y', '"..." does not end a word'],
	['docker [-v ${x} ${y}]...', 'a repeated part has more than one parameter'],
	['docker a[b]', 'an optional part has no parameter, so nothing decides about it'],
	['docker a[b${c}[d${e}[f${g}[h${i}]]]]', 'optional parts do not nest'],
	['${container} rm', 'a command starts with the name of a program'],
	['[x ${y}] rm', 'a command starts with the name of a program'],
	['A=b docker', 'a command starts with the name of a program'],
	['time docker', 'a command starts with the name of a program'],
	['', 'the command is empty'],
])('%j is refused: %s', (text, message) => {
	const parse = () => parseSnippet(text);

	expect(parse).toThrow(SnippetError);
	expect(parse).toThrow(message);
});

test('a mistake knows where it stands and what to do', () => {
	try {
		parseSnippet('docker ps | grep rancher');
		expect.unreachable();
	} catch (error) {
		expect(error).toMatchObject({ offset: 10, advice: 'A pipe needs a shell: use "script:".' });
	}
});

const start = String.raw`docker run -d --volumes-from rancher-data \
  --restart=unless-stopped [--name ${'${name}'}] \
  -p ${'${publish}'}:8080 [-v ${'${file}'}:/ca.crt] \
  [-e ${'${env}'}]... [${'${container}'}/]${'${image}'}:${'${tag}'}`;

test('an optional part goes with its value, a repeated one comes once for each item', () => {
	const without = render(runbookOf(start), {});
	const withAll = render(runbookOf(start), { name: 'new', file: '/my ca.crt', env: ['A=1', 'B=x y'], container: 'reg' });

	expect(without.display).toBe('docker run -d --volumes-from rancher-data \\\n  --restart=unless-stopped \\\n  -p 8080:8080 rancher/server:v1.6.30');
	expect(withAll.display).toBe(
		"docker run -d --volumes-from rancher-data \\\n  --restart=unless-stopped --name new \\\n  -p 8080:8080 -v '/my ca.crt':/ca.crt \\\n  -e A=1 \\\n  -e 'B=x y' reg/rancher/server:v1.6.30",
	);
	expect(withAll.argv.slice(-5)).toEqual(['-e', 'A=1', '-e', 'B=x y', 'reg/rancher/server:v1.6.30']);
});

test('a switch stands as its word when it is on', () => {
	expect(render(runbookOf('mysql [${strict}]'), { strict: 'true' }).argv).toEqual(['mysql', '--strict']);
	expect(render(runbookOf('mysql [${strict}]'), {}).argv).toEqual(['mysql']);
});

test('a value that is missing is shown by its name and named as a problem', () => {
	const rendered = render(runbookOf('docker stop ${container} ${publish.port}'), {});

	expect(rendered.display).toBe('docker stop CONTAINER 8080');
	expect(rendered.parts).toContainEqual({ text: 'CONTAINER', role: 'missing', parameter: 'container' });
	expect(rendered.problems).toMatchObject([{ name: 'value.missing', parameter: 'container', step: 's' }]);
});

test('an empty value is none, even where there is a default', () => {
	expect(render(runbookOf('docker run [-p ${publish}:8080] x'), { publish: '' }).argv).toEqual(['docker', 'run', 'x']);
	expect(render(runbookOf('docker run [-p ${publish}:8080] x'), {}).argv).toEqual(['docker', 'run', '-p', '8080:8080', 'x']);
});
