#!/bin/bash
# dist.sh VERSION FOLDER: writes FOLDER/capfix-VERSION.tar.gz, the files that git knows of.
#
# The same commit gives the same bytes, whoever makes it: names are sorted, owners and modes levelled, and the time is
# that of the last commit (or SOURCE_DATE_EPOCH).
set -euo pipefail
export LC_ALL=C
name=capfix-$1
folder=$2

if ! top=$(git rev-parse --show-toplevel 2>/dev/null) || [ "$top" != "$(pwd -P)" ]; then
	echo "dist.sh: a source archive is made from git's files, and this is not the top of a git work tree" >&2
	exit 1
fi
[ -z "$(git status --porcelain)" ] || echo "dist.sh: note: with changes that are not committed" >&2
date=${SOURCE_DATE_EPOCH-$(git log -1 --format=%ct)}
mkdir -p "$folder"
list=$folder/$name.list

# Deleted files are still in git's list.
git ls-files -z --cached --others --exclude-standard | sort -zu |
	while IFS= read -r -d '' path; do [ ! -e "$path" ] || printf '%s\0' "$path"; done >"$list"
tar --create --format=gnu --no-recursion --null --files-from="$list" --transform="s,^,$name/,S" \
	--owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$date" | gzip -n -9 >"$folder/$name.tar.gz.new"
rm "$list"
mv "$folder/$name.tar.gz.new" "$folder/$name.tar.gz"
echo "$folder/$name.tar.gz"
