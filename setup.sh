#!/bin/sh
# setup.sh [--test | --integration]: installs what is missing to build and run capfix; with --test also what `make check`
# needs, with --integration also what `make integration` and `make deb` do.
# Debian and Ubuntu only, as root or with sudo. Elsewhere it says what to install, and stops.
set -eu

want="gcc libc6-dev make pkg-config libfyaml-dev libjansson-dev libseccomp-dev git"
case "${1-}" in
--integration) want="$want debhelper fakeroot lintian debootstrap python3-venv g++ zsh fish" ;;
esac
case "${1-}" in
'') ;;
--test | --integration)
	want="$want libcmocka-dev libyaml-dev mandoc python3 python3-yaml python3-jsonschema patch binutils"
	;;
*)
	echo "usage: sh setup.sh [--test | --integration]" >&2
	exit 2
	;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	cat >&2 <<'END'
setup.sh: only Debian and Ubuntu are set up by this script. Install these yourself, then run make:
  Fedora:  dnf install gcc make pkgconf-pkg-config libfyaml-devel libseccomp-devel jansson-devel git
  Alpine:  apk add gcc musl-dev make pkgconf libfyaml-dev libseccomp-dev jansson-dev git
  macOS:   brew install gcc make pkg-config libfyaml jansson git
and for the tests:
  Fedora:  dnf install libcmocka-devel libyaml-devel mandoc python3 python3-pyyaml python3-jsonschema patch binutils
  Alpine:  apk add cmocka-dev yaml-dev mandoc python3 py3-yaml py3-jsonschema patch binutils
  macOS:   brew install cmocka libyaml mandoc python gpatch binutils; python3 -m pip install pyyaml jsonschema
END
	exit 1
fi

missing=
for package in $want; do
	status=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
	case $status in
	ii*) continue ;;
	esac
	# pkgconf does what pkg-config does, and on some systems is all there is.
	if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null 2>&1; then
		continue
	fi
	missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "setup.sh: run this as root, or install sudo; missing:$missing" >&2
		exit 1
	fi
	sudo=sudo
fi

echo "setup.sh: installing$missing"
# One source out of many that is down need not matter; if it does, the installation says so.
$sudo apt-get update -q || echo "setup.sh: going on with the package lists at hand" >&2
# The names are words of their own.
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
