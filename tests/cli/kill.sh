# Killed at any moment: each file is whole, old or new, and the next run finishes the work and clears up.
# CAPFIX_KILLS=100 tries harder.
rounds=${CAPFIX_KILLS:-8}
mkdir old
for i in $(seq 16); do
	pod old/$i.yaml
	# Long enough that a write takes a while.
	head -c 200000 /dev/zero | tr '\0' '#' | fold -w 100 >>old/$i.yaml
	echo >>old/$i.yaml
done
cp -r old new && "$capfix" -q -i new
check "there is something to do" test "$(cat old/*.yaml | grep -c ALL)" -lt "$(cat new/*.yaml | grep -c ALL)"

# whole DIR: each file is as in old or in new; anything else is a temporary file, one at most.
whole() {
	local f temps=0
	for f in "$1"/* "$1"/.[!.]*; do
		[ -e "$f" ] || continue
		case ${f##*/} in
		.*.capfix-*) temps=$((temps + 1)) ;;
		*) cmp -s "$f" "old/${f##*/}" || cmp -s "$f" "new/${f##*/}" || return 1 ;;
		esac
	done
	[ $temps -le "$2" ] && [ "$(ls "$1" | wc -l)" -eq 16 ]
}
# at_work PID: waits until some file of w, by chance, has its new text, and a little more. Nothing here starts a process.
at_work() {
	local mine=w/$((RANDOM % 16 + 1)).yaml turns=$((RANDOM % 1000))
	until [ "$mine" -nt stamp ] || ! kill -0 "$1" 2>/dev/null; do :; done
	while [ $((turns--)) -gt 0 ]; do :; done
}
# A time that lies between the old files and the new ones, whatever the clock of the file system.
touch -d '2001-01-01' old/* && touch -d '2002-01-01' stamp
broken=0 unfinished=0 left=0 cut=0
for round in $(seq "$rounds"); do
	rm -rf w && cp -rp old w
	"$capfix" -q -i w &
	pid=$!
	at_work $pid
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	whole w 1 || broken=$((broken + 1))
	diff -rq w new >/dev/null || cut=$((cut + 1))
	left=$((left + $(find w -name '.*.capfix-*' | wc -l)))
	"$capfix" -q -i w || unfinished=$((unfinished + 1))
	diff -r w new >/dev/null || unfinished=$((unfinished + 1))
done 2>/dev/null
check "killed $rounds times: no file is ever half-written" test $broken -eq 0
check "the next run finishes, and nothing is left behind" test $unfinished -eq 0
check "some were killed at work ($cut; $left left a temporary file)" test $cut -gt 0

for signal in INT TERM; do
	broken=0
	for round in 1 2 3; do
		rm -rf w && cp -rp old w
		env --default-signal=$signal "$capfix" -q -i w 2>/dev/null &
		pid=$!
		at_work $pid
		kill -$signal $pid 2>/dev/null
		wait $pid 2>/dev/null
		whole w 0 || broken=$((broken + 1))
	done 2>/dev/null
	check "SIG$signal: each file is whole, and no temporary file is left" test $broken -eq 0
done

rm -rf w && cp -r old w && printf half >w/.1.yaml.capfix-1-0
exits 0 "what is left over, with -v" -iv w
err_has "is named" '^w: note: 1 temporary file of a run that was killed: removed \[io\]$'
printf half >w/.1.yaml.capfix-1-0
exits 0 "-d" -d w
check "removes nothing" test -e w/.1.yaml.capfix-1-0
git init -q w && echo '.*' >w/.gitignore && mkdir other && ln -s ../w/2.yaml other/2.yaml
exits 0 "a link to a file elsewhere" -q -i other/2.yaml
check "clears up where the file is" test ! -e w/.1.yaml.capfix-1-0
printf half >w/.1.yaml.capfix-1-0
exits 0 "in a work tree that ignores it" -q -i w
check "it is found too" test ! -e w/.1.yaml.capfix-1-0
