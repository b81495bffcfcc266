/** The links to the other languages keep the place: the step that is being read. */
for (const link of document.querySelectorAll<HTMLAnchorElement>('a.locale-switch')) {
	link.addEventListener('click', () => {
		const steps = [...document.querySelectorAll<HTMLElement>('.step')];
		const line = innerHeight / 3;
		const current = steps.findLast((step) => step.getBoundingClientRect().top <= line);
		link.hash = current ? current.id : location.hash;
	});
}
export {};
