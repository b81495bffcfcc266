/** Where thrown errors become answers: the one place that knows status codes. */
import type { ErrorRequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import { $ZodError } from 'zod/v4/core';
import { kindOf, problem, Refusal, type Problem, type ProblemKind } from '../src/runbook/problem.ts';
import { log } from './log.ts';
import { StateError } from './state/state-error.ts';

const statuses: Readonly<Record<ProblemKind, number>> = { absent: 404, conflict: 409, machine: 503, access: 401, request: 400 };

const statusOf = (name: string): number => statuses[kindOf(name)];

export function sendProblems(res: Response, problems: readonly Problem[], more: Readonly<Record<string, unknown>> = {}): void {
	const status = problems[0] ? statusOf(problems[0].name) : 500;
	res.status(status).json({ problems, ...more });
}

/** Last handler of the app. */
export const answerErrors: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
	if (res.headersSent) {
		res.destroy();
		return;
	}
	if (error instanceof Refusal) return sendProblems(res, error.problems);
	if (error instanceof StateError) return sendProblems(res, [{ name: error.problem, slots: error.slots }]);
	if (error instanceof ZodError || error instanceof $ZodError) {
		const detail = error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`).join('; ');
		return sendProblems(res, [problem('request.invalid', { detail: detail.slice(0, 500) })]);
	}
	const status = clientStatus(error);
	if (status !== undefined) {
		res.status(status).json({ problems: [problem('request.invalid', { detail: `HTTP ${status}` })] });
		return;
	}
	log('error', { message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
	res.status(500).json({ problems: [problem('request.failed', {})] });
};

/** The status that body parsing and static files chose for a client's mistake. A path that cannot be is simply not there. */
function clientStatus(error: unknown): number | undefined {
	if (error instanceof URIError) return 404;
	if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
	if (error.status < 400 || error.status > 499) return undefined;
	return 'type' in error ? error.status : 404;
}
