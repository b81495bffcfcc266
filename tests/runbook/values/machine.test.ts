import { expect, test } from 'vitest';
import { destinationWords, isDestination, machineOf, onlyHere } from '../../../src/runbook/values/machine.ts';

const node = (ssh: string) => ({ name: 'n1', ssh, address: '10.0.0.1' });

test.each(['node2', 'root@node2', 'node2:2222', 'root@10.0.0.2:22', '2001:db8::1'])('"%s" can be typed behind ssh', (text) => {
	expect(isDestination(text)).toBe(true);
});

test.each(['', '-oProxyCommand=id', 'a b', "a'b", 'node2:', 'node2:0', 'node2:65536', 'node2:x', 'a;b', '$(id)', 'ä', 'a\nb'])('"%s" is no destination', (text) => {
	expect(isDestination(text)).toBe(false);
});

test('a port stands before the host, as ssh takes it', () => {
	expect(destinationWords('root@node2:2222')).toEqual(['-p', '2222', 'root@node2']);
	expect(destinationWords('2001:db8::1')).toEqual(['2001:db8::1']);
});

test('a node runs on its own machine, and where it names none on that of its session', () => {
	const machines = { session: 'node1', nodes: true, sudo: ['node2'] };

	expect(machineOf(machines, node('node2'))).toEqual({ ssh: 'node2', sudo: true });
	expect(machineOf(machines, node(''))).toEqual({ ssh: 'node1', sudo: false });
	expect(machineOf(machines, undefined)).toEqual({ ssh: 'node1', sudo: false });
	expect(machineOf({ ...machines, nodes: false }, node('node2'))).toEqual({ ssh: 'node1', sudo: false });
	expect(machineOf(onlyHere, node('node2'))).toBeUndefined();
});
