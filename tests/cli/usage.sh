# The command line.
exits 0 "--help" --help
check "fits 80 columns" awk 'length($0) > 80 { exit 1 }' "$out"
for option in diff in-place list check explain effective init-policy policy no-policy files0-from require-clean exit-zero color quiet verbose version help; do
	out_has "names --$option" "--$option"
done
exits 0 "-h" -h
exits 0 "--version" --version
out_has "has a number" '^capfix [0-9]+\.[0-9]+\.[0-9]+$'
for bad in --nonsense -x --diff=1 -p --policy --color --color=mauve; do
	exits 2 "$bad alone" $bad
	err_has "$bad: says where to look" '^see capfix --help$'
	out_empty "$bad: no results"
done
for cluster in -xy -: -qx; do
	exits 2 "an unknown letter in $cluster behind a long option" --check $cluster
	err_has "is named" "^capfix: unknown option -[x:]\$"
done
exits 2 "unknown option" --nonsense
err_has "is named" '^capfix: unknown option --nonsense$'
exits 2 "control characters of an option" "$(printf -- '--x\033[2J\n.yaml: error')"
check "are not sent on" test "$(wc -l <"$err")" -eq 2
refute "no escape" grep -q "$(printf '\033')" "$err"
exits 2 "two modes" -d -i
err_has "what can be done is named" 'only one of --diff, .*--init-policy'
exits 2 "two modes that change nothing" --explain --init-policy
exits 2 "two modes in one word" -lc
exits 2 "two policies" --policy p --no-policy
exits 2 "quiet and verbose" -q -v
exits 2 "a list and a path" --files0-from=list a.yaml
err_has "exclude each other" '^capfix: --files0-from and paths cannot be used together$'
mkdir empty
exits 0 "one mode twice" -d --diff empty
exits 0 "a short form of a long option" --dif empty
CAPFIX_TODAY=2026-02-29 exits 2 "a CAPFIX_TODAY that is no date" empty
err_has "is named" 'CAPFIX_TODAY'
CAPFIX_TODAY= exits 2 "an empty CAPFIX_TODAY" empty
exits 2 "an empty name" ""
err_has "is no file" 'No such file'
pod ./--in-place
exits 1 "-- ends the options" -l -- --in-place
out_has "and what follows is a name" "^--in-place$"
