/** The reader's own language, and the fragment with it: it may carry the one-time code. */
import { pickLocale } from '../../i18n/locale.ts';

const among = [...document.querySelectorAll<HTMLElement>('[data-choice]')].map(({ dataset }) => dataset['choice'] ?? '');
location.replace(`./${pickLocale(navigator.languages, among)}/${location.hash}`);
