/** What a runbook's page has where a Drover answers: terminals, the clock of the outage, phase runs, the report, the way back, the comparison with the machine, checks that prove themselves. */
import './ask.ts';
import './machine-compare.ts';
import './outage-clock.ts';
import { checkWhenTime } from './phase-run.ts';
import './report-links.ts';
import './terminal-dock.ts';
import './way-back.ts';
import { notifyWhenDone } from './notify.ts';
import { pageStore } from './page-store.ts';
import { proveGently } from './prove.ts';

export { ServerSession } from './server-session.ts';

const store = pageStore();
proveGently(store);
notifyWhenDone(store);
checkWhenTime(store);
