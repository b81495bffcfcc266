/** The reader's own language, and the fragment with it: it may carry the one-time code. */
import { pickLocale } from '../../i18n/locale.ts';

location.replace(`./${pickLocale(navigator.languages)}/${location.hash}`);
