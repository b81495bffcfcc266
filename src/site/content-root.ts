/** The content folder: `drover.yaml` stands at its root. The project's own unless said. */
export const contentRoot = process.env['DROVER_CONTENT'] ?? process.cwd();
