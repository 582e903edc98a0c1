# --krm: a ResourceList in and out. krm.sh has the real kustomize call it.
list() { # FILE [FUNCTION-CONFIG]: a list of one Pod that adds NET_BIND_SERVICE and SYS_TIME
	cat >"$1" <<END
# a list
apiVersion: config.kubernetes.io/v1
kind: ResourceList # of kustomize
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: 'web'
    namespace: edge
    annotations:
      internal.config.kubernetes.io/path: 'web.yaml' # the caller's
  spec:
    containers:
    # the one
    - name: web
      image: example.com/web
      securityContext:
        capabilities:
          add: [NET_BIND_SERVICE, SYS_TIME]
${2-}
END
}
config() { # EXPIRES
	cat <<END
functionConfig:
  apiVersion: capfix/v1
  kind: Policy
  metadata: {name: capfix}
  spec:
    version: 1
    allow:
    - capability: NET_BIND_SERVICE
      reason: listens on :80
      expires: $1
END
}
krm() { # STATUS NAME FILE [ARGUMENT...]
	local want=$1 name=$2 in=$3 got
	shift 3
	"$capfix" --krm "$@" <"$in" >"$out" 2>"$err"
	got=$?
	check "$name: exit $want" test $got -eq "$want"
}
results() { # NAME PYTHON: what holds for r, the results in the output, and for list, all of it
	check "$1" /usr/bin/python3 -c '
import sys, yaml
list = yaml.safe_load(open(sys.argv[1], "rb"))
r = list.get("results", [])
by = {x["tags"]["code"]: x for x in r}
assert eval(sys.argv[2]), r' "$out" "$2"
}
without_results() { grep -v -e '^results:' -e '^- {"message"' "$1"; }

list in.yaml
krm 0 "a list" in.yaml
err_empty "is no reason to talk"
"$capfix" --no-policy -i - <in.yaml >want 2>/dev/null
same "its items are what -i makes of them, and the rest is as it was" <(without_results "$out") want
results "each finding is a result" 'set(by) >= {"drop", "add", "immutable"}'
results "with the resource" 'by["drop"]["resourceRef"] == {"apiVersion": "v1", "kind": "Pod", "name": "web", "namespace": "edge"}'
results "what is fixed is for information" 'by["drop"]["severity"] == by["add"]["severity"] == "info"'
check "they stand behind the kind" grep -qx 'results:' <(sed -n 4p "$out")

list in.yaml "$(config 2026-06-01)"
krm 0 "a policy in functionConfig" in.yaml
results "is heeded" 'list["items"][0]["spec"]["containers"][0]["securityContext"]["capabilities"]["add"] == ["NET_BIND_SERVICE"]'
results "and named by its line" '"functionConfig:27" in by["kept"]["message"]'
krm 0 "--no-policy" in.yaml --no-policy
results "passes it over" '"kept" not in by'
policy file.yaml
krm 2 "two policies" in.yaml --policy file.yaml
err_has "are one too many" 'functionConfig.*--policy'
out_empty "nothing is written then"
list in.yaml "$(config 2026-05-31)"
krm 0 "a policy that has expired" in.yaml
results "is told" '"expired on 2026-05-31" in by["expired"]["message"] and by["expired"]["severity"] == "warning" and "kept" not in by'
list in.yaml "$(config tomorrow)"
krm 2 "a mistake in the policy" in.yaml
err_has "has its place in the list" '^-:29:16: error: .*\[policy\]$'
out_empty "and stops all"
list in.yaml
krm 0 "--policy" in.yaml --policy file.yaml
results "counts where there is no functionConfig" '"kept" in by'
list in.yaml 'functionConfig: {kind: ConfigMap, apiVersion: v1, data: {allow: x}}'
krm 2 "a functionConfig of another form" in.yaml
err_has "is refused with what to do" 'functionConfig has its policy under spec'

# Forms.
list base.yaml
"$capfix" --no-policy -i - <base.yaml >fixed.yaml 2>/dev/null
printf 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {apiVersion: v1, kind: ConfigMap}\n' >in.yaml
krm 0 "nothing to say" in.yaml
same "leaves the list as it is" "$out" in.yaml
sed 's/$/\r/' base.yaml >in.yaml
krm 0 "CRLF" in.yaml
refute "stays CRLF on every line" grep -vq $'\r$' "$out"
results "and is read" '"drop" in by'
/usr/bin/python3 -c 'import json, yaml; print(json.dumps(yaml.safe_load(open("base.yaml"))), end="")' >in.yaml
krm 0 "JSON" in.yaml
check "stays JSON" /usr/bin/python3 -c 'import json, sys
list = json.load(open(sys.argv[1]))
assert list["results"] and list["items"][0]["spec"]["containers"][0]["securityContext"]["capabilities"]["drop"] == ["ALL"]' "$out"
for old in 'results: []' 'results:' $'results:\n- message: old\n  severity: info' $'results:\n- message: |\n    old' \
	$'results:\n- message: |\n    old\nother: 1' $'"results" : [{message: old}] # old ones'; do
	{ cat base.yaml; echo "$old"; } >in.yaml
	krm 0 "old results ($(tr '\n' ' ' <<<"$old"))" in.yaml
	results "make way" '"drop" in by and "old" not in [x["message"].strip() for x in r]'
	check "and nothing else does" diff <(head -n "$(grep -c '' fixed.yaml)" "$out") fixed.yaml
done
sed 's/name: web$/name: "\\U0001F600 \\u2028\\e[1m\\" \\\\ud83d"/' base.yaml >in.yaml
krm 0 "a hostile name" in.yaml
results "comes through" '"\U0001F600" in by["drop"]["message"]'
refute "but for what terminals obey" grep -q "$(printf '\033')" "$out"

# What cannot be done.
sed 's/add: .*/drop: ALL/' base.yaml >in.yaml
krm 1 "a container that cannot be edited" in.yaml
results "is an error" 'by["refused"]["severity"] == "error"'
err_has "and is said aloud" '\[refused\]$'
krm 0 "--exit-zero" in.yaml --exit-zero
pod in.yaml
krm 2 "what is no ResourceList" in.yaml
err_has "is refused" '^-:1:1: error: --krm takes a ResourceList'
{ cat base.yaml; echo ---; cat base.yaml; } >in.yaml
krm 2 "two lists" in.yaml
unparsable in.yaml
krm 2 "what is not YAML" in.yaml
err_has "has its place" '^-:[0-9]+:[0-9]+: error'
{ cat base.yaml; echo 'kind: ResourceList'; } >in.yaml
krm 2 "a key that stands there twice" in.yaml
sed 's/name: .web./name: a{{ x }}/' base.yaml >in.yaml
krm 2 "a template" in.yaml
out_empty "is not passed on as if it were fine"
krm 2 "a path" base.yaml deploy
krm 2 "a format" base.yaml --format json
if [ -c /dev/full ]; then
	"$capfix" --krm <base.yaml >/dev/full 2>"$err"
	check "a full disk is trouble" test $? -eq 2
fi
