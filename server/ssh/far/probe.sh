# Who we are here and what there is: lines of a name and a text.
export LC_ALL=C
printf 'user %s\nuid %s\nhost %s\nbash %s\nfolder %s\n' "$(id -un)" "$(id -u)" "$(uname -n)" "$BASH_VERSION" "$PWD"
for p in docker script timeout curl; do command -v "$p" > /dev/null && printf 'has %s\n' "$p"; done
if command -v docker > /dev/null; then
	said=$(timeout 20 docker version --format '{{.Server.Version}}' 2>&1) && printf 'docker %s\n' "$said" || printf 'refused %s\n' "${said##*$'\n'}"
fi
if sudo -n true 2> /dev/null; then printf 'has sudo\n'; fi
printf '\0%d\n' 0
