/** The link to the other language keeps the place: the step that is being read. */
const link = document.querySelector<HTMLAnchorElement>('.locale-switch');

link?.addEventListener('click', () => {
	const steps = [...document.querySelectorAll<HTMLElement>('.step')];
	const line = innerHeight / 3;
	const current = steps.findLast((step) => step.getBoundingClientRect().top <= line);
	link.hash = current ? current.id : location.hash;
});
