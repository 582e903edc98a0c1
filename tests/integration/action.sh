# The GitHub Action: its steps, run as the runner runs them, with an installed program. build.sh has it compile.
action() { # STATUS NAME [INPUT=VALUE...]
	local want=$1 name=$2
	shift 2
	rm -rf run
	/usr/bin/python3 "$TESTS/action.py" "$ROOT/action.yml" run program="$capfix" "$@" >"$out" 2>"$err" </dev/null
	local got=$?
	check "$name" test $got -eq "$want"
}
output_is() { check "$1" grep -qxF -- "$2" run/outputs; }
# commands: the workflow commands that a runner sees in the log, those within stop-commands left out.
commands() {
	awk '/^::stop-commands::/ { token = "::" substr($0, 18) "::"; next }
		token { if ($0 == token) token = ""; next }
		/^::/ { print }' "$out"
}

mkdir deploy other
pod deploy/a.yaml
fine other/b.yaml
action 1 "something to fix fails the job"
out_has "and is annotated" '^::warning file=deploy/a.yaml,line=9,col=9,title=capfix drop::container "web" does not drop ALL'
output_is "the status is an output" status=1
output_is "and the SARIF report" "sarif-file=$PWD/capfix.sarif"
check "which is one" python3 -c 'import json; assert json.load(open("capfix.sarif"))["runs"][0]["results"]'
check "the summary has the diff" grep -Eq '^\+ +- ALL' run/summary
rm capfix.sarif
action 0 "fail: false lets it pass" fail=false sarif-file= summary=false
output_is "with the status all the same" status=1
output_is "sarif-file: empty writes none" sarif-file=
check "and no file" test ! -e capfix.sarif
check "summary: false writes none" test ! -e run/summary
action 0 "paths: one that is fine" paths=other
output_is "has status 0" status=0
action 1 "paths: two, on lines of their own" paths=$'other\r\n\ndeploy\n'
action 0 "working-directory" working-directory=other
output_is "is where the report goes" "sarif-file=$PWD/other/capfix.sarif"
added other/b.yaml
action 1 "an added capability fails" paths=other
policy my-policy.yaml
action 0 "policy: what it allows does not" paths=other policy=my-policy.yaml
bad_policy my-policy.yaml
action 2 "a bad policy is trouble" paths=other policy=my-policy.yaml fail=false
action 2 "so is a path that is not there" paths=missing fail=false
action 2 "so is a report that cannot be written" paths=deploy fail=false sarif-file=no/such/folder
commands >got
check "and is said" grep -q '^::error .*SARIF' got
action 2 "so is a path that looks like an option" paths=$'other\n--exit-zero' policy=
action 2 "an input that is neither true nor false is refused" fail=maybe
action 2 "so is a program that is none" program=/no/such/program

# Names that are made to be run: by the shell, as options, as commands of the workflow.
mkdir hostile
pod 'hostile/$(touch owned).yaml'
pod $'hostile/a\n::error::owned.yaml'
pod $'::add-mask::x.yaml'
unparsable $'::error::owned.yaml'
action 2 "hostile names" paths=$'hostile\n::add-mask::x.yaml\n::error::owned.yaml\n$(touch owned)\n--in-place\n`touch owned`'
check "run nothing" test ! -e owned
pod want
same "change nothing" '::add-mask::x.yaml' want
commands | grep -v '^::\(warning\|notice\|error\) \(file=[^:]*,\)\?title=' >got
check "and command nothing" test ! -s got
