#!/usr/bin/env bash
# Makes the file system that stands for the image debian:11-slim, from Debian's packages. The packages that the Dockerfile installs are in its cache: the rig has no
# network. Usage: make-debian.sh FILE
set -euo pipefail

# Each "apt-get install" by itself: what one of them brings is not there for the next.
installs=$(sed -nE 's/.*apt-get install --yes --no-install-recommends ([^&\\]*[^&\\ ]).*/\1/p' "$(dirname "$0")/../../../Dockerfile" | paste -s -d ';')
download="rm -f \"\$1\"/var/cache/apt/archives/*.deb; installs='$installs'; IFS=';'"
download+='; for words in $installs; do IFS=" "; chroot "$1" apt-get -qq --yes --no-install-recommends --download-only install $words; done'

exec mmdebstrap --quiet --variant=minbase --mode=root \
	--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
	--skip=cleanup/apt --customize-hook="$download" bullseye "$1" http://deb.debian.org/debian
