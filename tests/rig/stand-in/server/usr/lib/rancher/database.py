"""The server's database, inside or outside of the container."""
import os
import re
import threading

import pymysql

from certificates import PLACE

_local = threading.local()


def settings():
    """Where the database is; the host is empty when it is inside."""
    env = os.environ
    host = env.get("CATTLE_DB_CATTLE_MYSQL_HOST") or env.get("MYSQL_PORT_3306_TCP_ADDR") or ""
    return {
        "host": "" if host == "localhost" else host,
        "port": int(env.get("CATTLE_DB_CATTLE_MYSQL_PORT") or env.get("MYSQL_PORT_3306_TCP_PORT") or "3306"),
        "user": env.get("CATTLE_DB_CATTLE_USERNAME") or "cattle",
        "password": env.get("CATTLE_DB_CATTLE_PASSWORD") or "cattle",
        "database": env.get("CATTLE_DB_CATTLE_MYSQL_NAME") or "cattle",
    }


def address(name="CATTLE_DB_CATTLE_MYSQL_URL"):
    """A JDBC address that somebody gave, with its options by lower-case name; nothing of it when there is none."""
    match = re.match(r"jdbc:(?:mysql|mariadb)://([^:/?]+)(?::(\d+))?(?:/([^?]*))?(?:\?(.*))?$", os.environ.get(name) or "")
    if match is None:
        return {}, {}
    host, port, database, rest = match.groups()
    place = {"host": host, "port": int(port or "3306"), "database": database or "cattle"}
    return place, {key.lower(): value for key, _, value in (pair.partition("=") for pair in (rest or "").split("&"))}


def trust(options):
    """
    What a connection by TLS trusts. Without `useSSL=true` there is no TLS, and a database that insists on it refuses the server as it refuses any other client.
    Sources: rancher/cattle v0.183.83, `code/meta-parent/pom.xml` (MariaDB Connector/J 1.5.8: useSSL is off unless it is asked for); rancher/rancher v1.6.30,
    `server/bin/update-rancher-ssl` (the reader's authority goes into the key store of Java); rancher/rancher#4199 and the page "Using TLS with MySQL" of Rancher 1.6.
    """
    if options.get("usessl") != "true":
        return {}
    if options.get("trustservercertificate") == "true":
        return {"ssl": {"check_hostname": False, "verify_mode": "none"}}
    file = options.get("serversslcert") or PLACE
    return {"ssl": {"ca": file if os.path.isfile(file) else "/etc/ssl/certs/ca-certificates.crt", "check_hostname": False, "verify_mode": "required"}}


def connect():
    given, options = address()
    place = {**settings(), **given}
    if place["host"] == "":
        place["host"] = "127.0.0.1"
    # As text it would be sent in Latin-1.
    place["password"] = place["password"].encode()
    return pymysql.connect(**place, charset="utf8mb4", autocommit=True, connect_timeout=5, cursorclass=pymysql.cursors.DictCursor, **trust(options))


def query(statement, values=None):
    """Runs a statement and returns its rows. A connection that was lost is made again, once."""
    for attempt in (1, 2):
        if getattr(_local, "connection", None) is None:
            _local.connection = connect()
        try:
            with _local.connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall())
        except (pymysql.err.OperationalError, pymysql.err.InterfaceError) as error:
            lost = isinstance(error, pymysql.err.InterfaceError) or error.args[0] in (2006, 2013)
            if not lost or attempt == 2:
                raise
            _local.connection = None


def insert(statement, values=None):
    """Runs an INSERT and returns the new row's id."""
    query(statement, values)
    return query("SELECT LAST_INSERT_ID() AS id")[0]["id"]


def table_exists(name):
    return bool(query("SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s", (name,)))
