# --init-policy: the policy that keeps what is added today.

# fill FILE: gives each blank reason one.
fill() { sed -e 's/reason:\(\r*\)$/reason: somebody has said why\1/' -e 's/\(reason"*\): ""/\1: "somebody has said why"/' "$1"; }
# count CODE FILE: findings with the code.
count() { grep -c "\\[$1\\]\$" "$2"; }

# deployment FILE NAMESPACE NAME CONTAINER IMAGE ADD: they are YAML, quotes and all.
deployment() {
	cat >"$1" <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  namespace: $2
  name: $3
spec:
  template:
    spec:
      containers:
      - name: $4
        image: $5
        securityContext:
          capabilities:
            add: $6
YAML
}

mkdir -p tree/base tree/edge/prod tree/odd
deployment tree/base/web.yaml shop web nginx nginx:1.25 '[NET_BIND_SERVICE, CHOWN]'
deployment tree/edge/web.yaml edge web nginx docker.io/library/nginx:1.27 '[NET_BIND_SERVICE]'
deployment tree/edge/prod/web.yaml edge-prod web nginx nginx:1.26 '[CAP_NET_BIND_SERVICE]'
deployment tree/edge/other.yaml edge other proxy 'nginx@sha256:aa' '[NET_BIND_SERVICE]'
deployment tree/base/db.yaml shop db postgres '"registry.example.com:5000/db/postgres:16"' '[chown, SETUID, SETGID, CHOWN]'
deployment tree/odd/star.yaml '"*"' '"a*b"' '"c[1]"' '"img[0]*:1"' '[SYS_TIME]'
deployment tree/odd/quote.yaml "'it''s'" '"say \"x\""' "'#c'" "'i # j:1'" '[SYS_TIME]'
deployment tree/odd/number.yaml '"007"' '"1.5"' '"123"' '"456"' '[SYS_TIME]'
deployment tree/odd/bool.yaml '"true"' '"no"' '"null"' '"~"' '[SYS_TIME]'
deployment tree/odd/unicode.yaml '"ünï"' '"漢字"' '"c\u0085d"' '"e\tf\n"' '[SYS_TIME]'
deployment tree/odd/slash.yaml '"a\\b"' '"\\"' '"\\*"' '"x\\y:1"' '[SYS_TIME]'
deployment tree/odd/all.yaml x all c all:1 '[ALL, NET_FOO, SYS_NICE]'
cat >tree/odd/nameless.yaml <<'YAML'
apiVersion: v1
kind: Pod
spec:
  containers:
  - image: busybox
    securityContext: {capabilities: {add: [NET_RAW], drop: [ALL]}}
---
apiVersion: v1
kind: Pod
metadata: {generateName: job-}
spec:
  initContainers:
  - {name: init, image: "busybox:1", securityContext: {capabilities: {add: [SYS_ADMIN]}}}
YAML
cat >tree/odd/patch.yaml <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: nginx, securityContext: {capabilities: {add: [KILL]}}}]}}}
YAML
cp -r tree orig
known=19

exits 0 "--init-policy" --init-policy tree
cp "$out" made
err_is "says what no policy can hold" "capfix: 2 added capabilities can't be allowed: ALL, or no name that Linux knows\\n"
check "an entry for three files" test "$(grep -c 'capability: NET_BIND_SERVICE' made)" -eq 2
out_has "the image in several places" '^      image: \["nginx:\*", "nginx@\*"\]$'
out_has "their number" '^  # 3 places:$'
out_has "one workload" '^      name: db$'
out_has "digits in quotes" '^      container: "123"$'
out_has "a boolean, too" '^      name: "no"$'
out_has "globs are escaped" "^      name: 'a\\\\\\*b'\$"
out_has "what an image needs" '^  # nginx is known to need CHOWN SETGID SETUID NET_BIND_SERVICE once ALL is dropped:$'
out_has "what cannot be allowed" '^#   tree/odd/all\.yaml:14: ALL: name the capabilities that are needed instead$'
check "no file is changed" diff -r tree orig
exits 2 "a blank reason is not valid" -p made tree
err_has "and is named" '^made:[0-9]+:[0-9]+: error: `reason` is blank'
fill made >full

"$capfix" --check --no-policy tree >before 2>&1
"$capfix" --check -p full tree >after 2>&1
check "all adds would go" test "$(count add before)" -eq "$((known + 1))"
check "all are kept" test "$(count kept after)" -eq $known
check "but ALL" test "$(count add after)" -eq 1
check "and what is unknown" test "$(count unknown after)" -eq 1
exits 0 "the fix" -i -p full tree
exits 0 "leaves nothing to do" -p full tree
"$capfix" --check --no-policy tree >left 2>&1
check "the same adds are there" test "$(count add left)" -eq $known
check "at the same places, but that the drops are new" diff <(grep '\[add\]$' before | grep -v ALL | sed 's/:.*add/ add/' | sort) \
	<(grep '\[add\]$' left | sed 's/:.*add/ add/' | sort)
