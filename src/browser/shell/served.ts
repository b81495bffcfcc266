/** What a runbook's page has where a Drover answers: terminals, the clock of the outage, phase runs, the report, the way back, the comparison with the machine, checks that prove themselves. */
import '../ground/ask.ts';
import '../detect/machine-compare.ts';
import '../progress/downtime.ts';
import { checkWhenTime } from '../progress/phase-run.ts';
import '../progress/report-links.ts';
import '../terminal/terminal-panel.ts';
import '../progress/rollback-plan.ts';
import { notifyWhenDone } from '../progress/notify.ts';
import { pageStore } from '../store/page-store.ts';
import { recheckGently } from '../progress/recheck.ts';

export { ServerSession } from '../store/server-session.ts';

const store = pageStore();
recheckGently(store);
notifyWhenDone(store);
checkWhenTime(store);
