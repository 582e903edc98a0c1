# Writing in place.
pod orig
cp orig a.yaml && "$capfix" -i a.yaml && cp a.yaml fixed

mkdir away links
cp orig away/target
ln -s ../away/target links/a.yaml
exits 0 "through a symbolic link" -i links/a.yaml
check "the link stays" test -L links/a.yaml
same "its target is replaced" away/target fixed
ln -s nowhere dangling.yaml
exits 2 "a link that leads nowhere" -i dangling.yaml
err_has "is trouble" '^dangling\.yaml: error: cannot read: No such file'

for mode in 600 640 664 755; do
	cp orig m.yaml && chmod $mode m.yaml
	"$capfix" -i m.yaml
	check "mode $mode is kept" test "$(stat -c %a m.yaml)" = $mode
done
rm m.yaml && cp orig m.yaml
(umask 077 && "$capfix" -i m.yaml)
check "whatever the umask" test "$(stat -c %a m.yaml)" = "$(stat -c %a orig)"
if [ "$(id -u)" -eq 0 ] && chown 65534:65534 m.yaml 2>/dev/null; then
	cat orig >m.yaml
	"$capfix" -i m.yaml
	check "owner and group are kept" test "$(stat -c %u:%g m.yaml)" = 65534:65534
fi

cp orig h.yaml && ln h.yaml h2.yaml
exits 2 "a file with hard links" -i h.yaml
err_has "is left alone, and it is said" '^h\.yaml: error: left alone: it has 2 hard links \[io\]$'
same "it is as it was" h.yaml orig
exits 1 "though -d shows it" -d h.yaml

before=$(inode fixed)
touch -d '2020-01-01' fixed && before=$(inode fixed)
exits 0 "a file with nothing to fix" -i fixed
check "is not written" test "$(inode fixed)" = "$before"
check "no temporary files are left" test -z "$(find . -name '.*.capfix-*')"

if can_be_user; then
	mkdir ro && cp orig ro/a.yaml && chmod 444 ro/a.yaml && chmod 777 ro
	[ "$(id -u)" -ne 0 ] || chown -R 65534 ro
	as_user "$capfix" -i ro/a.yaml >"$out" 2>"$err"
	check "a read-only file is trouble" test $? -eq 2
	err_has "and left alone" '^ro/a\.yaml: error: left alone: read-only'
	same "it is as it was, too" ro/a.yaml orig
	mkdir sealed && cp orig sealed/a.yaml && chmod 666 sealed/a.yaml
	[ "$(id -u)" -ne 0 ] || chown -R 65534 sealed
	chmod 555 sealed
	as_user "$capfix" -i sealed/a.yaml >"$out" 2>"$err"
	check "a folder without write permission is trouble" test $? -eq 2
	err_has "and the message says so" '^sealed/a\.yaml: error: cannot make a temporary file beside it: Permission denied'
	same "the file is as it was" sealed/a.yaml orig
fi

# A pipe that nobody writes to holds capfix at its work, for as long as it takes to look at it.
mkfifo pipe.yaml
for signal in HUP INT TERM; do
	# A shell without job control makes its background jobs ignore SIGINT; env gives it back.
	[ -r /proc/self/status ] && env --default-signal true 2>/dev/null || break
	env --default-signal="$signal" "$capfix" -i pipe.yaml 2>/dev/null &
	pid=$! number=$(kill -l $signal)
	for wait in $(seq 100); do
		caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' /proc/$pid/status 2>/dev/null)
		[ $((0x${caught:-0} >> (number - 1) & 1)) -eq 1 ] && break
		sleep 0.02
	done
	check "SIG$signal is caught" test $((0x${caught:-0} >> (number - 1) & 1)) -eq 1
	kill -$signal $pid
	wait $pid 2>/dev/null
	check "and ends the process as it should" test $? -eq $((128 + number))
done
