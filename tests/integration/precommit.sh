# The hooks, with the real pre-commit: as they stand, with an installed program, and with the wheel.
. "$TESTS/venv.inc"
venv tool pre-commit || return 0
export PRE_COMMIT_HOME=$PWD/cache
pre_commit() { (cd scratch && ../tool/bin/pre-commit "$@"); }
sources hooks
wheel=$(ls "$BUILD"/dist/*.whl)

config() { # HOOK EXTRA
	cat <<END
repos:
- repo: $PWD/hooks
  rev: $(git -C hooks rev-parse HEAD)
  hooks:
  - {id: $1${2-}}
END
}
# scratch: a repository with something to fix in a.yaml, and something that is not YAML beside it.
scratch() {
	rm -rf scratch && mkdir -p scratch/deploy
	git -C scratch init -q .
	pod scratch/deploy/a.yaml
	fine "scratch/deploy/with blank.yml"
	printf '{{- if .Values.x }}\nkind: Pod\n{{ end }}\n' >scratch/deploy/template.yaml
	unparsable scratch/other.txt
}
try() { # NAME: the hook finds, fixes, and is content
	git -C scratch add .
	pre_commit run --verbose >"$out" 2>&1
	check "$1: the first commit is stopped" test $? -eq 1
	out_has "$1: because it was fixed" 'files were modified by this hook'
	check "$1: in the file" grep -q -- '- ALL' scratch/deploy/a.yaml
	git -C scratch add .
	check "$1: the second goes through" pre_commit run
}

check "pre-commit takes the list of hooks" tool/bin/pre-commit validate-manifest "$ROOT/.pre-commit-hooks.yaml"
scratch
config capfix ", language: system" >scratch/.pre-commit-config.yaml
(export PATH=$STAGE/usr/bin:$PATH; try "an installed program")

scratch
cat >scratch/.pre-commit-config.yaml <<END
repos:
- repo: local
  hooks:
  - id: capfix
    name: capfix
    entry: capfix --in-place
    language: python
    additional_dependencies: ["$wheel"]
    types_or: [yaml]
    require_serial: true
END
try "the wheel, without a compiler"

scratch
config capfix >scratch/.pre-commit-config.yaml
try "compiled by pre-commit"

scratch
config capfix-check >scratch/.pre-commit-config.yaml
cp scratch/deploy/a.yaml before
git -C scratch add .
pre_commit run --verbose >"$out" 2>&1
check "capfix-check: finds" test $? -eq 1
out_has "capfix-check: and says what" '^deploy/a.yaml:9:9: .*\[drop\]'
refute "capfix-check: names nothing that is not YAML by its name" grep -q other.txt "$out"
same "capfix-check: changes nothing" scratch/deploy/a.yaml before
policy scratch/.capfix.yaml
added scratch/deploy/a.yaml
git -C scratch add .
check "capfix-check: the policy counts, and is itself no manifest" pre_commit run
bad_policy scratch/.capfix.yaml
git -C scratch add .
refute "capfix-check: a mistake in it stops the commit" pre_commit run
