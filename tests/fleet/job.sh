# The Job of Kubernetes: capfix finds nothing in it, and what its pods would run works.
job=$fleet/job.yaml
exits 0 "capfix has nothing to fix in job.yaml" "$CAPFIX" --check --no-policy "$job"
check "and nothing to say" test "$(cat "$top/out" "$top/err" | wc -l)" -eq 0
exits 0 "it says so in JSON too" "$CAPFIX" --check --no-policy --format json "$job"
check "and has seen its container" grep -q '"type":"summary",.*"containers":1,"complying":1,' "$top/out"

if python3 -c 'import yaml' 2>/dev/null; then
	# What a pod runs, with our folders for its volumes.
	python3 - "$job" <<'END' >facts
import sys, yaml
config, job = yaml.safe_load_all(open(sys.argv[1]))
lines = [l for l in config["data"]["repos.txt"].splitlines() if l and l[0] != "#"]
spec = job["spec"]
print(spec["completionMode"], spec["completions"] == len(lines))
open("script", "w").write(spec["template"]["spec"]["containers"][0]["args"][0])
END
	check "it is indexed, with a completion for each repository" test "$(cat facts)" = "Indexed True"
	mkdir list script.d
	printf '# comment\n\nfirst %s\nsecond %s\n' "$top/bare/refused.git" "$top/bare/plain.git" >list/repos.txt
	cp "$fleet/one-repository" script.d
	sed -i "s,/fleet/list,$PWD/list,; s,/fleet/script,$PWD/script.d," script
	JOB_COMPLETION_INDEX=1 FLEET_DIR=$PWD/work FLEET_CAPFIX=$top/bin/capfix exits 0 "a pod runs" sh -euc "$(cat script)"
	check "and does the repository of its index" grep -q '^record	name=second	.*	files=1	' "$top/out"
	# The pods' logs are what `collect` reads.
	mkdir results && cp "$top/out" results/second && cp list/repos.txt .
	exits 2 "collect reads logs of pods" sh "$fleet/collect" .
	check "and says which are missing" grep -q '^first: missing' "$top/out"
else
	echo "ok - what a pod runs # SKIP python3-yaml is not installed"
fi
