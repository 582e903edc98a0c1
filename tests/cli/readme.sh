# What the README shows is what happens, and each option of --help is in it and in the manual.
root=$here/../..
cp -r "$root/examples" .
awk '/^```console$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" >block
check "the README has an example" grep -q '^\$ capfix --diff ' block
args=$(sed -n '1s/^\$ capfix //p' block)
# shellcheck disable=SC2086 # they are words
"$capfix" $args >shown 2>&1
check "its output is real" diff <(tail -n +2 block) shown
for command in 'sh setup.sh && make demo' 'sh setup.sh --test && make check'; do
	check "the README says: $command" grep -qxF "$command" "$root/README.md"
done
"$capfix" --help >help
for option in $(grep -o -- '--[a-z][a-z0-9-]*' help | sort -u); do
	case $option in --help | --version) ;; *) check "$option is in the README" grep -q -- "\`.*$option" "$root/README.md" ;; esac
	check "$option is in the manual" grep -q -- "Fl Fl ${option#--}" "$root/man/capfix.1"
done
# The codes that the manual explains are those that the source has.
codes=$(sed -n 's/.*\[CODE_[A-Z_]*\] = "\(.*\)".*/\1/p' "$root/src/finding.c" | sort)
check "there are codes" test -n "$codes"
check "the manual explains each code, and no other" diff <(echo "$codes") \
	<(sed -n '/^\.Ss Findings/,/^\.Sh/s/^\.It Cm //p' "$root/man/capfix.1" | sort)
