/** Every way into the server, read from the app itself: a route that somebody adds is attacked without being listed here. */
import type { Express } from 'express';
import { createApp } from '../server/app.ts';
import { createKeys } from '../server/access/keys.ts';
import { createDocker } from '../server/docker/docker.ts';
import { createRunbookStore } from '../server/runbooks.ts';
import { socketPath } from '../server/socket/socket.ts';

export interface Route {
	readonly method: string;
	/** As registered: `/api/runs/:id`. */
	readonly pattern: string;
	readonly kind: 'page' | 'api' | 'upgrade';
}

/** What a request has to pass before it comes to a route. Named, so that one that is added has to be looked at. */
export interface Passage {
	readonly path: string;
	readonly name: string;
}

/** The parts of a layer that the router keeps. Source: `router` 2, `lib/layer.js`. */
interface Layer {
	readonly name: string;
	readonly rawPath: unknown;
	readonly route?: { readonly methods: Readonly<Record<string, boolean>> } | undefined;
	readonly handle: { readonly stack?: readonly Layer[] };
}

/** The app's routes in the order of their registration, and the middleware among them. */
export function readRoutes(app: Express): { routes: Route[]; passages: Passage[] } {
	const routes: Route[] = [];
	const passages: Passage[] = [];
	const walk = (layers: readonly Layer[], base: string) => {
		for (const layer of layers) {
			if (typeof layer.rawPath !== 'string') throw new TypeError(`Cannot attack the route ${String(layer.rawPath)}: its path is no text.`);
			const path = join(base, layer.rawPath);
			if (layer.route) for (const method of Object.keys(layer.route.methods)) routes.push({ method: method.toUpperCase(), pattern: path, kind: 'api' });
			else if (layer.handle.stack) walk(layer.handle.stack, path);
			else passages.push({ path, name: layer.name });
		}
	};
	walk((app as unknown as { router: { stack: readonly Layer[] } }).router.stack, '/');
	return { routes: routes.flatMap((route) => (route.method === 'GET' ? [route, { ...route, method: 'HEAD' }] : [route])), passages };
}

function join(base: string, path: string): string {
	return `${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

/** An app as `serve` builds it, with nothing behind it. */
export function emptyApp(): Express {
	return createApp({
		runbooks: createRunbookStore({ families: [], runbooks: [], lintErrors: [] }),
		keys: createKeys(() => 0),
		docker: createDocker(),
		runtime: { ready: false, problem: { name: 'state.missing', slots: { path: '' } } },
		site: '/nowhere',
		folder: '/nowhere',
		version: '',
		port: () => 0,
	});
}

/** Pages and assets are files behind one passage: these stand for all of them. */
const pages = ['/', '/en/', '/zh/', '/mark.svg', '/no-such-page/'];

/** Every route, page and upgrade path of Drover. */
export function allRoutes(): Route[] {
	return [
		...pages.map((pattern): Route => ({ method: 'GET', pattern, kind: 'page' })),
		...readRoutes(emptyApp()).routes,
		{ method: 'GET', pattern: '/api/no-such-route', kind: 'api' },
		{ method: 'POST', pattern: '/api/no-such-route', kind: 'api' },
		{ method: 'GET', pattern: socketPath, kind: 'upgrade' },
	];
}
