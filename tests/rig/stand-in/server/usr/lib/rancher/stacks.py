"""
Stacks and what can be done with them. A state that passes by itself is left after a time; state, time and what an upgrade replaced are in the database, so that
a server that was stopped in between goes on.

    active | canceled-upgrade --upgrade--> upgrading --> upgraded --finishupgrade--> finishing-upgrade --> active
    upgrading | finishing-upgrade --cancelupgrade--> canceling-upgrade --> canceled-upgrade
    upgrading | upgraded | canceled-upgrade --rollback--> rolling-back --> active

Source: rancher/cattle, process definitions of `stack`.
"""
import json
import time

from database import query
from knobs import names, seconds
from schema import stack_table

# Action: the states in which it is offered, the state that it leads to.
ACTIONS = {
    "upgrade": (("active", "canceled-upgrade"), "upgrading"),
    "finishupgrade": (("upgraded",), "finishing-upgrade"),
    "cancelupgrade": (("upgrading", "finishing-upgrade"), "canceling-upgrade"),
    "rollback": (("upgrading", "upgraded", "canceled-upgrade"), "rolling-back"),
}
# Where a state that passes by itself leads.
PASSING = {"upgrading": "upgraded", "finishing-upgrade": "active", "canceling-upgrade": "canceled-upgrade", "rolling-back": "active"}


class NotAvailable(Exception):
    pass


def find(project, identity):
    rows = query(f"SELECT * FROM {stack_table()} WHERE id = %s AND account_id = %s AND removed IS NULL", (identity, project))
    return rows[0] if rows else None


def listed(project, filters):
    rows = query(f"SELECT * FROM {stack_table()} WHERE account_id = %s AND removed IS NULL ORDER BY id", (project,))
    return [row for row in rows if all(matches(row, name, value) for name, value in filters.items())]


def matches(row, name, value):
    if name == "system":
        return is_system(row) == (value == "true")
    if name in ("name", "state"):
        return row[name] == value
    if name == "externalId":
        return row["external_id"] == value
    return True


def is_system(row):
    system = row.get("system")
    return system in (1, b"\x01", True)


def fields_of(row):
    return json.loads(row["data"] or "{}").get("fields", {})


def resource(row, base):
    project = f"{base}/projects/1a{row['account_id']}"
    identity = f"1st{row['id']}"
    here = f"{project}/stacks/{identity}"
    fields = fields_of(row)
    passing = row["state"] in PASSING
    failing = row["state"] == "upgrading" and row["name"] in names("failing_stacks")
    offered = [name for name, (states, _) in ACTIONS.items() if row["state"] in states]
    return {
        "id": identity,
        "type": "stack",
        "links": {"self": here, "account": project, "services": f"{here}/services", "composeConfig": f"{here}/composeconfig"},
        "actions": {name: f"{here}/?action={name}" for name in offered + ["remove"]},
        "baseType": "stack",
        "name": row["name"],
        "state": row["state"],
        "accountId": f"1a{row['account_id']}",
        "created": row["created"].strftime("%Y-%m-%dT%H:%M:%SZ") if row["created"] else None,
        "description": row["description"],
        "dockerCompose": fields.get("dockerCompose"),
        "environment": fields.get("environment"),
        "externalId": row["external_id"],
        "group": None,
        "healthState": row["health_state"],
        "kind": row["kind"] or "stack",
        "previousEnvironment": fields.get("previousEnvironment"),
        "previousExternalId": fields.get("previousExternalId"),
        "rancherCompose": fields.get("rancherCompose"),
        "removed": None,
        "system": is_system(row),
        "transitioning": "error" if failing else "yes" if passing else "no",
        "transitioningMessage": "Image [registry.example/rancher/net] failed to pull" if failing else "In Progress" if passing else None,
        "uuid": row["uuid"],
    }


def act(row, action, body):
    """Raises NotAvailable when the stack is in another state, also when somebody else was quicker."""
    states, target = ACTIONS[action]
    if row["state"] not in states:
        raise NotAvailable
    fields, external = fields_of(row), row["external_id"]
    if action == "upgrade":
        if row["state"] == "active":
            fields["previousExternalId"], fields["previousEnvironment"] = external, fields.get("environment")
        external = body.get("externalId", external)
        fields.update({name: body.get(name) for name in ("dockerCompose", "rancherCompose", "environment")})
    if action == "rollback":
        external = fields.pop("previousExternalId", None) or external
        fields["environment"] = fields.pop("previousEnvironment", None)
    if action == "finishupgrade":
        fields.pop("previousExternalId", None)
        fields.pop("previousEnvironment", None)
    fields["rigUntil"] = time.time() + seconds("transition_seconds")
    query(
        f"UPDATE {stack_table()} SET state = %s, health_state = %s, external_id = %s, data = %s WHERE id = %s AND state = %s",
        (target, "initializing", external, json.dumps({"fields": fields}, ensure_ascii=False), row["id"], row["state"]),
    )
    if query("SELECT ROW_COUNT() AS n")[0]["n"] != 1:
        raise NotAvailable


def pass_on():
    """Moves every stack on whose time has come."""
    marks = ", ".join(["%s"] * len(PASSING))
    for row in query(f"SELECT * FROM {stack_table()} WHERE state IN ({marks}) AND removed IS NULL", tuple(PASSING)):
        fields = fields_of(row)
        if time.time() < fields.get("rigUntil", 0) or (row["state"] == "upgrading" and row["name"] in names("stuck_stacks") + names("failing_stacks")):
            continue
        fields.pop("rigUntil", None)
        new = row["state"] in ("upgrading", "finishing-upgrade")
        health = "unhealthy" if new and row["name"] in names("unhealthy_stacks") else "healthy"
        query(
            f"UPDATE {stack_table()} SET state = %s, health_state = %s, data = %s WHERE id = %s AND state = %s",
            (PASSING[row["state"]], health, json.dumps({"fields": fields}, ensure_ascii=False), row["id"], row["state"]),
        )
