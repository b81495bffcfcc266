# PATH: what it is: "absent", "folder" and its entries, "file" and its end, "other", or "error" and why it cannot be told.
export LC_ALL=C
if ! t=$(stat -L -c %F -- "$1" 2>&1); then
	case $t in
		*'No such file'* | *'Not a directory'*) printf 'absent\0' ;;
		*) printf 'error\0%s\0' "$t" ;;
	esac
else
	case $t in
		directory)
			if [ -r "$1" ] && [ -x "$1" ]; then
				printf 'folder\0'
				shopt -s nullglob dotglob
				for f in "$1"/*; do printf '%s\0' "${f##*/}"; done
			else printf 'error\0%s: Permission denied\0' "$1"; fi ;;
		regular*)
			if [ -r "$1" ]; then
				printf 'file\0'
				tail -c 4096 -- "$1"
				printf '\0'
			else printf 'error\0%s: Permission denied\0' "$1"; fi ;;
		*) printf 'other\0' ;;
	esac
fi
printf '%d\n' 0
