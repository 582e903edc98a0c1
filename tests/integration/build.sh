# From the source archive to the program: by make, and by pip through pyproject.toml.
. "$TESTS/venv.inc"
sources copy
version=$(sed -n 's/^VERSION = //p' "$ROOT/Makefile")
check "make dist" make -s -C copy dist
tar -xzf "copy/build/dist/capfix-$version.tar.gz"
check "make, from the archive" make -s -j2 -C "capfix-$version"
check "the program of the archive is this one" test "$("capfix-$version/build/capfix" --version)" = "$("$capfix" --version)"
check "make demo" make -s -C "capfix-$version" demo
check "make install" make -s -C "capfix-$version" install DESTDIR="$PWD/installed" PREFIX=/usr
(cd "$STAGE" && find . | sort) >want
(cd installed && find . | sort) >got
same "installs what the work tree installs" got want
refute "and nothing that others may write" grep -q . <(find installed -perm /022 -not -type l)
mkdir runner
check "the GitHub Action compiles the program" env GITHUB_OUTPUT="$PWD/runner/output" RUNNER_TEMP="$PWD/runner" \
	bash "capfix-$version/packaging/action/install.sh"
program=$(sed -n 's/^program=//p' runner/output)
check "and gives it to its next step" test "$("$program" --version)" = "$("$capfix" --version)"
if venv schemas check-jsonschema; then
	check "action.yml is what GitHub takes" schemas/bin/check-jsonschema --builtin-schema vendor.github-actions \
		"$ROOT/action.yml"
fi
venv fresh || return 0
check "pip install, of the archive unpacked" fresh/bin/python -m pip install -q --no-index "./capfix-$version"
pod a.yaml
"$capfix" a.yaml >want
fresh/bin/capfix a.yaml >got
same "what pip compiled works" got want
