# Each mode, what it prints where, and its exit status.
mkdir d
pod d/a.yaml
fine d/b.yaml
pod d/c.json.txt
cp d/a.yaml a.orig

exits 1 "-d has something to fix" -d d
out_has "a diff with git's prefixes" '^--- a/d/a\.yaml$'
out_has "the fix" '^\+ *- ALL$'
refute "no file without the ending" grep -q json "$out"
err_empty "what the diff shows is not said again"
cp "$out" diff
same "-d changes nothing" d/a.yaml a.orig
exits 1 "-d is the default" d
same "and prints the same" "$out" diff
(cd d && "$capfix" >"$out" 2>"$err"; [ $? -eq 1 ]) && pass "no PATH is the folder one is in" || fail "no PATH is the folder one is in"
out_has "without ./ in the names" '^--- a/a\.yaml$'
exits 0 "--exit-zero" --exit-zero d
same "prints the same" "$out" diff
exits 0 "nothing to fix" d/b.yaml
out_empty "prints nothing"
err_empty "says nothing"

exits 1 "-l" -l d
out_is "prints the names" 'd/a.yaml\n'
exits 1 "-l of an absolute name" -l "$PWD/d/a.yaml"
out_is "prints it as it is" "$PWD/d/a.yaml\\n"
exits 0 "-l with nothing to fix" -l d/b.yaml

exits 1 "-c" -c d
out_has "prints findings as results" '^d/a\.yaml:[0-9]+:[0-9]+: (warning|error): .* \[drop\]$'
err_empty "and nothing else"
exits 0 "-c --exit-zero" -c --exit-zero d
exits 0 "-c with nothing to fix" -c d/b.yaml
out_empty "prints nothing"

exits 1 "-d -v" -d -v d
err_has "says what the diff shows, too" '^d/a\.yaml:[0-9]+:[0-9]+: .* \[drop\]$'
err_has "and totals" '^capfix: 2 files, 2 parsed, 1 to change; 2 containers: 1 complied, 2 would; 0 adds kept, 0 to remove; 0 refused, 0 errors$'

exits 0 "-i" -i d
out_empty "prints nothing"
err_is "says how much was done" \
	'capfix: 2 files, 2 parsed, 1 changed; 2 containers: 1 complied, 2 do now; 0 adds kept, 0 removed; 0 refused, 0 errors\n'
refute "the file is another" cmp -s d/a.yaml a.orig
check "with the fix in it" grep -q -- '- ALL' d/a.yaml
exits 0 "-i again" -i d
exits 0 "nothing is left for -d" d
out_empty "prints nothing, too"

refused r.yaml
cp r.yaml r.orig
exits 1 "a refused container in -d" r.yaml
err_has "is an error or a warning with its place" '^r\.yaml:13:[0-9]+: [a-z]+: .* \[refused\]$'
exits 1 "a refused container in -i" -i r.yaml
same "is left alone" r.yaml r.orig
exits 1 "a refused container in -c" -c r.yaml
out_has "is a result" '\[refused\]$'
exits 0 "a refused container and --exit-zero" -i --exit-zero r.yaml

pod q.yaml
unparsable bad.yaml
exits 2 "-q" -q -d q.yaml bad.yaml
err_has "leaves errors" '^bad\.yaml:[0-9]+:[0-9]+: error: .* \[parse\]$'
refute "and nothing else" grep -v error "$err"
exits 2 "--exit-zero does not hide trouble" --exit-zero q.yaml bad.yaml
