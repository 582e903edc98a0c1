# --format, --output, --show-kept and --explain-code, as their users see them. Validators are in tests/report.
checker="$here/../report/check.py"
valid() { # NAME KIND REPORT [BEFORE AFTER]
	local name=$1
	shift
	if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
		check "$name" /usr/bin/python3 "$checker" "$@"
	else
		pass "$name # skipped: no python3-jsonschema, which setup.sh --test installs"
	fi
}

mkdir before
(
	cd before || exit
	mkdir d
	pod d/a.yaml
	fine d/b.yaml
	added d/c.yaml
	sed 's/NET_BIND_SERVICE/SYS_TIME/' d/c.yaml >d/d.yaml
	refused d/r.yaml
	# The same in every place that must not be trusted.
	sed -e 's/name: web/name: "|`<b>@root<\/b>`[x](http:\/\/example.com) %0A::error::"/' d/d.yaml >'d/|`@h<i>%:, [x].yaml'
	sed -e 's/name: web/name: "a\\n::error::x\\e[31m\\u202e\\0"/' d/d.yaml >"$(printf 'd/n\n::error::x.yaml')"
	sed 's/$/\r/' d/a.yaml >d/crlf.yaml
	printf '\357\273\277' | cat - d/a.yaml >d/bom.yaml
	cp d/a.yaml "$(printf 'd/\377\303.yaml')"
	unparsable d/bad.yaml
	cat >.capfix.yaml <<-'END'
		version: 1
		allow:
		  - capability: NET_BIND_SERVICE
		    reason: "listens on :80 | `<script>alert(1)</script>` @all"
		    owner: team-edge
		    ticket: SEC-123
		    expires: 2027-06-30
	END
)
cp -R before after
(cd after && "$capfix" -i d >/dev/null 2>&1)
cp -R after written
cd before || exit

for format in json sarif github markdown html; do
	exits 2 "$format, with a file that cannot be parsed" --format $format d
	cp "$out" ../first
	err_has "says what is wrong where people look" '^d/bad\.yaml:[0-9]+:[0-9]+: error: .* \[parse\]$'
	check "and nothing else" test "$(wc -l <"$err")" -eq 1
	exits 2 "$format again" --format $format d
	same "is the same, byte for byte" "$out" ../first
	exits 2 "$format to a file" --format $format --output ../report.$format d
	out_empty "prints nothing"
	same "and writes the same" ../report.$format ../first
	exits 1 "$format with something to fix" --format $format d/a.yaml
	exits 1 "$format with -l" --format $format -l d/a.yaml
	refute "does not print the names" grep -qx 'd/a.yaml' "$out"
	exits 0 "$format with nothing to fix" --format $format d/b.yaml
	exits 0 "$format with --exit-zero" --format $format --exit-zero d/a.yaml
	refute "$format has no raw control characters" grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae' ../report.$format
done

# json
valid "the JSON report is as its schema says, and its edits are those of -i" json ../report.json . ../after
check "a name that is not UTF-8 can be had back" grep -q '"path":"d/\\\\xff\\\\xc3.yaml","path_percent":"d/%FF%C3.yaml"' ../report.json
check "the entry that decided" grep -q '"policy":{"path":".capfix.yaml","line":3,"col":5,"capability":"NET_BIND_SERVICE","reason":"listens on :80 .*","owner":"team-edge","ticket":"SEC-123","expires":"2027-06-30"}' ../report.json
check "the exit status" grep -q '^{"type":"summary",.*"status":2}$' ../report.json
(cd ../written && exits 2 "json with -i" -i --format json --output ../written.json d)
valid "is valid" json ../written.json
cp -R . ../again
(cd ../again && exits 2 "json with -i where there is something to do" -i --format json d && cp "$out" ../again.json)
valid "is valid, too" json ../again.json . ../after
check "and says what was written" grep -q '"path":"d/a.yaml",.*"written":true' ../again.json
check "the files are fixed" cmp d/../../again/d/a.yaml ../after/d/a.yaml

