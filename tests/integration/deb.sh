# The Debian packages: built, looked at by lintian, unpacked. root.sh installs them in a clean system.
if ! command -v dh >/dev/null || ! command -v fakeroot >/dev/null; then
	skip "make deb" "debhelper or fakeroot is not installed (sh setup.sh --integration)"
	return
fi
. "$TESTS/venv.inc"
sources copy
check "make deb" make -s -C copy deb
debs=copy/build/deb
version=$(sed -n 's/^VERSION = //p' "$ROOT/Makefile")
for package in capfix libcapfix-dev; do
	check "$package: of this version" test "$(dpkg-deb -f $debs/${package}_"$version"_*.deb Version)" = "$version"
	dpkg-deb -x $debs/${package}_*.deb root
done
# The same files as `make install` has put, but for Debian's own places and its compression.
files() { (cd "$1" && find . -not -type d | sed -e 's/\.gz$//' -e 's,/lib/[^/]*-linux-gnu[^/]*/,/lib/,' \
	-e s,vendor-completions,site-functions, | grep -v /share/doc/ | sort); }
files "$STAGE" >want
files root >got
same "they hold all that is installed" got want
check "the program runs" test "$(root/usr/bin/capfix --version)" = "capfix $version"
for library in libfyaml0 libjansson4 libseccomp2; do
	check "it asks for $library by its version" grep -q "$library (>= " <(dpkg-deb -f $debs/capfix_*.deb Depends)
done
check "the copyright file has the whole licence" grep -q 'DEALINGS IN THE' root/usr/share/doc/capfix/copyright
check "it names no place where it was built" sh -c '! grep -rqF "$PWD" root'
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on warning,error $debs/*.deb >said 2>&1
	check "lintian has nothing to say" test $? -eq 0
	refute "not even warnings" grep '^[EW]:' said
else
	skip lintian "it is not installed (sh setup.sh --integration)"
fi
