# capfix as an exec function of the real kustomize, which is compiled from its module.
if ! command -v go >/dev/null; then
	skip kustomize "no go here"
	return
fi
# A cache of its own would be written without leave to delete.
if ! GOFLAGS="-modcacherw ${GOFLAGS-}" GOBIN=$PWD/bin go install sigs.k8s.io/kustomize/kustomize/v5@v5.5.0 >go.log 2>&1; then
	skip kustomize "it cannot be compiled: $(tail -n 1 go.log)"
	return
fi
kustomize() { bin/kustomize build --enable-alpha-plugins --enable-exec "$@"; }
function_yaml() { # SPEC
	cat <<END
apiVersion: capfix/v1
kind: Policy
metadata:
  name: capfix
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: ./capfix-krm
$1
END
}
mkdir -p app
pod app/web.yaml
added app/edge.yaml
sed -i -e 's/name: web/name: edge/' -e 's/^      containers:/      # about the edge\n      containers:/' app/edge.yaml
printf 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n' >app/service.yaml
printf 'resources: [web.yaml, edge.yaml, service.yaml]\nnamePrefix: my-\n' >app/kustomization.yaml
mkdir with
# kustomize hands no arguments to a function.
printf '#!/bin/sh\nexec "%s" --krm\n' "$capfix" >with/capfix-krm
chmod +x with/capfix-krm
printf 'resources: [../app]\ntransformers: [capfix.yaml]\n' >with/kustomization.yaml

kustomize app >plain
function_yaml '' >with/capfix.yaml
check "kustomize calls the function" kustomize with
kustomize with >got 2>said
"$capfix" --no-policy -i - <plain >want 2>/dev/null
same "what comes out is what capfix makes of the files" got want
refute "and not what went in" cmp -s got plain
check "it drops in both" test "$(grep -c -- '- ALL$' got)" -eq 2
function_yaml 'spec:
  version: 1
  allow:
  - {capability: NET_BIND_SERVICE, reason: "listens on :80", match: {name: my-edge}}' >with/capfix.yaml
kustomize with >got 2>said
sed -n '/^spec:/,$p' with/capfix.yaml | sed -e 1d -e 's/^  //' >policy.yaml
"$capfix" --policy policy.yaml -i - <plain >want 2>/dev/null
same "the functionConfig is the policy" got want
check "and keeps what it allows" grep -q -- '- NET_BIND_SERVICE' got
function_yaml 'spec: {version: 1, allow: [{capability: NET_BIND_SERVICE}]}' >with/capfix.yaml
kustomize with >got 2>said
check "a mistake in it stops kustomize" test $? -ne 0
check "and is told" grep -q 'reason. is missing' said
function_yaml '' >with/capfix.yaml
refused app/web.yaml
kustomize with >got 2>said
check "so does a container that cannot be edited" test $? -ne 0
check "and is named" grep -q 'container "web"' said
