#!/usr/bin/env bash
# Installs on a bare Debian 12, as root, what the tests need: Docker and a registry, the maker of the stand-in's file system, network tools, a browser with
# Chinese and emoji fonts, servers for ssh. Quiet, and quick when everything is there already.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

packages=(
	docker.io docker-registry mmdebstrap                     # engines, their registry, the stand-in's image
	iptables iproute2 procps util-linux                      # bridges, namespaces, mounts
	bash curl tar gzip git openssh-client openssl ca-certificates
	openssh-server sudo busybox zsh fish                     # other machines, with the login shells that they may have
	chromium fonts-noto-cjk fonts-noto-color-emoji           # the page
)

is_installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

missing=()
for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done

if [ "${#missing[@]}" -gt 0 ]; then
	[ "$(id -u)" = 0 ] || { echo "Cannot install ${missing[*]}: not root." >&2; exit 1; }
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	# Neither Docker nor the registry shall start by itself: the rig starts its own, isolated ones.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' > "$policy"
		chmod 755 "$policy"
		trap 'rm -f "$log" "$policy"' EXIT
	fi
	install_missing() { apt-get install --yes --no-install-recommends "${missing[@]}" > "$log" 2>&1; }
	install_missing || { apt-get update > "$log" 2>&1 && install_missing; } || { cat "$log" >&2; exit 1; }
fi

# A machine without an init system may have no cgroups mounted, and no container starts without them.
if ! grep -qE '^\S+ /sys/fs/cgroup' /proc/self/mounts; then
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
