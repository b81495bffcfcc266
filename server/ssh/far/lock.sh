# SESSION WHO: takes this machine for the changes of a session. Answers "taken", or "other", who has it and since when. One place for every user; gone with the next boot at the latest.
lock=/tmp/drover-session.lock
umask 022
set -C
printf '%s\n' "$1" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" 2> /dev/null > "$lock"
s= w= a=
if [ -f "$lock" ] && [ ! -L "$lock" ]; then { IFS= read -r s && IFS= read -r w && IFS= read -r a; } < "$lock"; fi
if [ "$s" = "$1" ]; then printf 'taken\0%d\n' 0; else printf 'other\n%s\n%s\0%d\n' "$w" "$a" 0; fi
