/** The server's HTTP side. `createApp` builds it from its parts; nothing listens and nothing starts here. */
import express, { type Express, type RequestHandler, type Response } from 'express';
import { join } from 'node:path';
import { admit, isApi, type AccessPolicy } from './access/admit.ts';
import { securityHeaders } from './access/headers.ts';
import { workerRemoval } from './access/worker-removal.ts';
import { answerErrors } from './answer.ts';
import type { AppParts } from './app-parts.ts';
import { accessRoutes } from './routes/access.ts';
import { detectRoutes } from './routes/detect.ts';
import { phaseRoutes } from './routes/phases.ts';
import { reportRoutes } from './routes/reports.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { statusRoutes } from './routes/status.ts';

/** A request body is that long at most, in bytes. */
export const maxBodyBytes = 256 * 1024;

export function createApp(parts: AppParts): Express {
	const app = express();
	app.disable('x-powered-by');
	app.set('etag', false);
	app.use(setHeaders);
	app.use(guard(() => ({ port: parts.port(), knows: parts.keys.knows })));

	app.use('/api', noStore, requireJson, express.json({ limit: maxBodyBytes, inflate: false, strict: true, reviver: refuseProto }));
	app.use('/api/access', accessRoutes(parts.keys));
	app.use('/api/status', statusRoutes(parts));
	app.use('/api/detect', detectRoutes(parts));
	app.use('/api/sessions', sessionRoutes(parts), reportRoutes(parts));
	app.use('/api/runs', runRoutes(parts));
	app.use('/api/phases', phaseRoutes(parts));
	app.use('/api', (_req, res) => void res.status(404).json({ problems: [] }));

	app.use(servePages(parts.site));
	app.use((_req, res) => void res.status(404).sendFile(join(parts.site, '404.html'), (error) => error && res.end()));
	app.use(answerErrors);
	return app;
}

/** Put on last: the file server sets a policy of its own where it redirects. */
const setHeaders: RequestHandler = (_req, res, next) => {
	const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => typeof res;
	res.writeHead = (...args: unknown[]) => {
		res.set(securityHeaders);
		return writeHead(...args);
	};
	next();
};

/** No page has a backslash in its address. Browsers read one as a slash: what redirects there would lead to another host. */
function servePages(site: string): RequestHandler {
	const files = express.static(site, { dotfiles: 'ignore', etag: true, redirect: true, extensions: [] });
	return function servePages(req, res, next) {
		if (req.originalUrl.includes('\\')) next();
		else files(req, res, next);
	};
}

const noStore: RequestHandler = (_req, res, next) => {
	res.set('Cache-Control', 'no-store');
	next();
};

/** Before routing, for every request alike. */
function guard(accessPolicy: () => AccessPolicy): RequestHandler {
	return (req, res, next) => {
		const isWorker = req.headers['service-worker'] === 'script';
		const admission = admit({ method: req.method, target: req.originalUrl, rawHeaders: req.rawHeaders, upgrade: false }, accessPolicy());
		// The script of a worker that another program left behind is looked up here, at whatever path that had.
		if (isWorker && (admission.admitted || admission.status === 401)) return sendWorkerRemoval(res);
		if (admission.admitted) return next();
		res.status(admission.status).set('Cache-Control', 'no-store');
		if (admission.status === 401) res.json({ problems: [{ name: 'access.token-refused', slots: {} }] });
		else if (isApi(req.originalUrl)) res.json({ problems: [], reason: admission.reason });
		else res.type('text/plain').send(`${admission.reason}\n`);
	};
}

function sendWorkerRemoval(res: Response): void {
	res.set({ 'Cache-Control': 'no-store', 'Content-Type': 'text/javascript; charset=utf-8' }).send(workerRemoval);
}

/** A form of a foreign page can post text; it cannot post JSON without asking first, and asking is refused. */
const requireJson: RequestHandler = (req, res, next) => {
	const type = req.headers['content-type'] ?? '';
	const reading = req.method === 'GET' || req.method === 'HEAD';
	const json = /^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(type);
	if (reading || (json && req.headers['content-encoding'] === undefined)) return next();
	res.status(415).json({ problems: [] });
};

/** A key named `__proto__` is nobody's parameter. */
function refuseProto(key: string, value: unknown): unknown {
	if (key === '__proto__') throw new SyntaxError('The body has a key "__proto__".');
	return value;
}
