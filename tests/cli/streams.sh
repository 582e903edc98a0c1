# Streams that cannot be written to, colours, and who may see what.
pod a.yaml
cp a.yaml orig
if [ -c /dev/full ]; then
	for mode in -d -l -c --help --version; do
		"$capfix" $mode a.yaml >/dev/full 2>"$err"
		check "$mode: a full disk is trouble" test $? -eq 2
		err_has "$mode: and is named" '^capfix: cannot write to standard output: No space left on device$'
	done
	"$capfix" -i - <a.yaml >/dev/full 2>"$err"
	check "-i -: a full disk is trouble" test $? -eq 2
	"$capfix" --exit-zero a.yaml >/dev/full 2>"$err"
	check "--exit-zero does not hide a full disk" test $? -eq 2
	"$capfix" -i a.yaml >/dev/full 2>"$err"
	check "-i writes nothing there" test $? -eq 0
	cp orig a.yaml
	"$capfix" -v a.yaml >"$out" 2>/dev/full
	check "standard error that is full changes nothing" test $? -eq 1
fi
mkdir many
for i in $(seq 1000); do cp orig many/$i.yaml; done
("$capfix" -d many 2>"$err"; echo $? >status) | true
check "a closed pipe is trouble" grep -qx 2 status
err_has "and is named" '^capfix: cannot write to standard output: Broken pipe$'
"$capfix" a.yaml >&- 2>"$err"
check "a closed standard output is trouble" test $? -eq 2
err_has "and is named, too" 'cannot write to standard output'
"$capfix" a.yaml 2>&- >"$out"
check "a closed standard error is not" test $? -eq 1
"$capfix" -i a.yaml <&- >&- 2>&-
check "-i with all streams closed" test $? -eq 0
check "has not written into the file what belongs elsewhere" grep -q -- '- ALL' a.yaml
exits 0 "the file is right" -d a.yaml
cp orig a.yaml
# git, too, must get streams of its own: else it fails, and the walk takes files that are ignored.
mkdir g && git -C g init -q . && echo b.yaml >g/.gitignore && cp orig g/a.yaml && cp orig g/b.yaml
"$capfix" -i g <&- >&- 2>&-
check "-i with all streams closed, in a work tree" test $? -eq 0
check "does what git says" grep -q -- '- ALL' g/a.yaml
same "and no more" g/b.yaml orig

esc=$(printf '\033')
exits 1 "--color=auto, no terminal" -d a.yaml
refute "no colours" grep -q "$esc" "$out"
exits 1 "--color=always" -d --color=always a.yaml
out_has "colours the diff" "$esc\\[32m\\+"
exits 1 "--color=always -c" -c --color=always a.yaml
out_has "colours levels" "$esc"
exits 1 "--color=never" --color=never a.yaml
refute "has none" grep -q "$esc" "$out"
if [ -c /dev/pts/ptmx ] && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	tty() { script -qec "$1" /dev/null </dev/null >"$out" 2>&1; }
	TERM=xterm tty "$capfix a.yaml"
	out_has "a terminal gets colours" "$esc\\[32m\\+"
	TERM=dumb tty "$capfix a.yaml"
	refute "a dumb one does not" grep -q "$esc" "$out"
	TERM=xterm NO_COLOR=1 tty "$capfix a.yaml"
	refute "nor one with NO_COLOR" grep -q "$esc" "$out"
	TERM=xterm NO_COLOR= tty "$capfix a.yaml"
	out_has "an empty NO_COLOR does not count" "$esc"
	TERM=xterm NO_COLOR=1 tty "$capfix --color=always a.yaml"
	out_has "--color=always wins" "$esc"
fi

# While capfix reads, no file may stand where a closed stream was.
if [ -r /proc/self/fd ]; then
	mkfifo slow.yaml && exec 9<>slow.yaml
	"$capfix" slow.yaml 9>&- <&- >&- 2>&- &
	pid=$!
	for wait in $(seq 100); do
		grep -qs . <(readlink /proc/$pid/fd/3) && break
		sleep 0.02
	done
	for fd in 0 1 2; do check "closed stream $fd is held" test "$(readlink /proc/$pid/fd/$fd)" = /dev/null; done
	kill $pid
	exec 9>&-
fi
