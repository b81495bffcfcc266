"""
Agents of hosts and of containers after a start of the server. What the database says of a host is what the server before wrote, until pings have failed; then the agent is connecting
anew, and once it has replaced itself it reports its own image as a label of its host. Containers with an agent come and go with their accounts.

Source: rancher/cattle v0.183.83, PingMonitorImpl.java with agent.ping.reconnect.after.failed.count=6 and a schedule of 5 s (at least 30 s, here a second); AgentCreate.java:97-131,
AgentRemove.java:50-65 (accounts "agentAccount<id>" of kind "agent").
"""
import threading
import time

import pymysql

from database import query
from knobs import names, seconds
from release import RELEASE
from say import say

LABEL = "io.rancher.host.agent_image"


def follow_agents():
    threading.Thread(target=_follow, daemon=True).start()


def _follow():
    try:
        _move_container()
        time.sleep(seconds("ping_seconds"))
        query("UPDATE agent JOIN host ON host.agent_id = agent.id SET agent.state = 'reconnecting' WHERE host.removed IS NULL")
        time.sleep(seconds("agent_seconds"))
        for host in query("SELECT id, name, agent_id, data FROM host WHERE removed IS NULL"):
            if host["name"] not in names("lost_hosts"):
                _come_back(host)
        # Rancher says nothing of it: for tests that begin when all is quiet.
        say("rig: agents are back")
    except pymysql.err.Error:
        # The database is away: so is the server.
        return


def _move_container():
    """A balancer is put on another host: its agent goes, with its account, and another comes."""
    gone = query("SELECT id FROM account WHERE kind = 'agent' AND removed IS NULL ORDER BY id LIMIT 1")
    if gone:
        query("UPDATE account SET removed = NOW(), state = 'purged' WHERE id = %s", (gone[0]["id"],))
        query("INSERT INTO account (kind, uuid, state, created) VALUES ('agent', CONCAT('agentAccount', UUID()), 'active', NOW())")


def _come_back(host):
    image = f"rancher/agent:{RELEASE['agent']}"
    query("DELETE host_label_map FROM host_label_map JOIN label ON label.id = host_label_map.label_id WHERE host_id = %s AND label.`key` = %s", (host["id"], LABEL))
    query("INSERT INTO label (kind, uuid, state, created, type, `key`, value) VALUES ('label', UUID(), 'created', NOW(), 'host', %s, %s)", (LABEL, image))
    query("INSERT INTO host_label_map (kind, uuid, state, created, host_id, label_id) VALUES ('hostLabelMap', UUID(), 'active', NOW(), %s, (SELECT MAX(id) FROM label))", (host["id"],))
    query("UPDATE agent SET state = 'active' WHERE id = %s", (host["agent_id"],))
