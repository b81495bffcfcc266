"""
The catalog of infrastructure templates: folders with a number, each a version of a stack, one of them the default.

Every image holds a clone of the catalog as it was when the image was made, in `/var/lib/cattle/cache`, and `/var/lib/cattle` is a volume. Where a clone of the same
address and branch is there, it is used, however old it is; only a fetch that succeeds renews it. What was read is kept in the database.

Source of names, numbers and images: rancher/rancher-catalog, `infra-templates`, branch v1.6-release, at the date of each release; of the cache and the answers:
rancher/catalog-service v0.19.10 (the one of v1.6.28 to v1.6.30), `manager/local.go`, `cmd/root.go`, `service/utils.go`; rancher/rancher, `server/Dockerfile`.
"""
import hashlib
import json
import os

from database import query
from knobs import flag
from release import version_tuple

CACHE = "/var/lib/cattle/cache/global"
# What a fetch brings: the branch has not changed since the last release.
HEAD = "v1.6.30"

# name: [(folder, version, first Rancher version, images, name of the compose file, the first release whose image has it)], the default last.
TEMPLATES = {
    "network-services": [
        (0, "v0.1.0", "v1.2.0", ["rancher/dns:v0.13.3", "rancher/metadata:v0.8.1", "rancher/network-manager:v0.2.18"], "docker-compose.yml", "v1.2.0"),
        (18, "v0.2.5", "v1.6.0", ["rancher/dns:v0.15.1", "rancher/metadata:v0.9.3", "rancher/network-manager:v0.7.7"], "docker-compose.yml.tpl", "v1.6.0"),
        (26, "v0.2.8", "v1.6.11", ["rancher/dns:v0.15.3", "rancher/metadata:v0.9.5", "rancher/network-manager:v0.7.19"], "docker-compose.yml.tpl", "v1.6.14"),
        (29, "v0.2.11", "v1.6.26", ["rancher/dns:v0.17.4", "rancher/metadata:v0.10.4", "rancher/network-manager:v0.7.22"], "docker-compose.yml.tpl", "v1.6.26"),
    ],
    "ipsec": [
        (0, "0.0.1", "v1.2.0", ["rancher/net:v0.8.1"], "docker-compose.yml", "v1.2.0"),
        (15, "0.2.2", "v1.6.11", ["rancher/net:holder", "rancher/net:v0.13.7"], "docker-compose.yml.tpl", "v1.6.14"),
        (18, "0.2.5", "v1.6.19", ["rancher/net:holder", "rancher/net:v0.13.17"], "docker-compose.yml.tpl", "v1.6.19"),
    ],
    "vxlan": [
        (10, "v0.2.1", "v1.6.0", ["rancher/net:holder", "rancher/net:v0.11.9"], "docker-compose.yml.tpl", "v1.6.6"),
        (13, "v0.3.1", "v1.6.0", ["rancher/net:holder", "rancher/net:v0.11.9", "rancher/net:v0.13.1"], "docker-compose.yml.tpl", "v1.6.12"),
    ],
    "healthcheck": [
        (0, "v0.1.0", "v1.2.0", ["rancher/healthcheck:v0.2.0"], "docker-compose.yml", "v1.2.0"),
        (4, "v0.3.3", "v1.6.0", ["rancher/healthcheck:v0.3.3"], "docker-compose.yml", "v1.6.8"),
        (5, "v0.3.3-1", "v1.6.0", ["rancher/healthcheck:v0.3.3"], "docker-compose.yml", "v1.6.14"),
        (7, "v0.3.8", "v1.6.0", ["rancher/healthcheck:v0.3.8"], "docker-compose.yml", "v1.6.19"),
    ],
    "scheduler": [
        (0, "v0.1.0", "v1.2.0", ["rancher/scheduler:v0.5.0"], "docker-compose.yml", "v1.2.0"),
        (10, "v0.8.3", "v1.6.0", ["rancher/scheduler:v0.8.3"], "docker-compose.yml", "v1.6.14"),
        (13, "v0.8.6", "v1.6.26", ["rancher/scheduler:v0.8.6"], "docker-compose.yml", "v1.6.26"),
    ],
    "network-policy-manager": [
        (1, "v0.0.2", "v1.6.0", ["rancher/network-policy-manager:v0.2.4"], "docker-compose.yml", "v1.6.1"),
        (3, "v0.0.4", "v1.6.19", ["rancher/network-policy-manager:v0.2.8"], "docker-compose.yml", "v1.6.19"),
    ],
    # Orchestrations are infrastructure stacks too.
    "k8s": [
        (35, "v1.8.5-rancher4", "v1.6.12", ["rancher/k8s:v1.8.5-rancher4"], "docker-compose.yml.tpl", "v1.6.14"),
        (73, "v1.12.10-rancher1-1", "v1.6.29", ["rancher/k8s:v1.12.10-rancher1-1"], "docker-compose.yml.tpl", "v1.6.30"),
    ],
}

QUESTIONS = [
    {"variable": "MTU", "label": "MTU for the network", "description": "默认 1500；it's \"safe\" for most networks", "type": "int", "default": "1500", "required": True},
    {"variable": "RANCHER_DEBUG", "label": "Enable Debug Logs", "description": "", "type": "enum", "default": "false", "options": ["true", "false"], "required": True},
]


