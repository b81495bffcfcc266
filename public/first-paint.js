// Before the first paint: the theme that the reader chose, that scripts run, and what to do when one of them is lost.
(() => {
	const root = document.documentElement;
	root.dataset.scripts = '';
	try {
		const theme = localStorage.getItem('drover.theme');
		if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
	} catch {
		// Storage is switched off: the system's theme it is.
	}

	// Docker makes and takes network interfaces, and Chromium then aborts what is loading, even from this machine. A script that was lost so is never asked
	// for again by the page that wanted it: while nothing has come alive, the page is loaded anew, twice at most; later the reader is told.
	const lost = () => document.querySelector('.scripts-lost')?.removeAttribute('hidden');
	const mayReload = () => {
		try {
			const [count = 0, at = 0] = JSON.parse(sessionStorage.getItem('drover.reloaded') ?? '[]');
			const recent = Date.now() - at < 30_000 ? count : 0;
			if (recent >= 2) return false;
			sessionStorage.setItem('drover.reloaded', JSON.stringify([recent + 1, Date.now()]));
			return true;
		} catch {
			return false;
		}
	};
	addEventListener('error', ({ target }) => {
		if (!(target instanceof HTMLScriptElement)) return;
		if (!('alive' in root.dataset) && mayReload()) location.reload();
		else lost();
	}, true);
	addEventListener('unhandledrejection', ({ reason }) => {
		if (reason instanceof TypeError && /module/i.test(reason.message)) lost();
	});
})();
