/** The detect at a server is loaded when the reader turns to it, or at once in a tab that may run. A press that came before is kept (`first-paint.js`). */
const detect = document.querySelector('detect-server');
const load = () => void import('../detect/detect-server.ts');

if ('mayRun' in document.documentElement.dataset || detect?.querySelector('[data-pressed]')) load();
for (const event of ['pointerenter', 'focusin', 'touchstart', 'click']) detect?.addEventListener(event, load, { once: true, passive: true });
document.documentElement.dataset['alive'] = '';
export {};
