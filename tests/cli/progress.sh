# The progress line: on a terminal, and never in the way.
esc=$(printf '\033')
mkdir d && for i in 1 2 3; do pod d/$i.yaml; done
# A pipe that is named holds capfix up for longer than it takes before the line is shown.
mkfifo d/slow
slow() { (sleep 0.45; cat d/1.yaml) >d/slow & }
if [ -c /dev/pts/ptmx ] && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	tty() { slow; script -qec "$1" /dev/null </dev/null >"$out" 2>&1; wait; }
	unset CI
	TERM=dumb tty "$capfix -c d/1.yaml d/2.yaml d/slow"
	tr -d '\r' <"$out" >want
	refute "a dumb terminal gets no line" grep -aq "$esc\|of 3 files" want
	TERM=xterm NO_COLOR=1 tty "$capfix -c d/1.yaml d/2.yaml d/slow"
	check "another does" grep -aq "capfix: [0-3] of 3 files, [0-3] to change[^$esc]*$esc\[K" "$out"
	# As a terminal shows it, what stands before "back to the start, and erase" is gone.
	tr -d '\r' <"$out" | sed "s/capfix: [0-9]* of [^$esc]*$esc\[K//g; s/^\($esc\[K\)*//" >seen
	same "and it leaves nothing behind" seen want
	TERM=xterm tty "$capfix -q -l d/1.yaml d/2.yaml d/slow"
	refute "none with -q" grep -aq 'of 3 files' "$out"
	TERM=xterm tty "$capfix -l d/1.yaml d/2.yaml d/slow 2>err"
	refute "none where standard error is a file" grep -aq 'of 3 files' "$out" err
else
	pass "a terminal gets a line # SKIP no script(1) here, or no terminals for it"
fi
TERM=xterm
slow
exits 1 "in a pipe" -l d/1.yaml d/2.yaml d/slow
err_empty "there is none"