# sarif
valid "the SARIF report is as its schema says, and its fixes are those of -i" sarif ../report.sarif . ../after
check "what is kept is suppressed, with the reason" grep -q '"ruleId":"kept",.*"suppressions":\[{"kind":"external","status":"accepted","justification":"listens on :80' ../report.sarif
check "names are percent-encoded" grep -q '"uri":"d/%7C%60%40h%3Ci%3E%25%3A%2C%20%5Bx%5D.yaml"' ../report.sarif
prints() { grep -o '"capfix/v1":"[^"]*"' "$1"; }
exits 1 "sarif of one file" --format sarif d/d.yaml
prints "$out" >../prints
sed -i '1i # a new line' d/d.yaml
exits 1 "sarif of the same file with a line more" --format sarif d/d.yaml
prints "$out" >../prints.moved
same "has the same fingerprints" ../prints ../prints.moved
sed -i 1d d/d.yaml
printf 'version: 1\nexempt:\n  - reason: "not yet"\n    match: {name: web}\n' >../exempt.yaml
exits 0 "sarif of an exempt container" --format sarif --policy ../exempt.yaml d/a.yaml
check "has its justification" grep -q '"ruleId":"exempt",.*"justification":"not yet"' "$out"
valid "is valid" sarif "$out"

# github
sed 's/^::\([a-z]*\) .*/\1/' ../report.github >../levels
refute "every line is a command" grep -vE '^(error|warning|notice)$' ../levels
refute "errors come first, then warnings, then notices" sh -c 'sed -e s/error/1/ -e s/warning/2/ -e s/notice/3/ ../levels | sort -c 2>&1 | grep .'
check "the summary is the first notice" sh -c 'grep -m1 ^::notice ../report.github | grep -q "title=capfix::11 files"'
check "a line break in a name stays in its place" grep -q '^::warning file=d/n%0A%3A%3Aerror%3A%3Ax.yaml,line=' ../report.github
check "so do the marks of a command" grep -q '^::warning file=d/|`@h<i>%25%3A%2C \[x\].yaml,line=' ../report.github
(
	export GITHUB_WORKSPACE=$PWD
	cd d && exits 1 "in a folder below the checkout" --format github a.yaml
)
check "names start at the checkout" grep -q '^::warning file=d/a.yaml,' "$out"

# markdown
check "nothing of the manifests is Markdown or HTML" sh -c '! sed "/^\`\`\`*diff/,/^\`\`\`*$/d" ../report.markdown | grep -qE "@|<b>|<i>|<script|\]\(|http:"'
check "the reason is in the table of what is kept" grep -q 'listens on &#58;80 &#124; &#96;&#60;script&#62;' ../report.markdown
check "refused ones need a person" grep -q '^| <code>d/r&#46;yaml&#58;13</code> | refused |' ../report.markdown
mkdir ../many
for i in 1 2 3 4 5 6 7 8 9; do
	for j in 0 1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m n o p q r s t; do
		sed "s/SYS_TIME/SYS_TIME\\n            - SYS_ADMIN/" d/d.yaml >../many/$i$j.yaml
	done
done
exits 1 "markdown of many files" --format markdown ../many
check "is cut at 65,000 characters" test "$(wc -c <"$out")" -le 65000
check "but not far below" test "$(wc -c <"$out")" -gt 50000
out_has "and says where the rest is" '^_[0-9]+ more are not shown: run `capfix --diff` to see all_$'
check "no diff is cut in the middle" test "$(grep -c '^<details>' "$out")" -eq "$(grep -c '^</details>' "$out")"

# --show-kept, on the text of people
exits 0 "--show-kept" --show-kept d/c.yaml
err_has "tells who answers for it" 'keeps NET_BIND_SERVICE .*; owner: team-edge; ticket: SEC-123; expires: 2027-06-30 \[kept\]$'
exits 0 "-q" -q d/c.yaml
err_empty "says nothing"
exits 0 "-q --show-kept" -q --show-kept d/c.yaml
err_has "lists what is kept all the same" '\[kept\]$'

# Hints
exits 1 "-v has hints" -v d/a.yaml
err_has "of what to do" '^capfix: hint: .*--in-place'
exits 1 "-v with a refused container" -v d/r.yaml
err_has "names the way to learn more" '^capfix: hint: .*--explain-code refused$'
