/** What concerns access and cannot wait: a code that came twice, a server of another version, a worker that was removed. */
import { connection } from '../connection/connection.ts';
import { showNotice } from '../ground/page-notice.ts';
import { wasRemoved } from '../connection/service-workers.ts';
import { tabKept } from '../ground/storage.ts';
import { t } from '../ground/words.ts';

/** The time of the last alarm that the reader has answered in this tab. */
const answeredKey = 'drover.again-answered';

connection.addEventListener('again', (event) => {
	const at = event instanceof CustomEvent ? String(event.detail) : '';
	if (tabKept.read(answeredKey) === at) return;
	showNotice('again', t('notice.again'), [
		{ label: t('notice.void'), primary: true, act: () => void connection.api?.voidAll().catch(() => connection.ask()) },
		{ label: t('notice.again-mine'), act: () => void tabKept.write(answeredKey, at) },
	]);
});

connection.addEventListener('misunderstood', () => {
	showNotice('misunderstood', t('notice.misunderstood'), [{ label: t('notice.reload'), primary: true, act: () => location.reload() }]);
});

if (wasRemoved()) showNotice('worker', t('notice.worker'), [{ label: t('dialog.close') }]);
