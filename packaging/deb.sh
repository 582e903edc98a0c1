#!/bin/bash
# deb.sh VERSION FOLDER: builds the Debian packages capfix and libcapfix-dev from the source archive, into FOLDER.
#
# DEBFULLNAME and DEBEMAIL name who stands behind them. With DEB_BUILD_OPTIONS= (empty) the build runs make check too.
set -euo pipefail
version=$1
folder=$2
here=$(cd "$(dirname "$0")" && pwd)

for tool in dpkg-buildpackage dh; do
	if ! command -v $tool >/dev/null; then
		echo "deb.sh: needs dpkg-dev and debhelper: sh setup.sh --integration" >&2
		exit 1
	fi
done
mkdir -p "$folder"
# Only the newest stays.
rm -rf "$folder"/work "$folder"/*.deb
archive=$("$here/dist.sh" "$version" "$folder")
mkdir "$folder/work"
tar -C "$folder/work" -xzf "$archive"
rm "$archive"
cd "$folder/work/capfix-$version"
cp -R packaging/debian debian

maintainer="${DEBFULLNAME:-The capfix authors} <${DEBEMAIL:-capfix@example.org}>"
sed -i "s/@MAINTAINER@/$maintainer/" debian/control
{
	sed "s/@COPYRIGHT@/$(sed -n 's/^Copyright (c) //p' LICENSE)/; /@LICENSE@/,\$d" packaging/debian/copyright
	echo "License: Expat"
	sed -e '1,/^Copyright/d' LICENSE | sed -e '/./,$!d' -e 's/^$/./' -e 's/^/ /'
} >debian/copyright
cat >debian/changelog <<END
capfix ($version) unstable; urgency=medium

  * Version $version.

 -- $maintainer  $(date -R -u -d "@${SOURCE_DATE_EPOCH:-$(stat -c %Y README.md)}")
END
DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS-nocheck} dpkg-buildpackage -b -us -uc -rfakeroot >../../build.log 2>&1 || {
	tail -n 20 ../../build.log >&2
	echo "deb.sh: the build failed (all of it: $folder/build.log)" >&2
	exit 1
}
cd ../..
mv work/*.deb .
rm -r work
for deb in *.deb; do
	echo "$folder/$deb"
done
