import { createCssVariablesTheme } from 'shiki/core';

/** Colours of code as CSS variables (`--code-token-keyword` and so on): the tokens file says what they are, in light and in dark. */
export const codeTheme = createCssVariablesTheme({ name: 'drover', variablePrefix: '--code-', fontStyle: true });
