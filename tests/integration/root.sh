# The Debian packages in a clean system of their own. Slow: needs root, debootstrap and a mirror.
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
	skip "packages in a clean root" "needs root and debootstrap"
	return
fi
# The mirror and the release of this machine.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | head -n 1)
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
root=$PWD/root
if ! debootstrap --variant=minbase "$suite" "$root" "$mirror" >debootstrap.log 2>&1; then
	skip "packages in a clean root" "debootstrap failed: $(tail -n 1 debootstrap.log)"
	return
fi
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive HOME=/root "$@"; }
listing() { inside find / -xdev -not -path '/proc*' -not -path '/var/*' -not -path '/tmp/*' -not -type d | sort; }
cp "$BUILD"/deb/*.deb "$root/tmp"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null
pod "$root/tmp/a.yaml"
"$capfix" -i - <"$root/tmp/a.yaml" >want

check "apt installs capfix, and what it needs" inside sh -c 'apt-get install -q -y --no-install-recommends /tmp/capfix_*.deb'
check "it runs" test "$(inside capfix --version)" = "$("$capfix" --version)"
check "so does kubectl-capfix" test "$(inside kubectl-capfix --version)" = "$("$capfix" --version)"
inside sh -c 'capfix -i - </tmp/a.yaml' >got
same "and does its work" got want
check "as anybody" inside setpriv --reuid=65534 --clear-groups capfix --exit-zero /tmp/a.yaml
check "bash takes its completions" inside bash -c '. /usr/share/bash-completion/completions/capfix && complete -p capfix'
check "apt installs the library, and a compiler" inside sh -c \
	'apt-get install -q -y --no-install-recommends /tmp/libcapfix-dev_*.deb gcc libc6-dev pkg-config'
check "the example compiles" inside sh -c 'gcc -o /tmp/editor /usr/share/doc/libcapfix-dev/examples/editor.c \
	$(pkg-config --cflags --libs capfix)'
inside sh -c '/tmp/editor </tmp/a.yaml' >got
same "and does the same work" got want
check "apt purges them" inside sh -c 'apt-get purge -q -y capfix libcapfix-dev && apt-get autoremove --purge -q -y &&
	apt-get purge -q -y --autoremove gcc pkg-config libc6-dev'
listing >after
refute "without a trace" grep -i capfix after
