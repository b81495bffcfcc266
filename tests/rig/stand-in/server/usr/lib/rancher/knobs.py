"""
What a test can turn: a variable `RIG_…` of the container, else a row of the table `rig` in the server's database (name as below, created by whoever needs it),
else the value below. Times are seconds.
"""
import os

from database import query, table_exists

KNOBS = {
    # How long the whole migration takes, if there is anything to migrate.
    "migration_seconds": "0.3",
    # A change set file, `core-123`, that fails.
    "fail_at": "",
    # How long a server waits for the lock of another before it gives up: of the first wait of a container, the second, …
    "lock_seconds": "5,30",
    # How long a stack is in a state that passes by itself: upgrading, finishing-upgrade, …
    "transition_seconds": "1",
    # How long after a start the first pings have failed, and how long agents take from then until they are back with the image that belongs to the server.
    "ping_seconds": "1",
    "agent_seconds": "1",
    # Names of hosts, with commas between, that do not come back.
    "lost_hosts": "",
    # Names of stacks, with commas between, that do not become healthy after an upgrade, or never get further than "upgrading".
    "unhealthy_stacks": "",
    "stuck_stacks": "",
    # Those that report an error meanwhile, as when an image cannot be pulled.
    "failing_stacks": "",
    # Whether the address of the catalog answers.
    "catalog_reachable": "true",
}


def knob(name):
    value = os.environ.get("RIG_" + name.upper())
    if value is None and table_exists("rig"):
        rows = query("SELECT value FROM rig WHERE name = %s", (name,))
        value = rows[0]["value"] if rows else None
    return KNOBS[name] if value is None else value


def seconds(name):
    return float(knob(name))


def flag(name):
    return knob(name) == "true"


def names(name):
    return [one for one in knob(name).split(",") if one]
