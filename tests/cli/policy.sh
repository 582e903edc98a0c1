# Which policy holds, and that a bad one stops everything.
mkdir -p top/repo/deploy/edge && cd top
added repo/deploy/edge/a.yaml
cp repo/deploy/edge/a.yaml orig
exits 1 "no policy" -l repo
policy .capfix.yaml
exits 0 "a policy above" repo
out_empty "keeps what it allows"
cd repo/deploy/edge
exits 0 "from below" a.yaml
exits 0 "and for an absolute name" "$PWD/a.yaml"
cd ../../..
git -C repo init -q .
exits 1 "not past the root of a work tree" -l repo
policy repo/.capfix.yaml
exits 0 "the root's own policy holds" repo
printf 'version: 1\n' >repo/deploy/.capfix.yaml
exits 1 "the nearest counts" -l repo
exits 1 "--no-policy" -l --no-policy repo
exits 0 "--policy" -l --policy .capfix.yaml repo
exits 0 "-p" -lp .capfix.yaml repo
bad_policy bad.yaml
exits 0 "--policy switches the search off" -l -p .capfix.yaml repo

cat >scoped.yaml <<'EOF'
version: 1
allow:
  - capability: NET_BIND_SERVICE
    reason: "listens on :80"
    match: {path: "repo/deploy/edge/*"}
EOF
exits 0 "paths are relative to the policy file" -l -p scoped.yaml repo
cd repo/deploy
exits 0 "wherever one is" -l -p ../../scoped.yaml edge
cd ../..

pod repo/b.yaml && cp repo/b.yaml b.orig
exits 2 "a bad policy" -i -p bad.yaml repo
out_empty "prints no results"
err_has "its first mistake has a place" '^bad\.yaml:2:[0-9]+: error: .*nonsense.* \[policy\]$'
err_has "its last, too" '^bad\.yaml:4:[0-9]+: error: .*NO_SUCH_THING.* \[policy\]$'
same "nothing is written" repo/b.yaml b.orig
exits 2 "--exit-zero does not hide it" --exit-zero -p bad.yaml repo
mkdir -p repo/z/y && pod repo/z/y/c.yaml && bad_policy repo/z/.capfix.yaml
exits 2 "a bad policy somewhere" -i repo
same "stops all before any is written" repo/b.yaml b.orig
err_has "and is named" '^repo/z/\.capfix\.yaml:2:'
bad_policy repo/deploy/.capfix.yaml
exits 2 "two bad policies" -i repo
err_has "the one is named" '^repo/z/\.capfix\.yaml:4:'
err_has "the other, too" '^repo/deploy/\.capfix\.yaml:4:'
exits 2 "a bad policy that is named as a file" repo/z/.capfix.yaml
err_has "is checked" '^repo/z/\.capfix\.yaml:2:'
rm -r repo/z
policy repo/deploy/.capfix.yaml
exits 0 "a good one" -v repo/deploy/.capfix.yaml
err_has "is not taken for a manifest" '^capfix: 0 files'
printf 'apiVersion: v1\nkind: Pod\n' >repo/deploy/.capfix.yaml
exits 2 "a policy that is no policy" repo/deploy
exits 2 "a policy that is not there" -p nothere.yaml repo
err_has "is named" '^nothere\.yaml: error: cannot read: No such file or directory \[policy\]$'
rm repo/deploy/.capfix.yaml && ln -s nowhere repo/deploy/.capfix.yaml
exits 2 "a policy that leads nowhere" repo/deploy
rm repo/deploy/.capfix.yaml && mkdir repo/deploy/.capfix.yaml
exits 2 "a policy that is a folder" repo/deploy
rmdir repo/deploy/.capfix.yaml

cat >repo/.capfix.yaml <<'EOF'
version: 1
exclude: ["deploy/**"]
EOF
exits 1 "exclude" -l repo
out_is "leaves files out of a walk" 'repo/b.yaml\n'
exits 1 "but not a named one" -l repo/deploy/edge/a.yaml
cat >repo/.capfix.yaml <<'EOF'
version: 1
allow:
  - capability: NET_BIND_SERVICE
    reason: "listens on :80"
    owner: team-edge
    expires: 2026-06-10
EOF
exits 0 "an entry that ends soon" repo/deploy
err_has "is noted" '^repo/\.capfix\.yaml:3:[0-9]+: note: NET_BIND_SERVICE expires on 2026-06-10, in 9 days; owner: team-edge \[expiring\]$'
CAPFIX_TODAY=2026-06-10 exits 0 "its last day" repo/deploy
CAPFIX_TODAY=2026-06-11 exits 1 "the day after" repo/deploy
err_has "it is warned of" '^repo/\.capfix\.yaml:3:[0-9]+: warning: NET_BIND_SERVICE expired on 2026-06-10.*\[expired\]$'

# What matched nothing is said at the end of the whole run.
cat >repo/.capfix.yaml <<'EOP'
version: 1
allow:
  - {capability: NET_BIND_SERVICE, reason: "listens on :80"}
  - {capability: SYS_TIME, reason: "set once", match: {container: nobody}}
exempt:
  - {reason: "gone", match: {kind: Nothing}}
EOP
exits 0 "entries that match nothing" repo/deploy
err_has "are named" '^repo/\.capfix\.yaml:4:5: note: SYS_TIME matched nothing .*\[unused\]$'
err_has "exemptions too" '^repo/\.capfix\.yaml:6:5: note: this exemption matched nothing .*\[unused\]$'
refute "one that matched is not" grep -q NET_BIND_SERVICE.*unused "$err"
exits 0 "are nothing to fix" -c repo/deploy
exits 1 "but with --check-policy" --check-policy repo/deploy
exits 0 "and not with --exit-zero" --check-policy --exit-zero repo/deploy
cat >repo/.capfix.yaml <<'EOP'
version: 1
allow:
  - {capability: NET_BIND_SERVICE, reason: "listens on :80"}
EOP
printf 'nonsense\n' >.capfix.yaml
exits 0 "a policy that is all used" --check-policy repo/deploy
refute "has nothing to say, nor has one above, which does not hold here" grep -q unused "$err"
