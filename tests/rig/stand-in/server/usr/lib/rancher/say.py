"""What `docker logs` shows: lines of the shell scripts as they are, lines of the Java program with their usual head."""
import datetime
import sys


def say(line):
    print(line, flush=True)


def say_error(line):
    print(line, file=sys.stderr, flush=True)


def log(line, level="INFO ", name="ConsoleStatus"):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    say(f"{now} {level} [main] [{name}] {line}")
