// Before the first paint: the theme that the reader chose, and that scripts run.
(() => {
	const root = document.documentElement;
	root.dataset.scripts = '';
	try {
		const theme = localStorage.getItem('drover.theme');
		if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
	} catch {
		// Storage is switched off: the system's theme it is.
	}
})();
