import { answerPolicy } from '../../src/policy.ts';

/** Headers of every answer, errors among them. */
export const securityHeaders: Readonly<Record<string, string>> = {
	'Content-Security-Policy': answerPolicy,
	'X-Frame-Options': 'DENY',
	'X-Content-Type-Options': 'nosniff',
	'Referrer-Policy': 'no-referrer',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Resource-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};