# What is not there today is not allowed.
mkdir other
deployment other/a.yaml shop web2 nginx httpd:1 '[NET_BIND_SERVICE, CHOWN]'
deployment other/b.yaml shop web nginx nginx-evil:1 '[NET_BIND_SERVICE]'
deployment other/c.yaml x axb 'c1' 'img0x:1' '[SYS_TIME]'
deployment other/d.yaml shop db postgres registry.example.com:5000/db/postgres:16 '[NET_ADMIN]'
"$capfix" --check -p full other >elsewhere 2>&1
check "other adds are not kept" test "$(count kept elsewhere)" -eq 0
check "all of them" test "$(count add elsewhere)" -eq 5
rm -r tree && cp -r orig tree

exits 0 "a full policy" --init-policy -p full tree
same "is printed as it is" "$out" full
err_has "and that is said" '^capfix: the policy has an entry for each capability that could get one'
sed '/capability: KILL/,$d' full >part
exits 0 "part of one" --init-policy -p part tree
refute "loses no line" sh -c "diff part $out | grep '^<'"
out_has "gets the rest" "capability: KILL"
fill "$out" >again
"$capfix" --check -p again tree >after 2>&1
check "and completed" test "$(count kept after)" -eq $known

cat >.capfix.yaml <<'YAML'
# ours
version: 1
allow: # signed by sec
- capability: NET_BIND_SERVICE
  reason: "web servers"   # two blanks
  match: {image: ["nginx:*", "*/nginx:*", "nginx@*"]}

exempt: [] # none
YAML
exits 0 "the policy that is found" --init-policy tree
refute "no line is taken" sh -c "diff .capfix.yaml $out | grep '^<'"
refute "what it allows gets no entry" grep -q 'web.yaml.*NET_BIND' "$out"
out_has "new ones have its dashes" '^- capability: CHOWN$'
check "they stand in the list" test "$(grep -n '^exempt: ' "$out" | cut -d: -f1)" -gt "$(grep -n 'capability: SYS_TIME' "$out" | tail -1 | cut -d: -f1)"
fill "$out" >again
"$capfix" --check -p again tree >after 2>&1
check "all are kept" test "$(count kept after)" -eq $known
exits 0 "--no-policy" --init-policy --no-policy tree
same "starts anew" "$out" made

# The shell makes the file before capfix looks.
rm .capfix.yaml
"$capfix" --init-policy tree >.capfix.yaml 2>"$err"
check "into the place itself" test $? -eq 0
same "is the same" .capfix.yaml made
fill .capfix.yaml >full2 && mv full2 .capfix.yaml
exits 0 "all is kept where it lies" --check --exit-zero tree
check "each" test "$(count kept "$out")" -eq $known

printf '{"version": 1, "allow": []}\n' >j.yaml
exits 0 "a policy in JSON" --init-policy -p j.yaml tree
fill "$out" >again
"$capfix" --check -p again tree >after 2>&1
check "is extended too" test "$(count kept after)" -eq $known
printf '{version: 1}\n' >j.yaml
exits 2 "one that would take guessing" --init-policy -p j.yaml tree
out_empty "is not printed"
err_has "the message says what to do" '^j\.yaml:1:1: error: the policy can.t be extended without guessing: .*allow: \[\].*\[policy\]$'

policy other/.capfix.yaml
exits 2 "two policies" --init-policy tree other
err_has "are named" 'under other/\.capfix\.yaml and \.capfix\.yaml:'
out_empty "none is printed"
rm other/.capfix.yaml .capfix.yaml
printf 'version: 1\nexclude: ["odd/**"]\n' >tree/.capfix.yaml
exits 0 "exclude holds" --init-policy tree
refute "for new entries" grep -q SYS_TIME "$out"
rm tree/.capfix.yaml
mkdir empty
exits 0 "nothing at all" --init-policy empty
out_has "allows nothing" '^allow: \[\]$'
cp "$out" empty.yaml
exits 0 "and is valid" -p empty.yaml empty
unparsable tree/bad.yaml
exits 2 "a file that does not parse" --init-policy tree
err_has "is an error" '^tree/bad\.yaml:.*\[parse\]$'
check "the rest counts" cmp "$out" made
bad_policy bad.yaml
exits 2 "a bad policy" --init-policy -p bad.yaml tree
out_empty "is not extended"
