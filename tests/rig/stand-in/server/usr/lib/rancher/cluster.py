"""Servers that share a database: each tells the others that it is alive, and where."""
import json
import os
import socketserver
import threading
import time
import uuid

import pymysql

from database import query, table_exists
from say import log

# Of a member that has not been heard of for so long nobody speaks any more: three check-ins missed.
CHECK_IN_SECONDS = 5
LOST_SECONDS = 3 * CHECK_IN_SECONDS
OWN = str(uuid.uuid4())


def is_clustered():
    return bool(os.environ.get("CATTLE_CLUSTER_ADVERTISE_ADDRESS"))


def join_cluster():
    if not table_exists("cluster_membership"):
        return
    if is_clustered():
        listen(9345)
        log(f"Cluster address: {os.environ['CATTLE_CLUSTER_ADVERTISE_ADDRESS']}:9345", name="cluster")
    check_in()
    threading.Thread(target=keep_checking_in, daemon=True).start()


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
    now = int(time.time())
    config = json.dumps({"advertiseAddress": os.environ.get("CATTLE_CLUSTER_ADVERTISE_ADDRESS", ""), "httpPort": int(os.environ.get("CATTLE_CLUSTER_ADVERTISE_HTTP_PORT") or 8080)})
    query("DELETE FROM cluster_membership WHERE heartbeat < %s", (now - LOST_SECONDS,))
    query("DELETE FROM cluster_membership WHERE uuid = %s", (OWN,))
    query("INSERT INTO cluster_membership (name, uuid, heartbeat, config, clustered) VALUES (%s, %s, %s, %s, %s)", (os.uname().nodename, OWN, now, config, 1 if is_clustered() else 0))


def members(base):
    rows = query("SELECT * FROM cluster_membership WHERE heartbeat >= %s ORDER BY id", (int(time.time()) - LOST_SECONDS,)) if table_exists("cluster_membership") else []
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
