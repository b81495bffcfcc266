/**
 * The content security policy. The server sends it with every answer; each page carries it as well, so that a site on any other host is as safe. Scripts are our own
 * files; the search index needs WebAssembly; the terminal and the highlighter set style attributes.
 */
const directives = [
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self' 'unsafe-inline'",
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"object-src 'none'",
	"form-action 'none'",
];

/** For the head of a page. */
export const pagePolicy = directives.join('; ');

/** For the header of an answer: who may frame a page cannot be said in the page itself. */
export const answerPolicy = [...directives, "frame-ancestors 'none'"].join('; ');
