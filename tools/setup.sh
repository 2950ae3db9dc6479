#!/bin/sh
# Installs what the tests need from Debian's packages. It says what it cannot do, and
# leaves alone what is there.
set -eu
want=""
command -v chromium >/dev/null || want="$want chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want="$want postgresql"
command -v pdfinfo >/dev/null || want="$want poppler-utils"
command -v qpdf >/dev/null || want="$want qpdf"
[ -z "$want" ] && exit 0
if ! command -v apt-get >/dev/null; then
	echo "The tests need:$want. This is no Debian: please install them by hand." >&2
	exit 1
fi
sudo=""
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "The tests need:$want. Run as root: apt-get install$want" >&2; exit 1; }
	sudo=sudo
fi
echo "Installing:$want"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $want >/dev/null
