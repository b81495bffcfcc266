/** Where the sentences of the problems appear, by the first part of a problem's name. */
const places: Readonly<Record<string, string>> = {
	tag: 'Beside the field of a version',
	server: 'Beside the field that it is about, and among the warnings of a look at a server',
	schema: 'Beside the field of the new version',
	nodes: 'Beside the list of nodes',
	manager: 'Beside the field or variable that decides which stacks the server upgrades by itself',
	inspect: 'Below the field into which the output of docker inspect was pasted; on stderr of the command line',
};

export const placeOfProblem = (name: string): string => places[name.split('.')[0] ?? ''] ?? '';
