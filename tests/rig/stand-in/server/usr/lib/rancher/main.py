"""A stand-in for Rancher Server: starts as it does, says what it says, and serves the parts of its API that runbooks use."""
import os
import signal
import threading
import time

import catalog
from agents import follow_agents
from certificates import take_certificate
from cluster import join_cluster
from database import settings, table_exists
from migrate import MigrationFailed, migrate
from mysql import CouldNotStart, Mysql
from release import since
from say import log, say, say_error
from schema import import_schema
from web import serve

STARTED = time.monotonic()
# Every end of a real server, good or bad, is the end of its supervisor, which says 0.
END = 0


def elapsed():
    return int((time.monotonic() - STARTED) * 1000)


def fail(reason):
    log(f"Startup Failed [{elapsed()}ms]\n{reason}", level="ERROR")
    say_error(f"STARTUP FAILED [{elapsed()}] ms")


def start(mysql):
    take_certificate()
    if settings()["host"] == "":
        mysql.start()
        if not table_exists("account"):
            import_schema()
    tell_where()
    for name in sorted(name for name in os.environ if "CATTLE" in name and "PASS" not in name):
        say(f"{name}={os.environ[name]}")
    set_up_log()
    log("Loading configuration")
    migrate()
    join_cluster()
    # First from what is there, then from its address. Source: rancher/catalog-service, `cmd/root.go`, autoRefresh.
    catalog.refresh(update=False)
    catalog.refresh()
    serve()
    follow_agents()
    log(f"[DONE ] [{elapsed()}ms] Startup Succeeded, Listening on port 8081")


class NoLog(Exception):
    """The server ends while it sets up its log, before it can say anything in its own words."""


def set_up_log():
    """
    Encoders of logstash-logback-encoder 1.2 were made for logback 1.0, and logback 1.2.3 asks them for other methods.
    Sources: rancher/cattle f35e2ae39 ("Upgrade logback to 1.2.3"; v1.6.11 is the first release with it); rancher/rancher#10672, where leaving these variables out was the cure.
    What the real one prints there is not known.
    """
    if since("v1.6.11") and any(os.environ.get(f"CATTLE_LOGBACK_OUTPUT_LOGSTASH_{kind}") == "true" for kind in ("CONSOLE", "FILE", "SYSLOG")):
        raise NoLog


def tell_where():
    """The start script fills in what was not said, and lists it."""
    place = settings()
    os.environ["CATTLE_DB_CATTLE_MYSQL_HOST"] = place["host"] or "localhost"
    os.environ["CATTLE_DB_CATTLE_MYSQL_NAME"] = place["database"]
    os.environ["CATTLE_DB_CATTLE_USERNAME"] = place["user"]


def main():
    mysql = Mysql()
    stop = threading.Event()

    def end(*_):
        """
        The supervisor waits for nobody: at TERM (`docker stop`), and when one of its services has ended, it signals the others and is replaced at once by its finish
        program, which ends. With the first process of the container gone, the kernel kills what is left, the database too: a migration keeps its lock, and the
        database's log ends without "Shutdown complete".

        Source: skarnet/s6 v2.5.1.0 (the same from v2.1.3 to v2.9.2), `src/supervision/s6-svscan.c`: `term()` ends the loop, after which `main` runs `killthem()` and
        executes `.s6-svscan/finish`; rancher/rancher v1.6.30, `server/service/.s6-svscan/finish` (`/bin/true`), `server/build-image.sh` (s6-overlay 1.19.1.1).
        """
        os._exit(END)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        start(mysql)
    except (CouldNotStart, NoLog):
        end()
    except MigrationFailed as error:
        fail(str(error))
        end()
    except Exception as error:  # noqa: BLE001 a database that cannot be reached, above all
        fail(reason_of(error))
        end()
    while not stop.wait(0.2):
        # `mysqladmin shutdown` ends the database in good order, and with it the container, at code 0: a restart policy other than "no" and "on-failure" starts it again.
        # Source: rancher/rancher v1.6.30, `server/service/mysql/finish`: `s6-svscanctl -t /service`.
        if mysql.died():
            end()


def reason_of(error):
    number, text = (*error.args, "", "")[:2]
    if number == 1045:
        return f"java.sql.SQLException: {text}"
    if number == 3159:
        return f"java.sql.SQLException: {text}"
    if number == 2003 and any(words in str(text) for words in ("name resolution", "Name or service not known")):
        return f"java.net.UnknownHostException: {settings()['host']}"
    if number == 2003:
        return f"com.mysql.jdbc.exceptions.jdbc4.CommunicationsException: Communications link failure: {text}"
    return f"java.lang.RuntimeException: {error!r}"


if __name__ == "__main__":
    main()
