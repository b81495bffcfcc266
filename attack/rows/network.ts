import { networkInterfaces } from 'node:os';
import type { Row } from '../attempt.ts';
import { open } from '../wire.ts';

export const wide: Row = {
	name: 'Wide listening',
	run: async (attack) => {
		const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []).filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
		for (const { address } of addresses) {
			const connected = await open({ host: address, port: attack.target.port }).then((socket) => socket.destroy(), () => undefined);
			await attack.note(`a connection to ${address}`, '', 'refused', connected ? 'connected' : 'refused', !connected);
		}
	},
};
