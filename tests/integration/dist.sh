# The source archive: the same bytes twice, all that git knows of, and nothing of its maker. build.sh builds from it.
mkdir one && cp -R "$ROOT/packaging" "$ROOT/man" "$ROOT/README.md" one
long=one/$(printf 'n%.0s' $(seq 120))
mkdir -p 'one/with blank/a' "$long"
touch 'one/with blank/a.c' 'one/with blank/a/b' "$long/name" one/-n one/ignored
echo /ignored >one/.gitignore
touch one/removed
(cd one && git init -q . && git add . && GIT_COMMITTER_DATE='2026-01-02T03:04:05Z' git commit -q -m copy && rm removed && touch A.new)
cp -R one two
find two -not -path "*/.git/*" -exec touch -d 2001-01-01 {} +
chmod -R g+w,o-r two/man
dist() { (cd "$1" && umask "$2" && packaging/dist.sh 1.2.3 "../$1.d"); }
check "it is made" dist one 022
check "and once more, elsewhere" dist two 077
archive=capfix-1.2.3.tar.gz
same "with the same bytes" one.d/$archive two.d/$archive
tar -tzf one.d/$archive | sed 's,^capfix-1.2.3/,,' >got
git -C one ls-files --cached --others --exclude-standard | grep -vx removed | LC_ALL=C sort >want
same "it holds git's files, in the order of their names" got want
refute "all of root, of the commit's time and with plain modes" grep -Evq \
	'^-rw[x-]r-[x-]r-[x-] 0/0 +[0-9]+ 2026-01-02 03:04 ' <(tar --numeric-owner -tvzf one.d/$archive)
dist one 022 >/dev/null 2>said
check "changes that are not committed are said" grep -q 'not committed' said
mkdir plain && cp -R one/packaging plain
refute "outside of git it stops" dist plain 022
