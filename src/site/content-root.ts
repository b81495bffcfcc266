/** Folder that holds `zh/`, `en/` and `src/content/runbooks`. Tests and benchmarks build the site from folders of their own. */
export const contentRoot = process.env['DROVER_CONTENT'] ?? process.cwd();
