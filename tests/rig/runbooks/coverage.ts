/**
 * Which test of the rig executes each step of each runbook: every one of its commands or, where it has none, its check. A step that is missing here is a lint error
 * (`tests/content/coverage.test.ts`), and so is one that the named file did not take (`scene.ts`).
 */

/** Done by a person, in Rancher's pages or on paper: there is nothing to execute. */
export const byHand = 'by hand';

const single = 'single-container.test.ts';
const external = 'external-database.test.ts';
const bind = 'bind-mount.test.ts';
const ha = 'high-availability.test.ts';
const files = 'back-up-and-roll-back.test.ts';
const lock = 'log-lock.test.ts';
const api = 'rancher-api.test.ts';
const images = 'air-gap.test.ts';

const all = (file: string, steps: string) => Object.fromEntries(steps.trim().split(/\s+/).map((step) => [step, file]));

export const coverage: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'single-container': all(
		single,
		`engine engine-range old-server auto-remove started-by storage stacks database-health directory-certificate hosts-before host-engines ca-certificate free-space backup-place way-clear clock
		definition pull old-image data-container without-rm catalog-volume rows back-up stop cold-copy start version data login hosts-after automatic-upgrades starts-again remove`,
	),
	'external-database': all(
		external,
		`engine engine-range old-server auto-remove started-by storage database database-version database-settings stacks database-health directory-certificate hosts-before host-engines ca-certificate
		free-space backup-place way-clear clock definition pull old-image without-rm rows back-up stop last-dump start version data login hosts-after automatic-upgrades starts-again remove`,
	),
	'bind-mount': all(
		bind,
		`engine engine-range old-server auto-remove started-by storage folder stacks database-health directory-certificate hosts-before host-engines ca-certificate free-space backup-place way-clear clock
		definition pull old-image without-rm rows back-up stop cold-copy copy owner content start version data login hosts-after automatic-upgrades starts-again remove`,
	),
	'high-availability': all(
		ha,
		`engine engine-range old-server auto-remove started-by storage nodes-answer cluster-port database database-version database-settings stacks database-health
		directory-certificate hosts-before host-engines ca-certificate free-space backup-place way-clear clock definition pull old-image without-rm rows back-up keep-down stop stop-children
		everything-down last-dump start start-others members versions data login hosts-after automatic-upgrades starts-again remove remove-script`,
	),
	'air-gap': {
		...all(images, 'engine room pull-images save-images load-images push-images note registry-default'),
		...all(byHand, 'further-images carry log-in registry-default-by-hand credentials pre-pull catalog'),
	},
	'infrastructure-services': {
		...all(
			api,
			`api hosts nothing-unfinished refresh templates list network-policy-manager-upgrade network-policy-manager-finish network-services-upgrade network-services-finish
			ipsec-upgrade ipsec-finish vxlan-upgrade vxlan-finish scheduler-upgrade scheduler-finish healthcheck-upgrade healthcheck-finish stack-upgrade stack-finish
			all-up-to-date all-active`,
		),
		...all(byHand, 'policy-by-hand network-by-hand overlay-by-hand rest-by-hand seen-by-hand'),
	},
	'upgrade-manager': { ...all(api, 'api not-overridden note set'), 'set-by-hand': byHand },
	'back-up': {
		...all(files, 'engine server storage database free-space backup-place definition rows back-up auto-remove started-by stop cold-copy start-again data'),
		'carry-away': byHand,
	},
	'roll-back': {
		...all(
			files,
			`engine server-of-today auto-remove started-by storage backup-there free-space way-clear pull data-container rows-today set-aside-place stop everything-down set-aside restore-files
			restore-database start version data login hosts-after starts-again remove`,
		),
		...all(ha, 'stop-others keep-others-down start-nodes remove-nodes'),
		'stacks-first': byHand,
	},
	'log-lock': { ...all(lock, 'engine waiting storage held nobody-migrates backup-place rows back-up lock-row release starts'), 'other-servers': byHand },
};
