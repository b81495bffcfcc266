# SECONDS ARGV…: ends the program when the connection ends, or when its time is over here too. Its exit code stands at the end of the answer.
drover_seconds=$1
shift
exec 3<&0 < /dev/null
timeout -k 2 "$drover_seconds" "$@" & drover_p=$!
{ IFS= read -r -N 1 -u 3 drover_x; kill -KILL -- "-$drover_p"; } > /dev/null 2>&1 & drover_w=$!
wait "$drover_p"; drover_s=$?
kill "$drover_w" 2> /dev/null
printf '\0%d\n' "$drover_s"
