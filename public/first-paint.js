// Before the first paint: the theme that the reader chose, that scripts run, whether this tab may run steps, and what to do when a script is late or lost.
(() => {
	const root = document.documentElement;
	root.dataset.scripts = '';
	try {
		const theme = localStorage.getItem('drover.theme');
		if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
		// A reader may leave the page before its scripts are here: the code goes from the address into the tab at once (`src/browser/connection/token.ts`).
		const code = /^#code=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
		if (code !== undefined) {
			if (sessionStorage.getItem('drover.asked')?.split(' ')[0] !== code) sessionStorage.setItem('drover.asked', code);
			history.replaceState(null, '', location.pathname + location.search);
		}
		// A one-time code, or a token of its own, or one that has expired and is told of; another tab may still give it one.
		if (['drover.asked', 'drover.token', 'drover.expired'].some((key) => sessionStorage.getItem(key) !== null)) root.dataset.mayRun = '';
	} catch {
		// Storage is switched off: the system's theme it is, no token, and the code stays where it is.
		if (location.hash.startsWith('#code=')) root.dataset.mayRun = '';
	}

	// A press on a button whose script is not there yet is kept, and done when it is. Where the browser itself acts on a press there is nothing to keep.
	addEventListener('click', ({ target }) => {
		const button = target instanceof Element ? target.closest('button:not([popovertarget])') : null;
		const part = button?.closest(':not(:defined)');
		if (!part || 'pressed' in button.dataset) return;
		button.dataset.pressed = '';
		customElements.whenDefined(part.localName).then(() => {
			delete button.dataset.pressed;
			button.click();
		});
	}, true);

	// Docker makes and takes network interfaces, and Chromium then aborts what is loading, even from this machine. A script that was lost so is never asked
	// for again by the page that wanted it: while nothing has come alive, the page is loaded anew, twice at most; later the reader is told.
	const tell = () => document.querySelector('.scripts-lost')?.removeAttribute('hidden');
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
	const lost = () => {
		if (!('alive' in root.dataset) && mayReload()) location.reload();
		else tell();
	};
	const isModuleLost = (reason) => reason instanceof TypeError && /module/i.test(reason.message);
	addEventListener('error', ({ target, error }) => {
		if (target instanceof HTMLScriptElement || isModuleLost(error)) lost();
	}, true);
	addEventListener('unhandledrejection', ({ reason }) => {
		if (isModuleLost(reason)) lost();
	});
})();
