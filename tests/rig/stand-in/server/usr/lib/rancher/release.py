"""What this image is: the file is another one in each."""
import json

with open("/usr/lib/rancher/release.json", encoding="utf-8") as file:
    RELEASE = json.load(file)


def version_tuple(version):
    return tuple(int(part) for part in version[1:].split("-")[0].split("."))


def since(version):
    return version_tuple(RELEASE["version"]) >= version_tuple(version)
