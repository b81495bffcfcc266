/** Runbooks made for measuring: as many as wanted, each with as many parameters and steps as wanted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface MadeContent {
	readonly runbooks: number;
	readonly parameters: number;
	readonly steps: number;
}

/** Writes a family `made` with its words in both languages below a folder. */
export function writeContent(folder: string, { runbooks, parameters, steps }: MadeContent): void {
	const write = (path: string, text: string) => {
		const file = join(folder, path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
	};
	const names = Array.from({ length: parameters }, (_, index) => `value_${index}`);
	const ids = Array.from({ length: runbooks }, (_, index) => `runbook-${index}`);
	const parameterLines = names.map((name) => `  ${name}: { type: text, group: g, default: standard }`).join('\n');
	write('drover.yaml', 'title: Made\nlead: Made for measuring.\nlocales: [zh, en]\nplaces: { runbooks: src/content/runbooks }\n');
	write('src/content/runbooks/made/family.yaml', `family: made\nrunbooks: [${ids.join(', ')}]\nparameters:\n${parameterLines}\n`);
	for (const locale of ['zh', 'en']) {
		const words = names.map((name) => `  ${name}: { label: ${name}, help: Help for ${name}. }`).join('\n');
		write(`${locale}/runbooks/made/family.mdx`, `---\ntitle: Made\ndescription: Made.\nparameters:\n${words}\ngroups: { g: Values }\n---\n\nMade.\n`);
	}
	for (const id of ids) {
		const stepIds = Array.from({ length: steps }, (_, index) => `step-${index}`);
		const command = (index: number) => `docker run -d --name \${${names[index % parameters]}} \\\n        ${names.map((name) => `-e \${${name}}`).join(' ')} image`;
		const stepLines = stepIds.map((step, index) => `  - id: ${step}\n    phase: prepare\n    run: |-\n      ${command(index)}\n    usually: 5s\n    done_when: { run: "docker inspect \${${names[0]}}" }`).join('\n');
		write(`src/content/runbooks/made/${id}.yaml`, `id: made/${id}\nparameters: [${names.join(', ')}]\nsteps:\n${stepLines}\n`);
		for (const locale of ['zh', 'en']) {
			const titles = stepIds.map((step) => `  ${step}: Title of ${step}`).join('\n');
			const places = stepIds.map((step) => `<Step id="${step}">\nWhat this step is for, in a sentence or two, with \`code\` and **weight**.\n</Step>`).join('\n\n');
			write(`${locale}/runbooks/made/${id}.mdx`, `---\ntitle: ${id}\nshort: ${id}\ndescription: Made for measuring.\nsteps:\n${titles}\n---\n\nIntroduction.\n\n${places}\n`);
		}
	}
}
