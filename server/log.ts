/** One JSON object a line on stderr: nothing that stands in a value can look like another line or act on a terminal. */
export function log(level: 'info' | 'error', fields: Readonly<Record<string, string | number>>): void {
	process.stderr.write(`${escapeControls(JSON.stringify({ at: new Date().toISOString(), level, ...fields }))}\n`);
}

/** JSON escapes C0 itself; DEL, C1, bidirectional marks and separators act on terminals as well. */
export function escapeControls(text: string): string {
	return text.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (char) => char.split('').map(escapeUnit).join(''));
}

function escapeUnit(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
