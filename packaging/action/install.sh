#!/bin/bash
# For action.yml: finds the program that CAPFIX_PROGRAM names, or compiles the sources that this script is in.
set -euo pipefail
sources=$(cd "$(dirname "$0")/../.." && pwd)

fail() {
	echo "::error title=capfix::$1"
	exit 2
}

if [ -n "${CAPFIX_PROGRAM-}" ]; then
	program=$(command -v -- "$CAPFIX_PROGRAM") || fail "the input program is not one that can be run"
	program=$(realpath -- "$program")
else
	build=${RUNNER_TEMP:-$sources/build}/capfix-build
	echo '::group::Compile capfix'
	sh "$sources/setup.sh" || fail "what capfix is compiled with cannot be installed here; see the log"
	make -s -C "$sources" -j"$(nproc)" BUILD="$build" || fail "capfix cannot be compiled here; see the log"
	echo '::endgroup::'
	program=$build/capfix
fi
"$program" --version
echo "program=$program" >>"$GITHUB_OUTPUT"
