/**
 * The flavour of zod that ships to the browser. Zod compiles object schemas with `new Function`, which the page's content
 * security policy refuses; without compilation nothing is even tried.
 */
import * as z from 'zod/mini';

z.config({ jitless: true });

export { z };
