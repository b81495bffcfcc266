# RUN SIGNAL: sends INT (to the foreground of its terminal), TERM or KILL to what a run started, or 0 to nobody. Answers a line for each process: "sent", "refused" or "left", its number and name.
run=$1 signal=$2
leader= group=
set -- $(read_first "$f/leader")
if [ $# -eq 2 ] && is_alive "$1" "$2"; then
	leader=$1
	s=$(cat "/proc/$leader/stat")
	s=${s##*) }
	set -- $s
	group=$6
fi
name_of() {
	local s
	s=$(cat "/proc/$1/stat" 2> /dev/null) || return 1
	s=${s#*(}
	printf '%s' "${s%)*}"
}
is_marked() {
	local v
	while IFS= read -r -d '' v; do [ "$v" != "DROVER_FAR_RUN=$run" ] || return 0; done < "/proc/$1/environ"
	return 1
}
members() {
	local p s
	for p in /proc/[0-9]*; do
		p=${p#/proc/}
		[ "$p" != "$leader" ] || continue
		IFS= read -r s < "/proc/$p/stat" || continue
		s=${s##*) }
		set -- $s
		case $1 in Z | X | '') continue ;; esac
		if [ -n "$leader" ] && [ "$4" = "$leader" ]; then
			[ "$signal" = INT ] && [ "$3" != "$group" ] || echo "$p"
		elif [ "$signal" = INT ] && [ -n "$leader" ]; then continue
		elif is_marked "$p"; then echo "$p"; fi
	done 2> /dev/null
}
for p in $(members); do
	n=$(name_of "$p") || continue
	if [ "$signal" = 0 ]; then printf 'left %s %s\n' "$p" "$n"
	elif kill "-$signal" "$p" 2> /dev/null; then printf 'sent %s %s\n' "$p" "$n"
	elif [ -d "/proc/$p" ]; then printf 'refused %s %s\n' "$p" "$n"; fi
done
printf '\0%d\n' 0
