/**
 * Where the guide says more about a hint: pages of the guide with their anchors, and the hints (`step.hint`) that lead there. Hints of the same name mean the
 * same in every runbook. The page "What can go wrong" has each trap with its sign and its cure.
 */
const placesOfHints: Readonly<Record<string, readonly string[]>> = {
	'choose-your-path#data': ['storage.bind', 'storage.external', 'storage.volume', 'storage.no-server', 'storage.outside', 'storage.inside'],
	'choose-your-path#nodes': ['storage.cluster', 'storage.single'],
	'docker-support#older': ['engine.old-client', 'engine.too-old'],
	'what-to-repeat#mysql-tls': ['database.insists-on-tls', 'database.tls-fails', 'start.cut-off', 'database-health.interrupted'],
	'docker-support': ['engine-range.newer', 'host-engines.too-new', 'host-engines.nftables'],
	'tags-and-releases#real-version': ['old-server.other-version', 'server-of-today.other-version'],
	'what-can-go-wrong#docker-away': ['engine.forbidden', 'engine.not-running'],
	'what-can-go-wrong#old-server-down': ['old-server.no-such-container', 'old-server.stopped', 'old-server.restarting', 'server.no-such-container', 'server.stopped', 'server-of-today.no-such-container'],
	'what-can-go-wrong#empty-database': ['start.empty-database', 'login.open', 'data.other-database', 'database.not-ranchers', 'content.empty', 'storage.other-volume', 'storage.other-folder', 'data-container.other-volume'],
	'what-can-go-wrong#wrong-folder': ['copy.nested', 'content.nested', 'folder.no-parent', 'folder.not-empty'],
	'what-can-go-wrong#killed-database': ['stop.killed'],
	'what-can-go-wrong#started-with-rm': ['auto-remove.removes-itself', 'stop.broke-off'],
	'what-can-go-wrong#started-by-others': ['started-by', 'starts-again'].flatMap((step) => ['systemd', 'compose', 'rancher', 'other'].map((hint) => `${step}.${hint}`)),
	'what-can-go-wrong#directory-login': ['directory-certificate.other-name', 'directory-certificate.not-reached'],
	'what-can-go-wrong#rows-missing': ['data.hosts-missing', 'data.address-changed'],
	'what-can-go-wrong#dead-catalog': ['templates.old-catalog', 'catalog-volume.there-already'],
	'what-can-go-wrong#disk-full': ['folder.no-room', 'pull.disk-full', 'pull-images.disk-full'],
	'what-can-go-wrong#inner-database': ['start.no-mysql'],
	'what-can-go-wrong#data-container-started': ['data-container.was-started'],
	'what-can-go-wrong#two-servers': ['way-clear.left-over'],
	'what-can-go-wrong#interrupted-migration': ['start.migration-failed', 'waiting.migration-failed', 'starts.migration-failed'],
	'what-can-go-wrong#log-lock': ['start.locked', 'database-health.locked', 'held.free', 'held.not-reached', 'release.not-reached', 'starts.taken-again', 'waiting.over', 'nobody-migrates.own-lock'],
	'what-can-go-wrong#long-migration': ['database-health.many-events'],
	'what-can-go-wrong#mixed-engines': ['database-health.engines'],
	'what-can-go-wrong#key-too-long': ['start.key-too-long', 'database-settings.character-set'],
	'what-can-go-wrong#database-product': ['database-version.mysql-8', 'database-version.mariadb'],
	'what-can-go-wrong#no-connection': ['start.no-connection', 'database.other-host', 'database.access-denied', 'database.unreachable'],
	'what-can-go-wrong#container-refused': ['start.port-taken', 'start.name-taken', 'way-clear.port-taken', 'way-clear.name-taken', 'start.missing-image'],
	'what-can-go-wrong#restart-loop': ['start.startup-failed', 'start.restarting', 'start.ended', 'start.log-variable'],
	'what-can-go-wrong#log-unreadable': ['start.log-unreadable', 'waiting.log-unreadable'],
	'what-can-go-wrong#memory': ['start.out-of-memory'],
	'what-can-go-wrong#certificate': ['ca-certificate.no-file'],
	'what-can-go-wrong#unfinished-stack': ['stacks.unfinished', 'stacks.unfinished-own-work'],
	'what-can-go-wrong#stuck-stack': ['network-policy-manager', 'network-services', 'ipsec', 'vxlan', 'scheduler', 'healthcheck', 'stack'].flatMap((stack) => [`${stack}-upgrade.canceled`, `${stack}-upgrade.in-trouble`, `${stack}-upgrade.unhealthy`, `${stack}-finish.unhealthy`]),
	'what-can-go-wrong#setting-overridden': ['not-overridden.overridden', 'registry-default.overridden', 'api.too-old'],
	'what-can-go-wrong#keys-refused': ['api.keys-refused', 'note.keys-refused', 'api.no-such-environment', 'set.not-changed', 'registry-default.not-changed'],
	'what-can-go-wrong#images-missing': ['pull-images.not-reached', 'save-images.there-already', 'load-images.no-file', 'load-images.cut-short', 'push-images.not-pushed', 'pull.missing-image', 'pull.other-version', ...['pull', 'pull-images'].flatMap((step) => ['unreachable', 'no-such-tag', 'login', 'rate-limit', 'certificate', 'old-format'].map((hint) => `${step}.${hint}`))],
	'what-can-go-wrong#backup-of-no-use': ['backup-there.no-file', 'backup-there.cut-short', 'backup-there.of-another-version', 'backup-there.no-version', 'backup-there.not-plain', 'backup-there.files-alone', 'backup-place.no-folder', 'backup-place.there-already', 'set-aside-place.there-already'],
};

const placeByHint = new Map(Object.entries(placesOfHints).flatMap(([place, hints]) => hints.map((hint) => [hint, place] as const)));

/** Where all lines of the log that mean something are listed: for a hint that has no section of its own. */
const listOfLines = 'what-can-go-wrong#log-lines';

/** Page and anchor of the guide for a hint, as `page#anchor`. */
export function furtherReadingOf(step: string, hint: string): string {
	return placeByHint.get(`${step}.${hint}`) ?? listOfLines;
}

/** Every hint that has a section of its own, as `step.hint`, with the section. */
export const furtherReading: ReadonlyMap<string, string> = placeByHint;
