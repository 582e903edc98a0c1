# The diff, applied by git and by patch, gives what --in-place writes. Names are relative to where one is.
mkdir -p repo/deploy/sub && cd repo
git init -q .
pod deploy/a.yaml
pod deploy/sub/b.yaml
added deploy/c.yaml
pod crlf.yaml && sed -i 's/$/\r/' crlf.yaml
pod end.yaml && truncate -s -1 end.yaml
printf '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a","image":"b"}]}}' >one.json
git add -A && git commit -qm start
cp -r ../repo ../repo2
cp -r ../repo ../repo3
exits 1 "a diff of all" .
check "names six files" test "$(grep -c '^--- a/' "$out")" -eq 6
cp "$out" ../all.diff
check "git apply --check" git apply --check ../all.diff
check "git apply" git apply ../all.diff
(cd ../repo2 && "$capfix" -i .)
check "gives what --in-place wrote" diff -r --exclude=.git . ../repo2
check "patch -p1" sh -c 'cd ../repo3 && patch --binary -sp1 <../all.diff'
check "gives the same" diff -r --exclude=.git ../repo3 ../repo2
check "CRLF is still there" sh -c '! grep -qv "$(printf "\r")\$" crlf.yaml'
check "no line break came at the end" test "$(tail -c 1 end.yaml)" != ""
git checkout -q .
cd deploy
exits 1 "in a folder below" .
cp "$out" ../../sub.diff
check "the diff applies there" git apply ../../sub.diff
check "to the files there" cmp a.yaml ../../repo2/deploy/a.yaml
