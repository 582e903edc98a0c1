# The editor's example: what it makes of a buffer is what `capfix -i -` writes.
export CAPFIX=$capfix
fix() { "$ROOT/examples/editor/fix-buffer" "$@"; }
policy my-policy.yaml
for make in pod fine added refused; do
	$make in.yaml
	for options in --no-policy "--policy my-policy.yaml"; do
		# Words of their own.
		# shellcheck disable=SC2086
		"$capfix" $options -i - <in.yaml >want 2>/dev/null
		# shellcheck disable=SC2086
		fix $options <in.yaml >got 2>said
		check "$make, $options: no trouble" test $? -eq 0
		same "$make, $options: the same bytes" got want
	done
done
pod in.yaml
{ cat in.yaml; printf -- '---\r\n# \303\244\r\n'; sed 's/$/\r/' in.yaml; printf '        stdin: true'; } >two.yaml
"$capfix" -i - <two.yaml >want
fix <two.yaml >got 2>said
same "two documents, CRLF, no final newline" got want
check "the findings are told with their places" grep -q '^9:9: warning: container "web" does not drop ALL' said
unparsable in.yaml
fix <in.yaml >got 2>said
check "what does not parse is trouble" test $? -eq 2
same "and stays" got in.yaml