def sources():
    """The global catalogs: name to address and branch. The branch is that of the server's own line of releases."""
    text = os.environ.get("CATTLE_CATALOG_URL") or setting("catalog.url") or os.environ.get("DEFAULT_CATTLE_CATALOG_URL", "")
    if text.startswith("{"):
        try:
            return {name: (one["url"], one.get("branch", "master")) for name, one in json.loads(text)["catalogs"].items()}
        except (ValueError, KeyError):
            return {}
    return {name: (url, "master") for name, url in (one.split("=", 1) for one in text.split(",") if "=" in one)}


def setting(name):
    rows = query("SELECT value FROM setting WHERE name = %s AND value IS NOT NULL", (name,))
    return rows[0]["value"] if rows else ""


def refresh(update=True):
    """Reads the library: from the clone that is there, renewed if that is asked for and possible. Returns whether all went well; what was read before stays when it did not."""
    url, branch = sources().get("library", ("", ""))
    if url == "":
        return False
    folder = os.path.join(CACHE, hashlib.md5((url + branch).encode()).hexdigest())
    os.makedirs(folder, exist_ok=True)
    head = os.path.join(folder, "HEAD")
    reached = flag("catalog_reachable")
    if not os.path.exists(head) or (update and reached):
        if not reached:
            return False
        with open(head, "w", encoding="utf-8") as file:
            file.write(HEAD)
    query("CREATE TABLE IF NOT EXISTS rig (name VARCHAR(64) PRIMARY KEY, value VARCHAR(255) NOT NULL) ENGINE = InnoDB")
    with open(head, encoding="utf-8") as file:
        query("REPLACE INTO rig VALUES ('catalog_head', %s)", (file.read(),))
    return reached or not update


def rows_of(name):
    """The versions of a template in the catalog that was read last."""
    try:
        head = query("SELECT value FROM rig WHERE name = 'catalog_head'")[0]["value"]
    except Exception:  # noqa: BLE001 nothing was ever read
        return []
    return [row for row in TEMPLATES[name] if version_tuple(row[5]) <= version_tuple(head)]


def parse(identity):
    """`library:infra*ipsec:15` → name and folder; the folder is None for a template as a whole. None when there is no such template."""
    parts = identity.split(":")
    if len(parts) not in (2, 3) or parts[0] != "library" or not parts[1].startswith("infra*"):
        return None
    name = parts[1][len("infra*"):]
    if name not in TEMPLATES:
        return None
    if not rows_of(name):
        return None
    if len(parts) == 2:
        return name, None
    known = parts[2].isdigit() and any(folder == int(parts[2]) for folder, *_ in rows_of(name))
    return (name, int(parts[2])) if known else None


def link(base, name, folder, query):
    asked = "&".join(f"{key}={value}" for key, value in query.items() if key in ("projectId", "rancherVersion"))
    return f"{base}/templates/library:infra*{name}:{folder}" + (f"?{asked}" if asked else "")


def offered(name, server):
    """The versions that a server is new enough for."""
    return [row for row in rows_of(name) if server is None or version_tuple(server) >= version_tuple(row[2])]


def compose(name, images):
    services = "".join(f"  {image.split('/')[1].replace(':', '-').replace('.', '-')}:\n    image: {image}\n    labels:\n      io.rancher.scheduler.global: 'true'\n" for image in images)
    return f"version: '2'\n# {name}: \"基础设施\" services\nservices:\n{services}"


def template_version(base, name, folder, query):
    server = query.get("rancherVersion")
    _, version, minimum, images, file, _ = next(row for row in rows_of(name) if row[0] == folder)
    newer = [row for row in offered(name, server) if row[0] > folder]
    # Which of the newer ones is the default is not said here: `links.defaultUpgradeVersion` came with catalog-service v0.20.5, which no 1.6 has.
    links = {"icon": f"{base}/templates/library:infra*{name}?image", "template": f"{base}/templates/library:infra*{name}"}
    return {
        "id": f"library:infra*{name}:{folder}",
        "type": "templateVersion",
        "links": links,
        "actions": {},
        "bindings": {},
        "files": {file: compose(name, images), "rancher-compose.yml": f".catalog:\n  name: \"Rancher {name}\"\n  version: {version}\n  minimum_rancher_version: {minimum}\n"},
        "labels": {},
        "minimumRancherVersion": minimum,
        "questions": QUESTIONS if name in ("ipsec", "vxlan") else [],
        "readme": "",
        "revision": folder,
        "upgradeFrom": "",
        "templateId": f"library:infra*{name}",
        "upgradeVersionLinks": {row[1]: link(base, name, row[0], query) for row in newer},
        "version": version,
    }


def template(base, name, query):
    rows = offered(name, query.get("rancherVersion"))
    # The default of the catalog, whether this server may have it or not.
    default = rows_of(name)[-1]
    return {
        "id": f"library:infra*{name}",
        "type": "template",
        "links": {"icon": f"{base}/templates/library:infra*{name}?image"},
        "actions": {},
        "catalogId": "library",
        "category": "Networking",
        "defaultTemplateVersionId": f"library:infra*{name}:{default[0]}",
        "defaultVersion": default[1],
        "description": f"Rancher {name}",
        "folderName": name,
        "name": f"Rancher {name}",
        "templateBase": "infra",
        "versionLinks": {row[1]: link(base, name, row[0], query) for row in rows},
    }
