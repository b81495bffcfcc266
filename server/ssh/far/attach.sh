# RUN BYTE: passes on what a run prints from a byte on, until it has ended, and to it what comes by the standard input.
exec 3<&0
set -- "$2" $(read_first "$f/keeper")
tail -c "+$1" -f -s 0.2 --pid="${2:-1}" "$f/out" 2> /dev/null & t=$!
# At the end of the input nobody is there any more.
{ cat <&3 1<> "$f/in"; kill "$t"; } > /dev/null 2>&1 & c=$!
wait "$t"
exec 3<&-
for p in $(cat "/proc/$c/task/$c/children" 2> /dev/null); do kill "$p"; done 2> /dev/null
kill "$c" 2> /dev/null
