# URL HOST PORT PATH SECONDS: GET without following redirects, by curl, else by bash, else (https) by wget. User and password come as variables. Answers the page as it came, then each
# between NULs the program, its exit code and its words.
exec 4>&1
auth=${DROVER_USER:+$DROVER_USER:$DROVER_PASSWORD}
case $1 in http://*) plain=yes ;; *) plain= ;; esac
if command -v curl > /dev/null; then
	by=curl
	config=${auth//\\/\\\\}
	config=${config//\"/\\\"}
	said=$(printf '%s' "${auth:+user = \"$config\"}" | curl -q -sS -g -i --http1.1 --noproxy '*' --max-time "$5" -K - -- "$1" 2>&1 >&4)
	code=$?
	# Its words do not say why it could not connect; the system's do.
	[ "$code" != 7 ] || said=$(timeout "$5" bash --norc -c ': 5<> "/dev/tcp/$0/$1"' "$2" "$3" 2>&1)
elif [ -n "$plain" ]; then
	by=bash
	said=$(
		exec 2>&1
		exec 5<> "/dev/tcp/$2/$3" || exit 7
		printf 'GET %s HTTP/1.0\r\nHost: %s:%s\r\n' "$4" "$2" "$3" >&5
		[ -z "$auth" ] || printf 'Authorization: Basic %s\r\n' "$(printf '%s' "$auth" | base64 -w 0)" >&5
		printf 'Connection: close\r\n\r\n' >&5
		timeout "$5" cat <&5 >&4
	)
	code=$?
elif command -v wget > /dev/null && [ -z "$auth" ]; then
	by=wget
	said=$(wget -q -O - --save-headers --max-redirect=0 --no-proxy --tries=1 -T "$5" -- "$1" 2>&1 >&4)
	code=$?
else
	by=none code=127 said='curl: command not found'
fi
printf '\0%s\0%d\0%s\0%d\n' "$by" "$code" "$said" 0
