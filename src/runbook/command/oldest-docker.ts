/**
 * The oldest Docker that Drover works with. 1.13 brought `docker container inspect`, which says of a container alone what the runbooks and detection ask for.
 *
 * Source: docker/docker, CHANGELOG.md, 1.13.0, "Restructure CLI commands by adding docker image and docker container commands" (#26025).
 */
export const oldestDocker = '1.13';

/** Asks for both versions. Where the engine does not answer, the client's line is printed all the same. */
export const dockerVersionsFormat = '{{println "client" .Client.Version}}{{println "engine" .Server.Version}}';

/** Finds a line of that answer with an older version, for `grep -E` and JavaScript alike. After 1.13 came 17.03. */
export const tooOldDocker = String.raw`^(client|engine) (0|1\.([0-9]|1[0-2]))\.`;

/**
 * What one of them says that refuses the other for its age. Sources: docker/docker, `client/request.go` and `api/server/middleware/version.go`: "client version 1.24 is too old", "client version 1.44 is too new",
 * "client is newer than server"; before 1.8 `docker version` had no `--format`.
 */
export const olderClient = 'client version [0-9.]+ is too old|flag provided but not defined: --format';
export const olderEngine = 'client version [0-9.]+ is too new|client is newer than server';

/** Which of both is too old, and how old; undefined where neither is. `said`: what `docker version` printed, to either output. */
export function findTooOldDocker(said: string): { readonly part: 'client' | 'engine'; readonly version: string } | undefined {
	const [line = '', part] = new RegExp(`${tooOldDocker}.*`, 'm').exec(said) ?? [];
	if (part === 'client' || part === 'engine') return { part, version: line.slice(part.length).trim() };
	const [refused] = new RegExp(olderClient).exec(said) ?? [];
	if (refused !== undefined) return { part: 'client', version: apiVersionIn(refused) };
	return new RegExp(olderEngine).test(said) ? { part: 'engine', version: apiVersionIn(/(?:Maximum supported|server) API version.*/.exec(said)?.[0] ?? '') } : undefined;
}

function apiVersionIn(text: string): string {
	const version = /\d+\.\d+/.exec(text)?.[0];
	return version === undefined ? '?' : `API ${version}`;
}
