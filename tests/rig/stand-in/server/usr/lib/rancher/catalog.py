"""
The catalog of infrastructure templates: folders with a number, each a version of a stack, one of them the default.

Source of names, numbers and images: rancher/rancher-catalog, `infra-templates`, branch v1.6-release; of the answers: rancher/catalog-service.
"""
from release import version_tuple

# name: [(folder, version, first Rancher version, images, name of the compose file)], the default last.
TEMPLATES = {
    "network-services": [
        (0, "v0.1.0", "v1.2.0", ["rancher/dns:v0.13.3", "rancher/metadata:v0.8.1", "rancher/network-manager:v0.2.18"], "docker-compose.yml"),
        (18, "v0.2.5", "v1.6.0", ["rancher/dns:v0.15.1", "rancher/metadata:v0.9.3", "rancher/network-manager:v0.7.7"], "docker-compose.yml.tpl"),
        (26, "v0.2.8", "v1.6.11", ["rancher/dns:v0.15.3", "rancher/metadata:v0.9.5", "rancher/network-manager:v0.7.19"], "docker-compose.yml.tpl"),
        (29, "v0.2.11", "v1.6.26", ["rancher/dns:v0.17.4", "rancher/metadata:v0.10.4", "rancher/network-manager:v0.7.22"], "docker-compose.yml.tpl"),
    ],
    "ipsec": [
        (0, "0.0.1", "v1.2.0", ["rancher/net:v0.8.1"], "docker-compose.yml"),
        (15, "0.2.2", "v1.6.11", ["rancher/net:holder", "rancher/net:v0.13.7"], "docker-compose.yml.tpl"),
        (18, "0.2.5", "v1.6.19", ["rancher/net:holder", "rancher/net:v0.13.17"], "docker-compose.yml.tpl"),
    ],
    "vxlan": [
        (10, "v0.2.1", "v1.6.0", ["rancher/net:holder", "rancher/net:v0.11.9"], "docker-compose.yml.tpl"),
        (13, "v0.3.1", "v1.6.0", ["rancher/net:holder", "rancher/net:v0.11.9", "rancher/net:v0.13.1"], "docker-compose.yml.tpl"),
    ],
    "healthcheck": [
        (0, "v0.1.0", "v1.2.0", ["rancher/healthcheck:v0.2.0"], "docker-compose.yml"),
        (4, "v0.3.3", "v1.6.0", ["rancher/healthcheck:v0.3.3"], "docker-compose.yml"),
        (7, "v0.3.8", "v1.6.0", ["rancher/healthcheck:v0.3.8"], "docker-compose.yml"),
    ],
    "scheduler": [
        (0, "v0.1.0", "v1.2.0", ["rancher/scheduler:v0.5.0"], "docker-compose.yml"),
        (10, "v0.8.3", "v1.6.0", ["rancher/scheduler:v0.8.3"], "docker-compose.yml"),
        (13, "v0.8.6", "v1.6.26", ["rancher/scheduler:v0.8.6"], "docker-compose.yml"),
    ],
    "network-policy-manager": [
        (1, "v0.0.2", "v1.6.0", ["rancher/network-policy-manager:v0.2.4"], "docker-compose.yml"),
        (3, "v0.0.4", "v1.6.19", ["rancher/network-policy-manager:v0.2.8"], "docker-compose.yml"),
    ],
}

QUESTIONS = [
    {"variable": "MTU", "label": "MTU for the network", "description": "默认 1500；it's \"safe\" for most networks", "type": "int", "default": "1500", "required": True},
    {"variable": "RANCHER_DEBUG", "label": "Enable Debug Logs", "description": "", "type": "enum", "default": "false", "options": ["true", "false"], "required": True},
]


def parse(identity):
    """`library:infra*ipsec:15` → name and folder; the folder is None for a template as a whole. None when there is no such template."""
    parts = identity.split(":")
    if len(parts) not in (2, 3) or parts[0] != "library" or not parts[1].startswith("infra*"):
        return None
    name = parts[1][len("infra*"):]
    if name not in TEMPLATES:
        return None
    if len(parts) == 2:
        return name, None
    known = parts[2].isdigit() and any(folder == int(parts[2]) for folder, *_ in TEMPLATES[name])
    return (name, int(parts[2])) if known else None


def link(base, name, folder, query):
    asked = "&".join(f"{key}={value}" for key, value in query.items() if key in ("projectId", "rancherVersion"))
    return f"{base}/templates/library:infra*{name}:{folder}" + (f"?{asked}" if asked else "")


def offered(name, server):
    """The versions that a server is new enough for."""
    return [row for row in TEMPLATES[name] if server is None or version_tuple(server) >= version_tuple(row[2])]


def compose(name, images):
    services = "".join(f"  {image.split('/')[1].replace(':', '-').replace('.', '-')}:\n    image: {image}\n    labels:\n      io.rancher.scheduler.global: 'true'\n" for image in images)
    return f"version: '2'\n# {name}: \"基础设施\" services\nservices:\n{services}"


def template_version(base, name, folder, query):
    server = query.get("rancherVersion")
    _, version, minimum, images, file = next(row for row in TEMPLATES[name] if row[0] == folder)
    newer = [row for row in offered(name, server) if row[0] > folder]
    default = offered(name, server)[-1:]
    links = {"self": link(base, name, folder, query), "template": f"{base}/templates/library:infra*{name}"}
    if default and default[0][0] > folder:
        links["defaultUpgradeVersion"] = link(base, name, default[0][0], query)
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
        "upgradeVersionLinks": {row[1]: link(base, name, row[0], query) for row in newer},
        "version": version,
    }


def template(base, name, query):
    rows = offered(name, query.get("rancherVersion"))
    return {
        "id": f"library:infra*{name}",
        "type": "template",
        "links": {"self": f"{base}/templates/library:infra*{name}", "icon": f"{base}/templates/library:infra*{name}?image"},
        "actions": {},
        "catalogId": "library",
        "category": "Networking",
        "defaultVersion": rows[-1][1] if rows else "",
        "description": f"Rancher {name}",
        "folderName": name,
        "name": f"Rancher {name}",
        "templateBase": "infra",
        "versionLinks": {row[1]: link(base, name, row[0], query) for row in rows},
    }
