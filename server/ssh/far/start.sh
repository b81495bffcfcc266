# RUN COLUMNS ROWS LEADER: starts a program apart from the connection; its words come by the standard input, each ended by NUL. Answers "started terminal", "started pipes" where there is
# no "script", "there" where the run was begun before, or "no-folder PATH".
argv=()
while IFS= read -r -d "" w; do argv+=("$w"); done
own_umask=$(umask)
umask 077
answer() { printf '%s\0%d\n' "$1" 0; exit 0; }
mkdir -p "$drover_base" || answer "no-folder $drover_base"
mkdir "$f" 2> /dev/null || { [ -d "$f" ] && answer there; answer "no-folder $f"; }
cat /proc/sys/kernel/random/boot_id > "$f/boot" && : > "$f/out" && mkfifo "$f/in" || answer "no-folder $f"
# Written in place later: a full disk takes no evidence away.
for n in end.part code leader tty mode keeper; do printf '%-100s\n' '' > "$f/$n" || answer "no-folder $f"; done
run=$1 columns=$2 rows=$3 leader=$4
set -m
(
	trap '' HUP
	read -r up _ < /proc/uptime
	exec 9< <(printf '%s\0' "${argv[@]}")
	if command -v script > /dev/null; then
		put terminal "$f/mode"
		total=$(DROVER_SHELL=${SHELL-} SHELL=$BASH DROVER_FAR=$f DROVER_NAME=$run DROVER_ROWS=$rows DROVER_COLUMNS=$columns DROVER_UMASK=$own_umask script -q -f -c "$leader" /dev/null <> "$f/in" 2>&1 | tee -a "$f/out" 2> /dev/null | wc -c)
	fi
	set -- $(read_first "$f/leader")
	if [ $# -eq 0 ]; then
		put pipes "$f/mode"
		argv=()
		while IFS= read -r -d "" w <&9; do argv+=("$w"); done
		exec 9<&-
		total=$(
			{
				umask "$own_umask"
				DROVER_FAR_RUN=$run "${argv[@]}" < /dev/null
				put "$?" "$f/code"
			} 2>&1 | tee -a "$f/out" 2> /dev/null | wc -c
		)
	else
		# The terminal can end before its program does.
		while [ -z "$(read_first "$f/code")" ] && is_alive "$1" "$2"; do sleep 1; done
	fi
	code=$(read_first "$f/code")
	read -r now _ < /proc/uptime
	up=${up/./} now=${now/./}
	if [ -n "$code" ]; then
		put "$code $(((10#$now - 10#$up) * 10)) $total" "$f/end.part"
		until mv "$f/end.part" "$f/end"; do
			[ -d "$f" ] || break
			sleep 1
		done
	fi
) < /dev/null > /dev/null 2>&1 &
k=$!
put "$k $(start_of "$k")" "$f/keeper"
for ((i = 0; i < 100; i++)); do
	case $(read_first "$f/mode") in
		pipes) break ;;
		terminal) [ -z "$(read_first "$f/leader")" ] || break ;;
	esac
	sleep 0.05
done
answer "started $(read_first "$f/mode")"
