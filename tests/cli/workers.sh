# Workers: the output is the same for any number of them, and no file can hurt another.

# A tree of some hundred files: good ones, others, bad ones, long ones, with policies here and there.
mkdir tree && (
	cd tree || exit
	for d in a b d/e f; do
		mkdir -p $d
		for i in $(seq 1 16); do
			pod $d/pod$i.yaml
			fine $d/fine$i.yaml
			added $d/added$i.yaml
			printf 'apiVersion: v1\nkind: ConfigMap\ndata: {n: "%s"}\n' $i >$d/other$i.yaml
		done
		refused $d/refused.yaml
		unparsable $d/unparsable.yaml
		printf 'a: \0b' >$d/nul.yaml
		: >$d/empty.yaml
		sed 's/^api/---\n&/' $d/pod*.yaml $d/fine*.yaml >$d/bundle.yaml
	done
	policy b/.capfix.yaml
	policy d/.capfix.yaml
	{ echo ---; cat a/added1.yaml; } >one
	for i in $(seq 1 1300); do cat one; done >f/long1.yaml
	cp f/long1.yaml f/long2.yaml
	rm one
)
for mode in --diff --check --effective; do
	for n in 1 2 8; do "$capfix" $mode -v --jobs $n tree >out$n 2>err$n; echo $? >>out$n; done
	for n in 2 8; do
		same "$mode: results of $n workers" out1 out$n
		same "$mode: talk of $n workers" err1 err$n
	done
	check "$mode: there is something to compare" test "$(wc -l <out1)" -gt 100
done
for n in 1 2 8; do
	cp -r tree tree$n
	(cd tree$n && "$capfix" -i -j $n . >../out$n 2>../err$n)
	echo $? >>out$n
done
for n in 2 8; do
	check "in place: files of $n workers" diff -r tree1 tree$n
	same "in place: results of $n workers" out1 out$n
	same "in place: talk of $n workers" err1 err$n
done
"$capfix" -c -v -j 3 tree >out 2>err
cp tree/a/pod1.yaml . && "$capfix" -i -j 2 - <pod1.yaml >stdin 2>>err
check "standard input" grep -q -- '- ALL' stdin

# 11 bytes that make libfyaml 0.7.12 crash if its parser is cleaned up, among good ones.
mkdir hostile
pod hostile/a.yaml
printf '? :~\t- :\t-\n# containers\n' >hostile/m.yaml
pod hostile/z.yaml
exits 2 "a file that crashes the parser's end" -l hostile
out_is "the others are done" 'hostile/a.yaml\nhostile/z.yaml\n'
err_has "and it is said" '^hostile/m\.yaml:.*error: .*\[parse\]'

# One that takes libfyaml a time that grows with its square.
{ for i in $(seq 1 60000); do echo "%TAG !a$i! b"; done; echo '---'; echo 'containers: []'; } >hostile/m.yaml
cp hostile/m.yaml before.yaml
exits 2 "a file that stalls the parser" -q -i --timeout 1 -j 2 hostile
err_is "is given up on" 'hostile/m.yaml: error: left as it is: it took longer than 1 seconds; --timeout allows more [worker]\n'
same "and left as it is" before.yaml hostile/m.yaml
check "the others are fixed" grep -q -- '- ALL' hostile/a.yaml hostile/z.yaml
rm -r hostile

# The same in a policy.
mkdir p && pod p/a.yaml && mv before.yaml p/.capfix.yaml
exits 2 "a policy that stalls the parser" -i --timeout 1 p
err_has "is said" '^p/\.capfix\.yaml: error: the policy cannot be checked: .*\[worker\]'
refute "and no file is touched" grep -q -- ALL p/a.yaml

# Workers killed at random: the run goes on, and each file is whole.
cp -r tree/f killed
for i in 1 2 3 4 5; do cp killed/long1.yaml killed/again$i.yaml; done
# (The leak check of a sanitizer has a child of its own, that must not be killed.)
ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 "$capfix" -i -j 2 killed >killed.out 2>killed.err &
pid=$!
for i in $(seq 1 30); do
	for child in $(cat /proc/$pid/task/$pid/children 2>/dev/null); do kill -KILL "$child" 2>/dev/null; done
	sleep 0.01
done
wait $pid
for f in killed/*.yaml; do
	cmp -s "$f" "tree/f/$(basename "$f")" || cmp -s "$f" "tree1/f/$(basename "$f")" ||
		case $f in killed/again*) cmp -s "$f" tree1/f/long1.yaml || cmp -s "$f" tree/f/long1.yaml ;; *) false ;; esac ||
		echo "$f"
done >broken
check "workers killed at random leave no broken file" test ! -s broken
refute "nor a stray one" ls killed/*.tmp* killed/.capfix*

for bad in 0 -1 x 1x 257 99999999999999999999 ''; do
	exits 2 "--jobs=$bad" "--jobs=$bad" .
	err_has "--jobs=$bad is refused" '--jobs takes a number from 1 to 256'
done
exits 2 "--timeout=0" --timeout=0 .
err_has "is refused" '--timeout takes a number from 1 to 86400'

# Without a processor's worth of memory or processes, it says so.
"$capfix" -v -l tree/a/pod1.yaml 2>err >out
# A sanitizer takes more than that.
if can_be_user && ! grep -q sanitizer err; then
	chmod 755 .
	as_user bash -c "ulimit -v 200000; exec '$capfix' -l tree/a/pod1.yaml" >out 2>err
	check "little address space will do" test $? -eq 1
fi
