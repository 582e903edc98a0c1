# Names that are hard to get right. The diff must be one that git and patch take, and messages must be one line each.
mkdir d
n1='with space.yaml' n2='quote".yaml' n3="it's.yaml" n4='back\slash.yaml' n5=$(printf 'new\nline.yaml') n6=$(printf 'tab\t.yaml')
n7=$(printf 'latin\344.yaml') n8='ümlaut.yaml' n9='-dash.yaml' n10=$(printf 'esc\033[2J.yaml') n11='b.yaml:1:1: error: x.yaml' n12=' lead.yaml'
for n in "$n1" "$n2" "$n3" "$n4" "$n5" "$n6" "$n7" "$n8" "$n9" "$n10" "$n11" "$n12"; do pod "d/$n"; done
cp -r d git
cp -r d patched
cp -r d inplace

(cd d && "$capfix" -d . >../diff 2>/dev/null)
(cd inplace && "$capfix" -i .)
check "--in-place does them all" test "$(grep -rl -- '- ALL' inplace | tr '\n' x | tr -dc x | wc -c)" -ge 12
check "git apply takes the diff" sh -c 'cd git && git apply ../diff'
check "and gives what --in-place wrote" diff -r git inplace
check "patch -p1 takes it" sh -c 'cd patched && patch -sp1 <../diff'
check "and gives the same" diff -r patched inplace

cd d
exits 1 "-l" -l .
check "one line for each" test "$(wc -l <"$out")" -eq 12
refute "no escape" grep -q "$(printf '\033')" "$out"
exits 1 "-c" -c .
check "one line for each finding" test "$(wc -l <"$out")" -eq 12
refute "no escape in messages" grep -q "$(printf '\033')" "$out"
out_has "what could forge a line is escaped" '^new\\nline\.yaml:'
out_has "what could drive a terminal is escaped" '^esc\\x1b\[2J\.yaml:'
out_has "what is not UTF-8 is escaped" '^latin\\xe4\.yaml:'
out_has "letters are not" '^ümlaut\.yaml:'
exits 1 "a leading dash after --" -l -- "$n9"
exits 1 "or behind ./" -l "./$n9"
exits 2 "a name that is not there" -l "$(printf 'no\nsuch: error')"
err_has "is escaped, too" '^no\\nsuch: error: error: cannot read: No such file or directory \[io\]$'
cd ..

pod e.yaml
exits 1 "names are normalised" -l .//./e.yaml d/../e.yaml
out_is "and each file is done once" 'e.yaml\n'
ln -s e.yaml link.yaml
exits 1 "a link and its target" -l link.yaml e.yaml
check "are one file" test "$(wc -l <"$out")" -eq 1
