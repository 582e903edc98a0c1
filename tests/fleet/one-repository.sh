# one-repository by itself, on this host.
export FLEET_DIR=$PWD/work FLEET_CAPFIX=$top/bin/capfix FLEET_HOST=here FLEET_PUSH=no
one() { sh "$fleet/one-repository" "$1" "$top/bare/$1.git"; }
field() { tail -n 1 "$top/out" | tr '\t' '\n' | sed -n "s/^$1=//p"; }
field_is() { check "$1: $2 is $3" test "$(field "$2")" = "$3"; }
trunk_grows() { # NAME: of a file that is new in "kept"
	(cd "$top/seed/kept" && manifest "$1" >"$1.yaml" && git add -A && git commit -q -m "Add $1" &&
		git push -q "$top/bare/kept.git" trunk)
}
bare_branch() { git -C "$top/bare/$1.git" rev-parse -q --verify capfix/drop-all; }
for name in plain kept refused empty; do (make_repository "$name"); done

exits 0 "a repository is done" one kept
field_is kept files 2
field_is kept containers 2
field_is kept removed 2
field_is kept kept 1
field_is kept refused 0
field_is kept exit 0
check "the findings come first" grep -q '^deploy/edge.yaml:11:[0-9]*: note: .*listens on :80 \[kept\]$' "$top/out"
check "without FLEET_PUSH the branch stays in the clone" git -C work/kept rev-parse -q --verify capfix/drop-all
check "and only there" test -z "$(bare_branch kept)"
first=$(field commit)
git -C work/kept log -1 --format=%B "$first" | sed 's/^Capfix-Tree: .*/Capfix-Tree: .../' >message
check "the commit message counts, and gives reasons" diff message - <<END
Drop all capabilities in Kubernetes manifests

Made by $("$CAPFIX" --version).
Files changed: 2. Containers fixed: 2, refused: 0.
Adds removed: 2, kept: 1.

Removed, because no policy entry allows it:
- deploy/edge.yaml:11: container "edge" adds SYS_TIME, which no policy entry allows
- deploy/edge.yaml:11: container "edge" adds NO_SUCH, which Linux does not know

Kept, with the reason in the policy:
- deploy/edge.yaml:11: container "edge" keeps NET_BIND_SERVICE (.capfix.yaml:3): listens on :80

Capfix-Tree: ...

END
check "the committer is the user of git" test "$(git -C work/kept log -1 --format='%an %ae %cn %ce' "$first")" = \
	"Fleet Test test@example.com Fleet Test test@example.com"
GIT_COMMITTER_DATE='2001-01-01 00:00:00 +0000' exits 0 "a second run, at another time," one kept
check "makes no second commit" test "$(field commit)" = "$first"
FLEET_PUSH=yes exits 0 "a run that pushes" one kept
check "pushes that commit" test "$(bare_branch kept)" = "$first"
check "the branch is what capfix makes by hand" branch_is_by_hand kept

exits 0 "what is refused does not stop the rest" one refused
field_is refused exit 1
field_is refused refused 1
check "the message says what needs a person" grep -q '^- odd.yaml:11: container "odd": "drop" should be a list' \
	<(git -C work/refused log -1 --format=%B capfix/drop-all)
exits 0 "an empty repository is nothing to do" one empty
field_is empty commit -
exits 1 "a repository that is not there fails" one nowhere
err_has "and is named" 'cannot fetch .*nowhere.git'
FLEET_CAPFIX=no-such-program exits 1 "a capfix that is not there fails" one plain
exits 1 "a name that leads elsewhere is refused" sh "$fleet/one-repository" ../plain "$top/bare/plain.git"
FLEET_BRANCH=trunk exits 1 "the default branch is never the one to make" one plain
mkdir "$top/nobody" && printf '[user]\n\temail = test@example.com\n' >"$top/nobody/.gitconfig"
HOME=$top/nobody exits 1 "without an identity nothing is done" one plain
err_has "and it says what to do" 'set user.name and user.email'

# Two at once, as when a host lost its connection, and the next run begins while it is still at work.
one plain >/dev/null 2>&1 &
exits 0 "two at once take turns" one plain
wait $! || fail "and the other succeeds too"
check "and make one commit" test "$(git -C work/plain reflog capfix/drop-all | wc -l)" -eq 1

# Killed in the middle, with locks of git left behind.
mkdir "$top/killed" && cp "$top/home/.gitconfig" "$top/killed" && mkdir "$top/killed/first" && : >"$top/killed/hold"
(HOME=$top/killed exec setsid sh "$fleet/one-repository" plain "$top/bare/plain.git" >/dev/null 2>&1) &
killed=$!
disown $killed
wait_for "$top/killed/held"
kill_tree $killed
: >work/plain/.git/index.lock
exits 0 "one that was killed is done by the next run" one plain
field_is plain files 1

# The default branch moves on.
trunk_grows later
FLEET_PUSH=yes exits 0 "after a commit on the default branch" one kept
field_is kept files 3
check "the branch is made anew" branch_is_on_trunk kept
check "with what is new" branch_is_by_hand kept
# Somebody adds to the branch.
git clone -q -b capfix/drop-all "$top/bare/kept.git" person
(cd person && echo "# mine" >>later.yaml && git commit -q -a --amend --no-edit && git push -q -f origin capfix/drop-all)
theirs=$(bare_branch kept)
trunk_grows last
FLEET_PUSH=yes exits 0 "a branch with somebody's work in it" one kept
check "is left alone" test "$(bare_branch kept)" = "$theirs"
check "and that is said" grep -q "note=the branch capfix/drop-all has work of others" "$top/out"
# They merge it, and the branch stays.
git -C "$top/seed/kept" fetch -q "$top/bare/kept.git" capfix/drop-all
(cd "$top/seed/kept" && git merge -q -m Merge FETCH_HEAD && git push -q "$top/bare/kept.git" trunk)
FLEET_PUSH=yes exits 0 "after it was merged" one kept
check "the branch is ours again" branch_is_by_hand kept
unset FLEET_DIR FLEET_CAPFIX FLEET_HOST FLEET_PUSH
