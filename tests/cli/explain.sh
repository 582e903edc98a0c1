# --explain and --effective: what containers may do now and after the fix.
mkdir d
cat >d/web.yaml <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: edge}
spec:
  template:
    spec:
      containers:
      - name: web
        image: example.com/web:1
        securityContext:
          capabilities:
            add: [NET_BIND_SERVICE, SYS_TIME]

      - name: log
        image: example.com/log:1
      initContainers:
      - name: old
        image: example.com/old:1
        securityContext: {capabilities: {add: [KILL], drop: [ALL]}}
YAML
cat >.capfix.yaml <<'YAML'
version: 1
allow:
- capability: NET_BIND_SERVICE
  reason: "listens on :80"
exempt:
- reason: "gone in SEC-7"
  match: {container: old}
YAML
cp d/web.yaml orig
exits 0 "--explain" --explain d/web.yaml
check "three pages" test "$(grep -c '^d/web\.yaml:' "$out")" -eq 3
check "in the order of the text" diff <(grep -o '^d/web\.yaml:[0-9]*' "$out") <(printf 'd/web.yaml:%d\n' 8 14 17)
check "fits 100 columns" awk 'length($0) > 100 { exit 1 }' "$out"
out_has "names the entry" '^  add NET_BIND_SERVICE \(line 12\): kept by \.capfix\.yaml:3: listens on :80$'
out_has "says what goes" '^  add SYS_TIME \(line 12\): removed: no entry of \.capfix\.yaml allows it here$'
out_has "what containerd gives" '^    = containerd: its defaults \(14\) \+ SYS_TIME: AUDIT_WRITE '
out_has "what CRI-O gives" '^    = CRI-O: its defaults \(9\) \+ SYS_TIME: CHOWN '
out_has "an exemption" '^  state: left alone: \.capfix\.yaml:6 exempts it: gone in SEC-7$'
out_has "an exempt container is looked into" '^    = containerd and CRI-O: KILL$'
err_empty "nothing else is said"
same "nothing is changed" d/web.yaml orig
cp "$out" pages
exits 0 "a folder" --explain d
same "has the same" "$out" pages
exits 0 "the current folder" --explain
for line in 8 12; do
	exits 0 "line $line" --explain d/web.yaml:$line
	check "is that container" test "$(grep '^d/' "$out")" = "d/web.yaml:8: container web of Deployment edge/web"
done
exits 0 "two lines" --explain d/web.yaml:18 ./d//web.yaml:9
check "are two containers" test "$(grep -c '^d/' "$out")" -eq 2
exits 0 "two lines of one container" --explain d/web.yaml:8 d/web.yaml:9
check "are one" test "$(grep -c '^d/' "$out")" -eq 1
exits 2 "a line between" --explain d/web.yaml:13
out_empty "shows none"
err_is "and says so" 'capfix: d/web.yaml:13: no container holds this line; capfix --explain d/web.yaml shows all\n'
exits 2 "a line of nothing" --explain d/web.yaml:1 d/web.yaml:8
out_has "shows what there is" '^d/web\.yaml:8: '
exits 2 "a line of a file that is not there" --explain d/none.yaml:3
err_has "names the file" '^d/none\.yaml: error: .*No such file'
refute "once" grep -q 'no container' "$err"
exits 2 "an option without such a file" --check d/web.yaml:8
cp d/web.yaml "d/odd.yaml:8"
exits 0 "a colon in a name" --explain d/odd.yaml:8
check "is the name first" test "$(grep -c '^d/odd\.yaml:8:' "$out")" -eq 3
rm d/odd.yaml:8
"$capfix" --explain - <d/web.yaml >"$out"
check "standard input" test $? -eq 0
out_has "is called -" '^-:8: container web'
"$capfix" --explain -- -:14 <d/web.yaml >"$out"
check "its lines, too" test "$(grep -c '^-:14: ' "$out")" -eq 1
exits 0 "--no-policy" --explain --no-policy d/web.yaml:8
out_has "is said" '^  add SYS_TIME \(line 12\): removed: there is no policy that allows it$'
unparsable d/bad.yaml
exits 2 "a file that does not parse" --explain d
err_has "is an error" '^d/bad\.yaml:[0-9]+:[0-9]+: error: .*\[parse\]$'
out_has "the others are explained" '^d/web\.yaml:8: '
rm d/bad.yaml
printf 'apiVersion: v1\nkind: ConfigMap\n' >map.yaml
exits 0 "no containers" --explain map.yaml
err_is "is said" 'capfix: there are no containers here\n'
exits 0 "quietly" -q --explain map.yaml
err_empty "it is not"
refused ref.yaml
exits 0 "a refused container asks for nothing" --explain ref.yaml
out_has "says why" '^  state: breaks the rule, and is left so: "drop" should be a list'
err_empty "once"
printf 'apiVersion: v1\nkind: Pod\nspec:\n  containers: x\n' >list.yaml
exits 0 "a list of containers that is none" --explain list.yaml
err_has "is told" '^list\.yaml:4:[0-9]+: error: .*\[refused\]$'

exits 0 "--effective" --effective d
out_is "is a table" 'PLACE          CONTAINER  IMAGE              BEFORE                               AFTER
d/web.yaml:8   web        example.com/web:1  containerd defaults (14) + SYS_TIME  NET_BIND_SERVICE
d/web.yaml:14  log        example.com/log:1  containerd defaults (14)             none
d/web.yaml:17  old        example.com/old:1  KILL                                 KILL (exempt)\n'
cp "$out" table
exits 0 "--explain --effective" --explain --effective d
same "is the same" "$out" table
exits 0 "in the other order" --effective --explain d
same "too" "$out" table
exits 0 "a line" --effective d/web.yaml:15
check "is a row" test "$(wc -l <"$out")" -eq 2
exits 0 "no containers" --effective map.yaml
out_empty "is no table"
exits 2 "with another mode" --explain --diff d
exits 2 "before another mode" --effective -c d
bad_policy bad.yaml
exits 2 "a bad policy" --explain -p bad.yaml d
out_empty "explains nothing"
