"""What Liquibase does at the start of every server: takes the lock, applies what is not applied yet, lets the lock go."""
import datetime
import os
import socket
import time

import pymysql

from database import address, query
from knobs import knob, seconds
from release import RELEASE
from say import log
from schema import CHANGE_LOG, CHANGE_LOG_LOCK, FIRST, change_sets, create, import_schema, is_empty

LOG = "DATABASECHANGELOG"
LOCK = "DATABASECHANGELOGLOCK"
AUTHOR = "rancher (generated)"
# The file system of a container outlives its restarts: the n-th wait of a container may be longer than the first.
WAITS = "/var/run/lock-waits"


class MigrationFailed(Exception):
    pass


class CutOff(MigrationFailed):
    """The connection is gone, and with it the way to let the lock go."""


def migrate():
    """Raises MigrationFailed with the lines for the log."""
    if os.environ.get("CATTLE_DB_RELEASE_CHANGE_LOCK") == "true":
        release_by_force()
    log("Starting DB migration")
    create(LOCK, CHANGE_LOG_LOCK)
    create(LOG, CHANGE_LOG)
    query(f"INSERT IGNORE INTO {LOCK} (ID, LOCKED) VALUES (1, 0)")
    take_lock()
    try:
        apply_pending()
    except CutOff:
        raise
    except BaseException:
        let_go()
        raise
    let_go()
    log("DB migration done")


def let_go():
    query(f"UPDATE {LOCK} SET LOCKED = 0, LOCKGRANTED = NULL, LOCKEDBY = NULL WHERE ID = 1")


def patience():
    """
    How long a change set may take, in seconds; None without a limit, as by default.
    Source: rancher/cattle v0.183.83, `resources/content/cattle-global.properties`, db.liquibase.mysql.url, which has no socketTimeout (1e46fd048, "Don't timeout on DB migrations"; rancher/rancher#3949).
    """
    _, options = address("CATTLE_DB_LIQUIBASE_MYSQL_URL")
    return int(options.get("sockettimeout") or 0) / 1000 or None


def release_by_force():
    try:
        query(f"DELETE FROM {LOCK}")
    except pymysql.err.Error:
        # A database that is empty yet has no such table.
        pass


def take_lock():
    wait = next_wait()
    give_up = time.monotonic() + wait
    while query_count(f"UPDATE {LOCK} SET LOCKED = 1, LOCKGRANTED = NOW(), LOCKEDBY = %s WHERE ID = 1 AND LOCKED = 0", (own_name(),)) == 0:
        log("Waiting for changelog lock....", name="liquibase")
        if time.monotonic() >= give_up:
            raise MigrationFailed("liquibase.exception.LockException: Could not acquire change log lock.  Currently locked by " + holder())
        time.sleep(min(1.0, max(0.05, give_up - time.monotonic())))


def next_wait():
    count = 0
    if os.path.exists(WAITS):
        with open(WAITS, encoding="ascii") as file:
            count = int(file.read())
    with open(WAITS, "w", encoding="ascii") as file:
        file.write(str(count + 1))
    waits = [float(one) for one in knob("lock_seconds").split(",")]
    return waits[min(count, len(waits) - 1)]


def query_count(statement, values):
    query(statement, values)
    return query("SELECT ROW_COUNT() AS n")[0]["n"]


def own_name():
    host = socket.gethostname()
    return f"{host} ({socket.gethostbyname(host)})"


def holder():
    row = query(f"SELECT LOCKEDBY, LOCKGRANTED FROM {LOCK} WHERE ID = 1")[0]
    granted = row["LOCKGRANTED"] or datetime.datetime.now()
    return f"{row['LOCKEDBY']} since {granted.strftime('%-m/%-d/%y %-I:%M %p')}"


def apply_pending():
    if is_empty():
        import_schema()
    done = {(row["FILENAME"], row["ID"]) for row in query(f"SELECT FILENAME, ID FROM {LOG}")}
    files = [0] if not done else []
    files += range(FIRST + 1, RELEASE["schema"] + 1)
    pending = [(file, number, statement) for file in files for number, statement in enumerate(sets_of(file), 1) if (name_of(file), f"dump{number}") not in done]
    pause = seconds("migration_seconds") / max(1, len(pending))
    fail_at = knob("fail_at")
    for file, number, statement in pending:
        apply(file, number, statement, fail_at == f"core-{file:03d}", pause)


def sets_of(file):
    """File 0 stands for everything up to the first one: its tables are there."""
    return [""] if file == 0 else change_sets(file)


def name_of(file):
    return f"db/core-{file or FIRST:03d}.xml"


def apply(file, number, statement, fails, pause):
    """The change is made, and only some time later noted: whoever is interrupted in between has made it without a note."""
    try:
        if fails:
            raise pymysql.err.InternalError(1005, "Can't create table (errno: 150)")
        if statement:
            query(statement)
    except pymysql.err.Error as error:
        reason = f"     Reason: liquibase.exception.DatabaseException: {error.args[-1]} [Failed SQL: {statement}]"
        raise MigrationFailed(f"liquibase.exception.MigrationFailedException: Migration failed for change set {name_of(file)}::dump{number}::{AUTHOR}:\n{reason}") from error
    limit = patience()
    if limit is not None and limit < pause:
        time.sleep(limit)
        reason = "     Reason: liquibase.exception.DatabaseException: Could not read resultset: Read timed out"
        raise CutOff(f"liquibase.exception.MigrationFailedException: Migration failed for change set {name_of(file)}::dump{number}::{AUTHOR}:\n{reason}")
    time.sleep(pause)
    order = query(f"SELECT COUNT(*) + 1 AS n FROM {LOG}")[0]["n"]
    query(
        f"INSERT INTO {LOG} (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, EXECTYPE, LIQUIBASE) VALUES (%s, %s, %s, NOW(), %s, 'EXECUTED', '3.1.0')",
        (f"dump{number}", AUTHOR, name_of(file), order),
    )
