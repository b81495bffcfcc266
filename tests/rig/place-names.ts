/** What engines of one rig are called and where they are, so that two rigs never meet. */
export interface Place {
	readonly number: number;
	readonly folder: string;
	/** Where engines keep their files: in memory if there is plenty, so that nothing waits for a disk. */
	readonly scratch: string;
	/** Name of the bridge of the engine that stands beside the tests. At most 15 characters, as the kernel wants it. */
	readonly bridge: string;
	/** Name of the bridge that connects the nodes. */
	readonly nodeBridge: string;
	/** First three parts of the addresses at `bridge` and at `nodeBridge`. */
	readonly network: string;
	readonly nodeNetwork: string;
	readonly cgroup: string;
}
