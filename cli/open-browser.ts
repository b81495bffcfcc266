/** Whether there is a browser to open: over SSH there is none, nor without a display. */
export function hasBrowser(env: NodeJS.ProcessEnv): boolean {
	if (env['SSH_CONNECTION'] !== undefined || env['CI'] !== undefined) return false;
	return process.platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/** Opens a file or an address without a code: every user of the machine can read what a program was started with. */
export async function openBrowser(target: string): Promise<void> {
	const { default: open } = await import('open');
	await open(target).then((child) => child.on('error', () => undefined), () => undefined);
}
