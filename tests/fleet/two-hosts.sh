# A run over two hosts, one of which is killed half-way.
sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd)
missing=
for program in parallel ssh ssh-keygen; do command -v $program >/dev/null || missing="$missing $program"; done
[ -n "$sshd" ] || missing="$missing sshd"
if [ -n "$missing" ]; then
	echo "ok - a run over two hosts # SKIP not installed:$missing"
	return
fi
# Where root's sshd locks itself in. It stays: others may run an sshd by now.
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd

one=host1.example.com two=host2.example.com
names="alpha fine bare kept-2 refused-2 unparsable policy many empty-2 occupied beta gamma"
branches="alpha kept-2 refused-2 unparsable many beta gamma"
for name in $names; do (make_repository "$name"); done
(occupy occupied)
keys
start_host $one && start_host $two && ssh -F ssh_config -o BatchMode=yes $one true || {
	if grep -q 'account is locked' ./*.log; then
		echo "ok - a run over two hosts # SKIP no login by ssh for $(id -un): the account has no password"
	else
		fail "an sshd that lets us in" "$(cat ./*.log)"
	fi
	return
}
mkdir run && ln -s ../ssh_config run/ssh_config
for name in $names nowhere; do echo "$name $top/bare/$name.git"; done >run/repos.txt
printf '# two slots each\n\n2/%s\n2/%s\n' $one $two >run/hosts.txt
run() { "$fleet/fleet" -p -c "$top/bin/capfix" "$@" run; }
calls() { cat $one/calls $two/calls | sort; }
# rows: the report without the columns that may differ: the host, and the commit.
rows() { sed '/^$/,$d' run/report.txt | sed 's/ in all/-in-all/' | awk '{ print $1, $3, $4, $5, $6, $7, $8, $9 }'; }

# Lists that cannot be meant.
mkdir wrong && cp run/hosts.txt wrong
at=git.example.com
printf '%s\n' "a git@$at:a.git" "a git@$at:b.git" "b https://user:secret@$at/b.git" c >wrong/repos.txt
exits 2 "a wrong list is refused" "$fleet/fleet" wrong
err_has "a name that is there twice" 'repos.txt:2: line 1 has that name'
err_has "a password" 'repos.txt:3: take the password out'
err_has "a line without an address" 'repos.txt:4: a line should be'

# Host 2 is killed in the middle of its second repository, and nothing is tried twice.
: >$two/hold
run -r 1 >first.out 2>first.err &
driver=$!
check "host 2 is in the middle" wait_for $two/held
check "and has done one" wait_until grep -qP "^\d+\t$two\t.*\t0\t0\tsh " run/state/joblog
exits 2 "a second fleet in the same folder is refused" run
err_has "and is told why" 'another fleet is at work'
kill_host $two
wait $driver
check "a run that lost a host fails" test $? -eq 2
check "and says of which repositories" grep -q ': failed: ' run/report.txt
done_first=$(awk -F '\t' '$7 == 0 && $8 == 0 { print $9 }' run/state/joblog | awk '{ print $3 }')
check "but not of those that host 1 did" grep -qP "^\d+\t$one\t.*\t0\t0\tsh " run/state/joblog

# It is back, and the run goes on.
rm $two/hold
start_host $two || fail "host 2 comes back" "$(cat $two.log)"
exits 2 "the run goes on" run
for name in $done_first; do
	[ "$(calls | grep -cx "$name")" -le 1 ] || fail "what is done is not done again: $name"
done
check "only what is not there has failed" test "$(grep -c ': failed: ' run/report.txt)" -eq 1
check "and says why" grep -q '^nowhere: failed: one-repository: cannot fetch .*nowhere.git$' run/report.txt
for name in $branches; do
	check "$name: the branch is what capfix makes by hand" branch_is_by_hand "$name"
	check "$name: it is one commit on the default branch" branch_is_on_trunk "$name"
done
for name in fine bare policy; do
	refute "$name: no branch" git -C "$top/bare/$name.git" rev-parse -q --verify capfix/drop-all
done
tip() { git -C "$top/bare/$1.git" log -1 --format="$2" capfix/drop-all; }
message() { tip "$1" %B; }
check "a branch of others is as it was" test "$(tip occupied %s)" = Mine
check "who runs the fleet commits" test "$(tip alpha '%an %ae %cn %ce')" = \
	"Fleet Test test@example.com Fleet Test test@example.com"
check "the message counts" grep -qx 'Files changed: 5. Containers fixed: 5, refused: 0.' <(message many)
check "the message has reasons" grep -q '^- deploy/edge.yaml:11: .* keeps NET_BIND_SERVICE .*: listens on :80$' \
	<(message kept-2)
check "the message has what needs a person" grep -q '^- broken.yaml:' <(message unparsable)
rows >rows
check "the report has a row for each" diff rows - <<'END'
REPOSITORY FILES CONTAINERS REMOVED KEPT REFUSED ERRORS EXIT
alpha 1 1 0 0 0 0 0
fine 0 0 0 0 0 0 0
bare 0 0 0 0 0 0 0
kept-2 2 2 2 1 0 0 0
refused-2 1 1 0 0 1 0 1
unparsable 1 1 0 0 0 1 2
policy 0 0 0 0 0 1 2
many 5 5 0 0 0 0 0
empty-2 0 0 0 0 0 0 0
occupied 1 1 0 0 0 0 0
beta 1 1 0 0 0 0 0
gamma 1 1 0 0 0 0 0
nowhere - - - - - - failed
13-in-all 13 13 2 1 1 2 -
END
for name in refused-2 unparsable policy occupied nowhere; do
	check "$name needs a person" grep -q "^$name: " <(sed '1,/^Needs a person:/d' run/report.txt)
done
check "nobody else does" test "$(sed '1,/^Needs a person:/d' run/report.txt | cut -d : -f 1 | sort -u | wc -l)" -eq 5

# Again, and all again: nothing happens twice.
all_refs >refs
calls >called
exits 2 "the same once more" run -r 1
check "calls capfix for nothing" diff called <(calls)
(make_repository nowhere)
exits 1 "all again, and now all are there" run -a
mv "$top/bare/nowhere.git" "$top/there"
check "no branch has moved" diff refs <(all_refs)

: >$two/other
exits 2 "hosts with different versions are refused" run
err_has "and they are shown" 'capfix of another version'
rm $two/other

# A host that is gone from the start is left out; a list may grow at its end, and not otherwise.
kill_host $two
(make_repository late)
echo "late $top/bare/late.git" >>run/repos.txt
exits 1 "with one host left" run
err_has "the other is named" "$two is left out: ssh: connect to host"
check "late: the branch is what capfix makes by hand" branch_is_by_hand late
sed -i 1d run/repos.txt
exits 2 "a list that lost a line is refused" run
err_has "and it says what to do" 'give -a to do all again'
