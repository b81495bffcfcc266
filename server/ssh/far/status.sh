# RUN [claim]: the size of what is kept of its output, and how it stands: "absent", "rebooted", "ended CODE MILLISECONDS BYTES", "running MODE", "dead". With "claim" an absent run cannot be
# begun any more.
say() { printf '%s %s\0%d\n' "$(stat -c %s "$f/out" 2> /dev/null || echo 0)" "$1" 0; exit 0; }
[ "${2-}" != claim ] || { mkdir -p "$drover_base" && mkdir -m 700 "$f" 2> /dev/null && say absent; }
[ -e "$f/boot" ] || say absent
[ ! -e "$f/end" ] || say "ended $(read_first "$f/end")"
[ "$(cat "$f/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ] || say rebooted
set -- $(read_first "$f/keeper")
# Before its number is written down its beginning is still under way.
[ $# -eq 2 ] && ! is_alive "$1" "$2" || say "running $(read_first "$f/mode")"
[ ! -e "$f/end" ] || say "ended $(read_first "$f/end")"
say dead
