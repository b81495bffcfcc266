/** The facts at the head of a runbook, for the values in the form. */
import { factsOf } from '../../site/runbook-facts.ts';
import { measuredGib } from '../../runbook/session/measured.ts';
import { planSteps } from '../../runbook/session/plan.ts';
import { find, setText } from '../ground/dom.ts';
import { PagePart } from '../store/page-part.ts';
import { t } from '../ground/words.ts';

class RunbookFacts extends PagePart {
	protected draw(): void {
		const { data, resolved, names, session } = this.store;
		const gib = measuredGib(data.runbook, resolved, session);
		const { steps, outage, gate } = factsOf(planSteps(data.runbook, resolved, undefined, gib), t, data.runbook, gib);
		setText(find(this, '[data-fact="steps"]', HTMLElement), steps);
		if (outage !== undefined) setText(find(this, '[data-fact="outage"]', HTMLElement), outage);
		const place = find(this, '[data-fact="gate"]', HTMLElement);
		const link = find(place, 'a', HTMLAnchorElement);
		place.hidden = gate === undefined;
		find(place, 'span', HTMLElement).hidden = gate?.step !== undefined;
		link.hidden = gate?.step === undefined;
		if (gate?.step === undefined) return;
		link.href = `#${gate.step}`;
		setText(link, names.step(gate.step));
	}
}

customElements.define('runbook-facts', RunbookFacts);
