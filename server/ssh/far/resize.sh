# RUN COLUMNS ROWS
t=$(read_first "$f/tty")
[ -z "$t" ] || stty -F "$t" rows "$3" cols "$2"
printf '\0%d\n' 0
