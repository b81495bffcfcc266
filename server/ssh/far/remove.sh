# RUN: removes the folder of a run that has ended. Answers "removed", "running" or "left PATH".
answer() { printf '%s\0%d\n' "$1" 0; exit 0; }
[ -d "$f" ] || answer removed
set -- $(read_first "$f/keeper")
[ $# -eq 2 ] && is_alive "$1" "$2" && answer running
rm -rf "$f"
[ ! -e "$f" ] || answer "left $f"
rmdir "$drover_base" "${drover_base%/*}" 2> /dev/null
answer removed
