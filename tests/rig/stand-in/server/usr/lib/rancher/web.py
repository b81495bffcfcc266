"""The web side: answers at port 8080 once the server has started."""
import base64
import hashlib
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import pymysql

import catalog
import cluster
import settings
import stacks
from database import query
from release import RELEASE, since


class Refused(Exception):
    def __init__(self, status, code, message=None, field=None):
        super().__init__(code)
        self.body = {"id": "error", "type": "error", "links": {}, "actions": {}, "status": status, "code": code, "message": message or code, "detail": None, "fieldName": field}
        self.status = status


def own_version():
    """A variable that somebody passed on from an older container is believed, as by the real server."""
    return os.environ.get("CATTLE_RANCHER_SERVER_VERSION") or os.environ.get("CATTLE_RANCHER_SERVER_IMAGE") or RELEASE["version"]


def api_versions():
    return ("v1", "v2-beta") if since("v1.2.0") else ("v1",)


def signed_in(header):
    """Returns the account that asks. Without access control everybody is the admin."""
    if settings.value_of("api.security.enabled") != "true":
        return {"id": 1, "kind": "admin"}
    kind, _, text = (header or "").partition(" ")
    if kind.lower() != "basic":
        raise Refused(401, "Unauthorized")
    try:
        public, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        raise Refused(401, "Unauthorized") from None
    rows = query(
        "SELECT a.id, a.kind FROM credential c JOIN account a ON a.id = c.account_id WHERE c.kind = 'apiKey' AND c.state = 'active' AND c.removed IS NULL"
        " AND a.state = 'active' AND c.public_value = %s AND c.secret_value = %s",
        (public, hashlib.sha256(secret.encode()).hexdigest()),
    )
    if not rows:
        raise Refused(401, "Unauthorized")
    return rows[0]


def collection(kind, link, rows):
    """What follows the rows is of no use to runbooks, but it is there: a link named like a field of a row among it."""
    return {
        "type": "collection",
        "resourceType": kind,
        "links": {"self": link},
        "createTypes": {},
        "actions": {},
        "data": rows,
        "sortLinks": {name: f"{link}?sort={name}" for name in ("id", "name", "state")},
        "pagination": {"first": None, "previous": None, "next": None, "limit": None, "total": None, "partial": False},
        "sort": None,
        "filters": {"id": None, "name": None, "state": None},
        "createDefaults": {},
    }


def project_resource(row, base):
    return {
        "id": f"1a{row['id']}",
        "type": "project",
        "links": {"self": f"{base}/projects/1a{row['id']}", "stacks": f"{base}/projects/1a{row['id']}/stacks"},
        "actions": {},
        "baseType": "account",
        "name": row["name"],
        "state": row["state"],
        "description": row["description"],
        "kind": "project",
        "orchestration": "cattle",
        "uuid": row["uuid"],
    }


