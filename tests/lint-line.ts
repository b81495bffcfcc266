/** A line of lint errors, as `file:line  message. Advice.`: matches wherever in its line it stands, and whatever reason comes between message and advice. */
export function lintLine(line: string): RegExp {
	const [place = '', text = ''] = line.split(/ {2}(.*)/s);
	const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`(?:^|\\n)\\S*${literal(place)}:\\d+ {2}${text.split('. ').map(literal).join('\\. (?:[^.]+\\. )?')}`);
}
