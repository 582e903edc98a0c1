# `kubectl capfix` through the installed link, with the real client.
check "the link leads to the program" test "$(readlink "$STAGE/usr/bin/kubectl-capfix")" = capfix
if ! command -v kubectl >/dev/null; then
	skip "kubectl capfix" "no kubectl here"
	return
fi
export PATH=$STAGE/usr/bin:$PATH
mkdir manifests
pod manifests/a.yaml
pod b.yaml
check "kubectl knows the plugin" grep -q '/kubectl-capfix$' <(kubectl plugin list 2>&1)
for args in "-d b.yaml" "--check manifests" "-l ." "--policy missing.yaml ."; do
	# Words of their own.
	# shellcheck disable=SC2086
	"$capfix" $args >want 2>want.err
	want=$?
	kubectl capfix $args >got 2>got.err
	check "kubectl capfix $args: the same status" test $? -eq $want
	same "the same output" got want
	same "the same talk" got.err want.err
done
check "kubectl capfix -i manifests" kubectl capfix -i manifests
check "has fixed them" kubectl capfix -d manifests
kubectl capfix -i - <b.yaml >got
cp manifests/a.yaml want
same "it is a filter too" got want