def host_resource(row, base):
    fields = json.loads(row["data"] or "{}").get("fields", {})
    return {
        "id": f"1h{row['id']}",
        "type": "host",
        "links": {"self": f"{base}/projects/1a{row['account_id']}/hosts/1h{row['id']}"},
        "actions": {},
        "baseType": "host",
        "name": row["name"],
        "state": row["state"],
        "accountId": f"1a{row['account_id']}",
        "agentId": f"1ca{row['agent_id']}",
        "agentState": row["reported"],
        "hostname": row["name"] or json.loads(row["data"] or "{}").get("fields", {}).get("hostname"),
        "labels": fields.get("labels"),
        "uuid": row["uuid"],
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Jetty"

    def log_message(self, format, *args):
        """Requests are not logged."""

    def do_GET(self):
        self.answer("GET")

    def do_HEAD(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def do_PUT(self):
        self.answer("PUT")

    def do_DELETE(self):
        self.answer("DELETE")

    def answer(self, method):
        self.api = False
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length) if length else b""
        try:
            status, kind, body = self.route(method, raw)
        except Refused as refused:
            status, kind, body = refused.status, "application/json; charset=utf-8", json.dumps(refused.body, separators=(",", ":"))
        except pymysql.err.Error as error:
            status, kind, body = 500, "application/json; charset=utf-8", json.dumps({"type": "error", "status": 500, "code": "ServerError", "message": str(error)})
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if self.api:
            self.send_header("X-Rancher-Version", own_version())
            self.send_header("X-Api-Schemas", f"{self.base()}/schemas")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="Enter API access key and secret key as username and password"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def base(self, version=None):
        host = self.headers.get("X-Forwarded-Host") or self.headers.get("Host") or "localhost:8080"
        return f"http://{host}/{version or self.version}"

    def route(self, method, raw):
        url = urlsplit(self.path)
        parts = [unquote(part) for part in url.path.split("/") if part]
        asked = dict(parse_qsl(url.query, keep_blank_values=True))
        self.version = parts[0] if parts and parts[0] in api_versions() else api_versions()[-1]
        if parts == ["ping"]:
            return 200, "text/plain", "pong"
        if not parts:
            return 200, "text/html; charset=utf-8", "<!doctype html><title>Rancher</title><div id=\"app\">Rancher</div>"
        if parts[0] == "v1-catalog" and since("v1.2.0"):
            signed_in(self.headers.get("Authorization"))
            return self.catalog(method, parts[1:], asked)
        if parts[0] not in api_versions():
            raise Refused(404, "NotFound")
        self.api = True
        account = signed_in(self.headers.get("Authorization"))
        return self.resources(method, parts[1:], asked, raw, account)

    def json(self, body, status=200):
        return status, "application/json; charset=utf-8", json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    def resources(self, method, parts, asked, raw, account):
        base = self.base()
        if not parts:
            names = ("accounts", "projects", "settings", "clustermemberships")
            return self.json({"id": self.version, "type": "apiVersion", "links": {"self": base, **{name: f"{base}/{name}" for name in names}}, "actions": {}})
        if parts[0] in ("projects", "accounts") and len(parts) > 2:
            return self.in_project(method, parts, asked, raw, account)
        kind, identity = parts[0], parts[1] if len(parts) > 1 else None
        if kind in ("settings", "activesettings"):
            return self.settings(method, identity, raw, account)
        if method != "GET":
            raise Refused(405, "MethodNotAllowed")
        if kind == "projects":
            rows = [project_resource(row, base) for row in query("SELECT * FROM account WHERE kind = 'project' AND removed IS NULL ORDER BY id")]
            return self.one_or_all("project", rows, identity)
        if kind == "clustermemberships" and since("v1.2.0"):
            return self.one_or_all("clusterMembership", cluster.members(base), identity)
        if kind == "accounts":
            rows = query("SELECT id, name, kind, state, uuid FROM account WHERE removed IS NULL ORDER BY id")
            return self.one_or_all("account", [{**row, "id": f"1a{row['id']}", "type": "account"} for row in rows], identity)
        raise Refused(404, "NotFound")

    def one_or_all(self, kind, rows, identity):
        if identity is None:
            return self.json(collection(kind, self.base() + "/" + kind.lower() + "s", rows))
        for row in rows:
            if row["id"] == identity:
                return self.json(row)
        raise Refused(404, "NotFound")

    def settings(self, method, identity, raw, account):
        base = self.base()
        if identity is None and method == "GET":
            return self.json(collection("activeSetting", f"{base}/settings", [settings.resource(name, base) for name in settings.all_names()]))
        if method != "GET" and account["kind"] != "admin":
            raise Refused(405, "MethodNotAllowed")
        body = self.body(raw) if method in ("PUT", "POST") else {}
        if identity is None and method == "POST":
            identity = body.get("name") or ""
            if identity == "":
                raise Refused(422, "MissingRequired", field="name")
        if identity is None:
            raise Refused(405, "MethodNotAllowed")
        name = settings.name_of(identity)
        if method in ("PUT", "POST"):
            if not isinstance(body.get("value"), str):
                raise Refused(422, "MissingRequired", field="value")
            settings.put(name, body["value"])
        if method == "DELETE" and not settings.delete(name):
            raise Refused(404, "NotFound")
        return self.json(settings.resource(name, base), 201 if method == "POST" else 200)

    def in_project(self, method, parts, asked, raw, account):
        project = parts[1][2:] if parts[1].startswith("1a") and parts[1][2:].isdigit() else "0"
        if not query("SELECT 1 FROM account WHERE id = %s AND kind = 'project' AND removed IS NULL", (project,)):
            raise Refused(404, "NotFound")
        kind, identity = parts[2], parts[3] if len(parts) > 3 else None
        base = self.base()
        if kind == "settings":
            return self.settings(method, identity, raw, account)
        if kind in ("stacks", "environments"):
            return self.stacks(method, project, identity, asked, raw)
        if kind == "hosts" and method == "GET":
            rows = query("SELECT h.*, COALESCE(a.state, h.agent_state) AS reported FROM host h LEFT JOIN agent a ON a.id = h.agent_id WHERE h.account_id = %s AND h.removed IS NULL ORDER BY h.id", (project,))
            return self.one_or_all("host", [host_resource(row, base) for row in rows], identity)
        raise Refused(404, "NotFound")

    def stacks(self, method, project, identity, asked, raw):
        base = self.base()
        if identity is None:
            if method != "GET":
                raise Refused(405, "MethodNotAllowed")
            rows = [stacks.resource(row, base) for row in stacks.listed(project, asked)]
            return self.json(collection("stack", f"{base}/projects/1a{project}/stacks", rows))
        row = stacks.find(project, identity[3:]) if identity.startswith("1st") and identity[3:].isdigit() else None
        if row is None:
            raise Refused(404, "NotFound")
        if method == "GET":
            return self.json(stacks.resource(row, base))
        if method != "POST" or asked.get("action") not in stacks.ACTIONS:
            raise Refused(405, "MethodNotAllowed")
        body = self.body(raw)
        if asked["action"] == "upgrade" and not body.get("dockerCompose"):
            raise Refused(422, "MissingRequired", field="dockerCompose")
        try:
            stacks.act(row, asked["action"], body)
        except stacks.NotAvailable:
            raise Refused(422, "ActionNotAvailable") from None
        return self.json(stacks.resource(stacks.find(project, row["id"]), base), 202)

    def catalog(self, method, parts, asked):
        base = self.base("v1-catalog")
        if parts[:1] != ["templates"]:
            raise Refused(404, "NotFound")
        if len(parts) == 1:
            if method == "POST" and asked.get("action") == "refresh":
                if not catalog.refresh():
                    raise Refused(500, "Error", "Update failed: exit status 128")
                return 204, "application/json", ""
            rows = [catalog.template(base, name, asked) for name in catalog.TEMPLATES if catalog.rows_of(name)]
            return self.json(collection("template", f"{base}/templates", rows))
        found = catalog.parse(parts[1])
        if found is None or method != "GET":
            raise Refused(404, "NotFound")
        name, folder = found
        return self.json(catalog.template(base, name, asked) if folder is None else catalog.template_version(base, name, folder, asked))

    def body(self, raw):
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            raise Refused(400, "InvalidBodyContent") from None
        if not isinstance(body, dict):
            raise Refused(400, "InvalidBodyContent")
        return body


def keep_passing_on():
    while True:
        time.sleep(0.1)
        try:
            stacks.pass_on()
        except pymysql.err.Error:
            # The database is away; the next round tries again.
            continue


def serve():
    server = ThreadingHTTPServer(("0.0.0.0", 8080), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=keep_passing_on, daemon=True).start()
