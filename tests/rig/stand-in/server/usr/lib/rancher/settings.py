"""
Settings, in the order in which their layers win: `CATTLE_…` variables, the database, `DEFAULT_CATTLE_…` variables, what the program was delivered with.

Source: rancher/cattle, `ConfigConfig.java`, `SettingManager.java`, `ActiveSetting.java`.
"""
import os

from database import query
from release import RELEASE, since

DELIVERED = {
    "agent.image": "rancher/agent",
    "api.auth.ldap.tls": "false",
    "api.host": "",
    "api.proxy.mode": "embedded",
    "api.security.enabled": "false",
    "bootstrap.required.image": f"rancher/agent:{RELEASE['agent']}",
    "catalog.refresh.interval.seconds": "300",
    "events.purge.after.seconds": "43200" if since("v1.6.0") else "1209600",
    "lb.instance.image": f"rancher/{RELEASE['balancer']}",
    "process_instance.purge.after.seconds": "3600" if since("v1.6.0") else "86400",
    "registry.default": "",
    "registry.whitelist": "",
    "secrets.backend": "localkey",
    "supported.docker.range": "~v1.12.3 || ~v1.13 || ~v17.03.0 || ~v17.06.0 || ~v17.09.0 || ~v17.12.0 || ~v18.03.0 || ~v18.06.0 || ~v18.09.0 || ~v19.03.2",
    **({"upgrade.manager": "mandatory"} if since("v1.6.1") else {}),
}


def from_environment(prefix, name):
    return os.environ.get(prefix + name.upper().replace(".", "_"))


def row_of(name):
    rows = query("SELECT id, name, value FROM setting WHERE name = %s ORDER BY id LIMIT 1", (name,))
    return rows[0] if rows else None


def layer_of(name, row):
    """The value that wins and the layer it comes from."""
    forced = from_environment("CATTLE_", name)
    if forced is not None:
        return forced, "Environment Variables"
    if row is not None:
        return row["value"], "Database"
    suggested = from_environment("DEFAULT_CATTLE_", name)
    if suggested is not None:
        return suggested, "Default Environment Variables"
    return (DELIVERED[name], "Code Packaged Defaults") if name in DELIVERED else (None, None)


def value_of(name):
    return layer_of(name, row_of(name))[0]


def resource(name, base):
    row = row_of(name)
    active, source = layer_of(name, row)
    identity = f"1as!{name}" if row is None else f"1s{row['id']}"
    return {
        "id": identity,
        "type": "activeSetting",
        "links": {"self": f"{base}/activesettings/{identity}"},
        "actions": {},
        "baseType": "activeSetting",
        "name": name,
        "activeValue": active,
        "inDb": row is not None,
        "source": source,
        "value": active if row is None else row["value"],
    }


def all_names():
    forced = [key[len("CATTLE_"):].lower().replace("_", ".") for key in os.environ if key.startswith("CATTLE_")]
    return sorted({*DELIVERED, *forced, *(row["name"] for row in query("SELECT name FROM setting"))})


def name_of(identity):
    """A setting is asked for by its name, or by an id that it was shown with."""
    if identity.startswith("1as!"):
        return identity[len("1as!"):]
    if identity.startswith("1s") and identity[2:].isdigit():
        rows = query("SELECT name FROM setting WHERE id = %s", (identity[2:],))
        return rows[0]["name"] if rows else identity
    return identity


def put(name, value):
    if row_of(name) is None:
        query("INSERT INTO setting (name, value) VALUES (%s, %s)", (name, value))
    else:
        query("UPDATE setting SET value = %s WHERE name = %s", (value, name))


def delete(name):
    """Returns whether there was anything to delete."""
    was = row_of(name) is not None
    query("DELETE FROM setting WHERE name = %s", (name,))
    return was
