"""
Servers that share a database: each tells the others that it is alive, and where.

A server is listed before it answers: it checks in while it starts, and answers nothing until it is the master, which is the member with the lowest id, or can connect to a
master that is clustered too. One that was stopped stays listed until a running server has seen its heartbeat stand still for more than three check-ins; a start waits for that.
A clustered server is known by the address that it advertises, any other by the file "cluster-id" beside its caches. Nobody gives a member a name.

Source: rancher/cattle v0.183.83, `DBDiscovery.java` (init, readId, checkin, isReady), `ClusterMembershipDAOImpl.java` (milliseconds), `ClusterConfig.java`; `system-services/defaults.properties`:
cluster.checkin.seconds=5, cluster.checkin.misses=3; rancher/rancher v1.6.30, `server/bin/entry`. The seconds are fewer here.
"""
import json
import os
import socket
import socketserver
import threading
import time
import uuid

import pymysql

from database import query, table_exists
from say import log

CHECK_IN_SECONDS = 0.25
MISSES = 3
ID_FILE = "/var/lib/cattle/cluster-id"
# Of each member, by id: its last heartbeat, and how often it stood still.
_seen = {}


def is_clustered():
    return os.environ.get("CATTLE_MODULE_PROFILE_HAZELCAST_LOCK") == "true"


def join_cluster():
    if not table_exists("cluster_membership"):
        return
    if is_clustered():
        listen(9345)
        log(f"Cluster address: {own_address()}", name="cluster")
    query("DELETE FROM cluster_membership WHERE uuid = %s", (own_id(),))
    config = {"advertiseAddress": own_address(), "httpPort": int(os.environ.get("CATTLE_CLUSTER_ADVERTISE_HTTP_PORT") or 8080), "clustered": is_clustered()}
    query(
        "INSERT INTO cluster_membership (uuid, heartbeat, config, clustered) VALUES (%s, %s, %s, %s)",
        (own_id(), milliseconds(), json.dumps(config, separators=(",", ":")), 1 if is_clustered() else 0),
    )
    while not is_ready(check_in()):
        time.sleep(CHECK_IN_SECONDS)
    threading.Thread(target=keep_checking_in, daemon=True).start()


def own_address():
    address = os.environ.get("CATTLE_CLUSTER_ADVERTISE_ADDRESS") or "127.0.0.1"
    return address if ":" in address else f"{address}:9345"


def own_id():
    if is_clustered():
        return own_address()
    if not os.path.exists(ID_FILE):
        os.makedirs(os.path.dirname(ID_FILE), exist_ok=True)
        with open(ID_FILE, "w", encoding="ascii") as file:
            file.write(str(uuid.uuid4()))
    with open(ID_FILE, encoding="ascii") as file:
        return file.read().strip()


def milliseconds():
    return int(time.time() * 1000)


class Greeting(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"HZC")


def listen(port):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer(("0.0.0.0", port), Greeting)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def keep_checking_in():
    while True:
        time.sleep(CHECK_IN_SECONDS)
        try:
            check_in()
        except pymysql.err.Error:
            # The database is away; the next round tries again.
            continue


def check_in():
    """Says that this server is alive, removes members that are not, and returns the others, lowest id first."""
    query("UPDATE cluster_membership SET heartbeat = %s WHERE uuid = %s", (milliseconds(), own_id()))
    active = []
    for member in query("SELECT * FROM cluster_membership ORDER BY id"):
        heartbeat, stood = _seen.get(member["id"], (None, 0))
        stood = stood + 1 if heartbeat == member["heartbeat"] else 0
        _seen[member["id"]] = (member["heartbeat"], stood)
        if stood > MISSES:
            query("DELETE FROM cluster_membership WHERE id = %s", (member["id"],))
        else:
            active.append(member)
    return active


def is_ready(active):
    master = active[0]
    if master["uuid"] == own_id():
        return True
    if not is_clustered() or master["clustered"] not in (1, b"\x01"):
        return False
    host, port = json.loads(master["config"])["advertiseAddress"].rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
        return True
    except OSError:
        log(f"Failed to connect to master at {host}:{port}", level="ERROR", name="cluster")
        return False


def members(base):
    rows = query("SELECT * FROM cluster_membership ORDER BY id") if table_exists("cluster_membership") else []
    return [
        {
            "id": f"1cm{row['id']}",
            "type": "clusterMembership",
            "links": {"self": f"{base}/clustermemberships/1cm{row['id']}"},
            "actions": {},
            "baseType": "clusterMembership",
            "name": row["name"],
            "clustered": row["clustered"] in (1, b"\x01"),
            "config": json.loads(row["config"]),
            "heartbeat": row["heartbeat"],
            "uuid": row["uuid"],
        }
        for row in rows
    ]
