# The folder of a run here: $1 is its name.
drover_base=${XDG_STATE_HOME:-$HOME/.local/state}/drover/far
f=$drover_base/$1
# When a process began, in ticks since the boot: nothing for one that is gone.
start_of() {
	local s
	s=$(cat "/proc/$1/stat" 2> /dev/null) || return 1
	s=${s##*) }
	set -- $s
	[ "$1" != Z ] && echo "${20}"
}
is_alive() { [ -n "$1" ] && [ "$(start_of "$1")" = "$2" ]; }
# What was written into a file that was made full of spaces, so that it has its room on the disk.
read_first() {
	local l=
	[ ! -e "$1" ] || IFS= read -r l < "$1"
	printf %s "${l%"${l##*[! ]}"}"
}
# Writes into such a file, in place. A function, because bash 5.2 forgets the 1 of "1<>" inside of a command substitution.
put() { echo "$1" 1<> "$2"; }
