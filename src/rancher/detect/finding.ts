/**
 * What detection says beside the values: why a container is what it is, and what to know of it. A finding carries a name and slots; its sentence stands under
 * `found.<name>` in both languages. No slot ever holds the value of a variable or of a flag: it may be a secret.
 */
import type { Problem } from '../../runbook/problem.ts';

export const findings = {
	// What the container is.
	server: ['variable', 'version'],
	'server-by-image': ['image'],
	'data-container': [],
	agent: ['image'],
	'script-ha': ['container'],
	'script-ha-part': [],
	'rancher-2': ['image'],
	'no-server': ['image'],
	'version-unknown': [],
	'not-1x': ['version'],
	// Which path it is.
	'external-by-flag': [],
	'external-by-variable': ['variable'],
	'external-by-url': ['variable'],
	'external-by-link': ['link'],
	'no-external': [],
	'cluster-by-flag': ['address'],
	'cluster-by-variable': ['variable'],
	'cluster-by-port': ['port'],
	'bind-mount': ['path'],
	'volumes-from': ['container'],
	'named-volume': ['volume'],
	'anonymous-volume': ['volume'],
	'no-volume': [],
	'data-in-memory': [],
	'registry-in-name': ['registry'],
	'agent-image-set': ['variable'],
	// What to know of it.
	'not-running': ['status'],
	'never-ran': [],
	restarting: ['number'],
	'out-of-memory': [],
	'other-server-same-data': ['container'],
	'auto-remove': [],
	'made-by': ['tool', 'label'],
	'image-missing': [],
	'image-unnamed': ['image'],
	'version-set-by-hand': ['variable', 'version'],
	'tag-moved': ['tag', 'version'],
	'tag-moving': ['tag', 'version'],
	'data-container-unused': ['container'],
	'data-name-taken': ['container'],
	'data-container-runs': ['container'],
	'data-containers-several': ['container'],
	'mount-options': ['path', 'options'],
	'ca-old-place': ['path'],
	'ca-was-ignored': ['path'],
	'ca-twice': ['path'],
	'ca-keytool': ['version'],
	'link-legacy': ['link'],
	'url-database': ['variable'],
	'password-readable': ['place'],
	'script-ha-database': [],
	'script-ha-options': ['options'],
	'restart-always': [],
	'restart-none': [],
	'port-random': ['port'],
	'port-cluster': ['port'],
	'port-per-node': ['address'],
	'advertise-port-added': ['port'],
	'host-hostname': ['hostname'],
	'network-extra': ['network'],
	'privileged-not-needed': ['option'],
	'memory-small': ['limit'],
	'variable-baked': ['variable'],
	'variable-obsolete': ['variable'],
	'variable-developer': ['variable'],
	'variable-unset': ['variable'],
	'variable-twice': ['variable'],
	'variable-differs': ['variable', 'other_variable'],
	'variable-kept': ['parameter', 'variable'],
	'agent-replaced': ['image'],
	'agent-registry-taken': ['registry', 'image'],
	'agent-registry-other': ['registry', 'image'],
	'flag-without-database': ['flag'],
	'flag-unfinished': ['flag'],
	'words-unknown': ['number'],
	'flags-before-1.2': ['version'],
	'entrypoint-own': [],
	'option-per-node': ['option'],
	'option-secret': ['option'],
	'option-impossible': ['option'],
	'option-unknown': ['setting'],
	'option-refused': ['option'],
	'value-refused': ['parameter'],
	'variable-refused': ['variable'],
} as const satisfies Record<string, readonly string[]>;

export type FindingName = keyof typeof findings;

export interface Finding {
	readonly name: FindingName;
	readonly slots: Readonly<Record<string, string | number>>;
	/** Why a value that was found cannot be taken over. */
	readonly problem?: Problem;
}

export type FindingSlots<N extends FindingName> = Record<(typeof findings)[N][number], string | number>;
