# Runs inside of the terminal: the session leader, which starts the program, waits for it and writes down its exit code. Descriptor 9 has the words of the command.
f=$DROVER_FAR
code_file=$f/code
stty sane rows "$DROVER_ROWS" cols "$DROVER_COLUMNS" 2> /dev/null
tty 1<> "$f/tty"
s=$(cat "/proc/$$/stat")
s=${s##*) }
set -- $s
echo "$$ ${20}" 1<> "$f/leader"
argv=()
while IFS= read -r -d "" w <&9; do argv+=("$w"); done
exec 9<&-
umask "$DROVER_UMASK"
export DROVER_FAR_RUN=$DROVER_NAME TERM=xterm-256color SHELL=$DROVER_SHELL
unset DROVER_FAR DROVER_NAME DROVER_ROWS DROVER_COLUMNS DROVER_UMASK DROVER_SHELL f s w
# What is meant for the program's group reaches this shell too, and must not end it. In the program it is the default again.
trap : HUP INT QUIT TERM
"${argv[@]}"
code=$?
trap '' HUP INT QUIT TERM
echo "$code" 1<> "$code_file"
