# --output: all or nothing. And --explain-code, and bad usage of both.
pod a.yaml
unparsable bad.yaml

exits 1 "--output" --output diff a.yaml
out_empty "prints nothing"
exits 1 "without it" a.yaml
same "the file has the same" diff "$out"
check "with the mode of a new file" test "$(stat -c %a diff)" = "$(: >new && stat -c %a new)"
chmod 600 diff
ln -s diff link
before=$(inode diff)
exits 1 "--output to a link" --output link a.yaml
check "keeps the link" test -h link
check "and the mode" test "$(stat -c %a diff)" = 600
refute "the file is a new one" test "$(inode diff)" = "$before"
exits 2 "--output with trouble in the run" --format json --output r.json bad.yaml
check "is written all the same" grep -q '"code":"parse"' r.json
check "no temporary file is left" sh -c '! ls -a | grep -q "capfix.*tmp"'

exits 2 "--output in a folder that is not there" --output no/such/r a.yaml
err_has "says which and why" '^capfix: no/such/r: cannot write the report: No such file or directory$'
exits 2 "--output that is a folder" --output . a.yaml
err_has "says so" '^capfix: \.: cannot write the report: it is a folder$'
if can_be_user; then
	mkdir ro && echo old >ro/r && chmod 555 ro && chmod 777 . && umask 022
	as_user "$capfix" --output ro/new a.yaml >"$out" 2>"$err"
	check "a folder that may not be written to: 2" test $? -eq 2
	err_has "says why" 'ro/new: cannot write the report: Permission denied'
	check "what was there is there" grep -qx old ro/r
fi
exits 1 "--output to a device" --output /dev/stdout a.yaml
same "writes straight to it" "$out" diff
if [ -w /dev/full ]; then
	exits 2 "--output to a full device" --format json --output /dev/full a.yaml
	err_has "is seen" '^capfix: cannot write to the file of --output: No space left'
	"$capfix" --format sarif a.yaml >/dev/full 2>"$err"
	check "a full standard output is seen in a report too" test $? -eq 2
fi

# A report that an earlier run left among the manifests is none of them.
mkdir w && pod w/a.yaml
(cd w && "$capfix" --format json --output report.json . >/dev/null 2>&1)
(cd w && exits 1 "a second run with the report beside the manifests" --format json --output report.json .)
check "does not take it for one" grep -q '"files":1,' w/report.json

exits 2 "-i - with a report on standard output" -i --format json -
err_has "is bad usage" '--output FILE'
"$capfix" -i --format json --output piped.json - <a.yaml >"$out" 2>"$err"
check "-i - with the report elsewhere" test $? -eq 0
check "hands on the fixed text" grep -q -- '- ALL' "$out"
refute "and nothing else" grep -q '"type"' "$out"
check "the report has it too" grep -q '"path":"-","outcome":"changed",.*"written":true' piped.json
"$capfix" --format sarif - <a.yaml >"$out" 2>"$err"
out_has "SARIF calls standard input by its name" '"uri":"stdin:"'
exits 2 "an unknown format" --format yaml a.yaml
err_has "is bad usage" '--format takes text, json, sarif, github'

bad_policy bad-policy.yaml
for format in json sarif github markdown html; do
	exits 2 "$format with a bad policy" --format $format --policy bad-policy.yaml a.yaml
	out_has "has its mistakes" 'nonsense'
	err_has "which are said too" '^bad-policy\.yaml:2:1: error: .* \[policy\]$'
done

exits 0 "--explain-code all" --explain-code all
check "lists every code" test "$(wc -l <"$out")" -ge 25
cut -d ' ' -f 1 "$out" >codes
while read -r code; do
	exits 0 "--explain-code $code" --explain-code "$code"
	out_has "says what to do" '^What to do$'
done <codes
exits 2 "--explain-code with no such code" --explain-code nope
err_has "says where to look" '^capfix: there is no finding code "nope"$'
