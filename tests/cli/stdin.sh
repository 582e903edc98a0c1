# "-" is standard input.
pod a.yaml
fine fine.yaml
refused refused.yaml
cp a.yaml fixed.yaml
"$capfix" -i fixed.yaml

exits 1 "-d -" - <a.yaml
out_has "has the name - in its header" '^\+\+\+ b/-$'
exits 0 "-i -" -i - <a.yaml
same "writes the result" "$out" fixed.yaml
exits 0 "-i - with nothing to fix" -i - <fine.yaml
same "writes the input" "$out" fine.yaml
exits 0 "-i - with nothing in it" -i - </dev/null
out_empty "writes nothing"
exits 1 "-i - with a refused container" -i - <refused.yaml
same "writes the text all the same" "$out" refused.yaml
err_has "and says why" '^-:13:[0-9]+: .* \[refused\]$'
unparsable bad.yaml
exits 2 "-i - with what is no YAML" -i - <bad.yaml
out_empty "writes nothing, either"
err_has "and says where" '^-:[0-9]+:[0-9]+: error: .* \[parse\]$'
exits 1 "-l -" -l - <a.yaml
out_is "prints -" '-\n'
exits 1 "-c -" -c - <a.yaml
out_has "prints findings" '^-:[0-9]+:[0-9]+: .* \[drop\]$'
exits 1 "- twice, once read" -l - - <a.yaml
out_is "is once printed" '-\n'
exits 2 "a folder as standard input" - <.
err_has "is trouble" '^-: error: cannot read: Is a directory \[io\]$'
"$capfix" -i - <&- >"$out" 2>"$err"
check "a closed standard input is trouble" test $? -eq 2
err_has "with a message" '^-: error: cannot read'
cp a.yaml ./-
exits 1 "a file called - is ./-" -l ./-
out_is "and printed so" './-\n'
added added.yaml
policy .capfix.yaml
exits 0 "the policy of the folder one is in holds" -i - <added.yaml
same "and keeps what it allows" "$out" added.yaml
exits 0 "--no-policy" -i --no-policy - <added.yaml
refute "keeps nothing" grep -q NET_BIND "$out"
mkfifo pipe
cat a.yaml >pipe &
exits 1 "a named pipe can be looked at" pipe
out_has "to its end" '^\+ *- ALL$'
cat a.yaml >pipe &
exits 2 "but not rewritten" -i pipe
err_has "which is said" '^pipe: error: left alone: not a regular file \[io\]$'
check "it is still a pipe" test -p pipe
wait
