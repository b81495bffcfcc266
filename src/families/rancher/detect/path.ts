/** The family that a look at a machine may lead to, and those of its runbooks that are the path of a server. */
export const family = 'rancher-1.6';
export const paths = ['single-container', 'bind-mount', 'external-database', 'high-availability'] as const;
export type Path = (typeof paths)[number];

/** Their ids. */
export const pathIds: readonly string[] = paths.map((path) => `${family}/${path}`);
