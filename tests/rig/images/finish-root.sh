#!/usr/bin/env bash
# Called by mmdebstrap with the folder of the new file system, before it is packed.
set -euo pipefail
root=$1

# The package mariadb-client would bring Perl along: only its programs are taken. Apt is the outer one, set up for this file system.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get -qq -o APT::Sandbox::User=root download mariadb-client)
dpkg-deb --fsys-tarfile "$work"/mariadb-client_*.deb |
	tar --extract --directory "$root" ./usr/bin/mariadb-dump ./usr/bin/mariadb-admin ./usr/bin/mysqldump ./usr/bin/mysqladmin

rm -rf "$root"/usr/share/mysql/mysql-test "$root"/var/lib/apt/lists/* "$root"/var/cache/* "$root"/var/log/* "$root"/usr/share/zoneinfo
rm -rf "$root"/usr/lib/*/perl "$root"/usr/lib/*/perl-base "$root"/usr/share/perl "$root"/usr/lib/*/libperl.so.* "$root"/usr/bin/{perl*,innochecksum,mariadb-check,mariadb-upgrade}
find "$root"/usr/lib/python3* -name __pycache__ -prune -exec rm -rf {} +
# Compiled once for all, what the stand-in imports of Python's own: a container would do it at each start, which more than doubles its processor time.
imported=$(grep -hoE '^(import|from) [a-z0-9_.]+' "$(dirname "$0")"/../stand-in/server/usr/lib/rancher/*.py | cut -d ' ' -f 2 | sort -u |
	while read -r name; do [ -e "$(dirname "$0")/../stand-in/server/usr/lib/rancher/$name.py" ] || echo "$name"; done | paste -s -d ,)
env -u PYTHONDONTWRITEBYTECODE chroot "$root" python3 -c "import $imported"
: > "$root"/etc/machine-id

# The image says LC_ALL=en_US.UTF-8. C.UTF-8 does for it, and no shell complains.
cp -a "$root"/usr/lib/locale/C.utf8 "$root"/usr/lib/locale/en_US.utf8

# The ids that the image of Rancher has: runbooks hand a folder to 102:105.
sed -i '/^mysql:/d' "$root"/etc/passwd "$root"/etc/group
sed -i -E '/^[^:]*:[^:]*:105:/d' "$root"/etc/group
sed -i -E '/^[^:]*:[^:]*:102:/d' "$root"/etc/passwd
echo 'mysql:x:105:' >> "$root"/etc/group
echo 'mysql:x:102:105::/var/lib/mysql:/bin/false' >> "$root"/etc/passwd
rm -rf "$root"/var/lib/mysql "$root"/var/log/mysql
for folder in /var/lib/mysql /var/log/mysql /var/run/mysqld; do mkdir -p "$root$folder"; chown 102:105 "$root$folder"; done
mkdir -p "$root"/var/lib/cattle/logs

# A fresh database as mysql_install_db makes it, once for all: containers copy it, which costs a tenth.
cp "$(dirname "$0")"/../stand-in/server/etc/mysql/conf.d/rancher.cnf "$root"/etc/mysql/conf.d/
chroot "$root" mysql_install_db --user=mysql --datadir=/usr/share/fresh-database --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve --rpm
chroot "$root" chown -R mysql:mysql /usr/share/fresh-database
rm -rf "$root"/etc/mysql/conf.d/rancher.cnf "$root"/var/log/mysql/* "$root"/var/run/mysqld/*
