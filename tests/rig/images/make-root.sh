#!/usr/bin/env bash
# Makes the file system that every image of the rig shares, from Debian's packages: a real MariaDB with its clients, Python for the web side, and the tools
# that runbooks call inside a container. Usage: make-root.sh FILE
set -euo pipefail

packages=(
	mariadb-server-core mariadb-client-core
	python3-minimal python3-pymysql
	bash curl tar gzip grep sed findutils coreutils procps iproute2
)

include=$(IFS=,; echo "${packages[*]}")
exec mmdebstrap --quiet --variant=essential --mode=root \
	--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
	--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
	--include="$include" --customize-hook="$(dirname "$0")/finish-root.sh" \
	bookworm "$1"
