#!/bin/sh
# One session of the benchmark: every server runs this program, and the reader names the work.
stty raw -echo
printf 'READY\n'
while IFS= read -r work; do
	case $work in
		'cat '*) cat "${work#cat }" ;;
		'last '*) exec cat "${work#last }" ;;
		echo) exec cat ;;
		flood) exec yes 0123456789abcdef0123456789abcdef0123456789abcdef ;;
	esac
done
