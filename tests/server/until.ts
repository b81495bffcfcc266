/** Resolves when something outside our own processes has come about; there is no event to wait for. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
	const deadline = Date.now() + 30_000;
	while (!isSo()) {
		if (Date.now() > deadline) throw new Error(`Cannot see ${what} after half a minute.`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
