"""Measures capfix against its baselines, by hyperfine, all in one run, and prints the ratios. See `run`.

Nothing here fails: a busy machine is no mistake. But a number that was taken from a run with the wrong exit status is
marked `broken`.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

import series

CAPFIX = os.path.abspath(os.environ["CAPFIX"])
QUICK = bool(os.environ.get("BENCH_QUICK"))
WORK = os.path.abspath(sys.argv[1])  # the folder of the helpers, and of the inputs
INPUTS = f"{WORK}/quick" if QUICK else f"{WORK}/full"
SCRATCH = f"{WORK}/scratch"
MB = 1000000
YQ_RULE = (
    ".spec.template.spec.containers[] |= ("
    '(.securityContext.capabilities.drop = ((.securityContext.capabilities.drop // []) + ["ALL"] | unique)) |'
    " del(.securityContext.capabilities.add))"
)


class Time:
    """What hyperfine says of one command. Seconds."""

    def __init__(self, result, statuses):
        self.median = result["median"]
        self.cpu = result["user"] + result["system"]
        self.broken = set(result.get("exit_codes", statuses)) - set(statuses)


def hyperfine(commands, runs, warmup=1):
    """commands: (arguments, expected exit statuses, what to run before each time or None). A Time for each."""
    least, most = runs
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        call = ["hyperfine", "-N", "-i", "--style=none", "-w", str(warmup), "-m", str(least), "-M", str(most)]
        call += ["--export-json", out.name]
        for _, _, prepare in commands:
            call += ["--prepare", shlex.join(["sh", "-c", prepare or ":"])] if any(c[2] for c in commands) else []
        call += [shlex.join(c[0]) for c in commands]
        done = subprocess.run(call, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f"tests/bench: hyperfine failed:\n{done.stderr}")
        results = json.load(open(out.name, encoding="utf-8"))["results"]
    return [Time(result, command[1]) for result, command in zip(results, commands)]


def seconds(time):
    return f"{time:.2f} s" if time >= 1 else f"{time * 1000:.1f} ms" if time < 0.1 else f"{time * 1000:.0f} ms"


def mark(good, broken=False):
    return "broken" if broken else "ok" if good else "OVER"


def row(what, ours, baseline, theirs, ratio, target, verdict):
    print(f"{what:<44} {ours:>9}  {baseline:<26} {theirs:>9}  {ratio:>7}  {target:<16} {verdict}", flush=True)


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(f"{top}/{name}") for top, _, names in os.walk(path) for name in names)


def largest(path):
    if os.path.isfile(path):
        return os.path.getsize(path)
    return max(os.path.getsize(f"{top}/{name}") for top, _, names in os.walk(path) for name in names)


def files_in(path):
    return sorted(f"{top}/{name}" for top, _, names in os.walk(path) for name in names)


HELP = subprocess.run([CAPFIX, "--help"], capture_output=True, text=True, check=False).stdout
HAS_JOBS = "--jobs" in HELP


def capfix(*args, jobs=None):
    """The command; without --jobs, capfix is one process and always one worker."""
    return [CAPFIX, "--no-policy", *(["--jobs", str(jobs)] if HAS_JOBS and jobs else []), *args]


# --- the table --------------------------------------------------------------------------------------------------------


def compare(what, ours, baseline, name, target, runs=(5, 10), warmup=1):
    """One row: how many times the baseline's time."""
    us, them = hyperfine([ours, baseline], runs, warmup)
    ratio = us.median / them.median
    verdict = mark(ratio <= target, us.broken or them.broken)
    row(what, seconds(us.median), name, seconds(them.median), f"{ratio:.2f}", f"at most {target}", verdict)
    return us, them


def nothing_matters():
    tree = f"{INPUTS}/tree-none"
    ours = (capfix("--diff", tree, jobs=1), {0}, None)
    base = (["grep", "-rlF", "ontainers", tree], {1}, None)
    compare("tree, nothing matters, 1 worker", ours, base, "grep -rlF ontainers", 1.3)


def events(path):
    return [f"{WORK}/events", *files_in(path)] if os.path.isdir(path) else [f"{WORK}/events", path]


def against_events(what, path, target):
    ours = (capfix("--diff", path, jobs=1), {1}, None)
    us, them = compare(what, ours, (events(path), {0}, None), "libfyaml events", target)
    size = size_of(path) / MB
    speeds = (f"{size / time.median:.0f} MB/s" for time in (us, them))
    ratio = f"{us.cpu / them.cpu:.2f}"
    row("  speed; ratio of CPU time", next(speeds), f"of {size:.1f} MB", next(speeds), ratio, "", "")


def in_place_at(what, tree, folder):
    copy = f"{folder}/tree"
    # What was written or removed to prepare must not be on its way to the disk while the time runs.
    ours = (capfix("--in-place", copy), {0}, f"rm -rf '{copy}' && cp -r '{tree}' '{copy}' && sync -f '{folder}'")
    base = (["cp", "-r", tree, copy], {0}, f"rm -rf '{copy}' && sync -f '{folder}'")
    compare(what, ours, base, "cp -r", 3, runs=(3, 3), warmup=0)
    shutil.rmtree(copy, ignore_errors=True)


def in_place():
    """On the disk, which each file waits for, and in memory, where only the work itself counts."""
    in_place_at("tree, all to fix, --in-place, disk", f"{INPUTS}/tree-disk", SCRATCH)
    if not os.access("/dev/shm", os.W_OK):
        row("tree, all to fix, --in-place, memory", "", "cp -r", "", "", "at most 3", "skipped: no /dev/shm")
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="capfix-bench-") as folder:
        in_place_at("tree, all to fix, --in-place, memory", f"{INPUTS}/tree-all", folder)


def small_file():
    ours = (capfix("--diff", f"{INPUTS}/small.yaml"), {1}, None)
    us, them = compare("one small file", ours, (["/bin/true"], {0}, None), "/bin/true", 4, runs=(30, 100))
    more = us.median - them.median
    row("", "", "more than /bin/true", seconds(more), "", "under 3 ms", mark(more < 0.003, us.broken))


def workers():
    for name in "bundles", "tree", "tree-all":
        what = f"2 workers, {name}, --diff"
        if not HAS_JOBS:
            row(what, "", "1 worker", "", "", "at least 1.7", "skipped: no --jobs in this build")
            continue
        two, single = hyperfine([(capfix("--diff", f"{INPUTS}/{name}", jobs=n), {1}, None) for n in (2, 1)], (5, 10))
        ratio = single.median / two.median
        verdict = mark(ratio >= 1.7, two.broken or single.broken)
        row(what, seconds(two.median), "1 worker", seconds(single.median), f"{ratio:.2f}", "at least 1.7", verdict)


def yq():
    path, copy = f"{INPUTS}/yq", f"{SCRATCH}/yq"
    tool = f"{WORK}/bin/yq"
    if not os.path.exists(tool):
        why = "skipped: no yq (it is built when go is installed)"
        row("400 files, --in-place", "", "yq -i, once a file", "", "", "at least 60", why)
        return
    prepare = f"rm -rf '{copy}' && cp -r '{path}' '{copy}' && sync -f '{SCRATCH}'"
    each = ["sh", "-c", f"find '{copy}' -type f -print0 | xargs -0 -n 1 '{tool}' -i '{YQ_RULE}'"]
    (us,) = hyperfine([(capfix("--in-place", copy), {0}, prepare)], (3, 10))
    (them,) = hyperfine([(each, {0}, prepare)], (1, 1), warmup=0)
    ratio = them.median / us.median
    verdict = mark(ratio >= 60, us.broken or them.broken)
    what = f"{len(files_in(path))} files, --in-place"
    row(what, seconds(us.median), "yq -i, once a file", seconds(them.median), f"{ratio:.0f}", "at least 60", verdict)
    shutil.rmtree(copy, ignore_errors=True)


def policy_entries():
    args, _ = series.policy("path: p{0}")(SCRATCH, 5000)
    ours = ([CAPFIX, "--diff", *args], {1}, None)
    without = ([CAPFIX, "--no-policy", "--diff", args[-1]], {1}, None)
    compare("10,000 containers, policy of 5,000 entries", ours, without, "no policy", 2.2)


def peak_memory():
    print("\nPeak memory of all processes: the most of the sum of Pss, looked at each millisecond (tests/bench/peak.c)")
    limit = "24 MB + 4 x file x jobs"
    every_jobs = (1, 2) if HAS_JOBS else (1,)
    for name, jobs in [(name, jobs) for name in ("bundles", "containers.yaml", "tree-all") for jobs in every_jobs]:
        path = f"{INPUTS}/{name}"
        call = [f"{WORK}/peak", *capfix("--diff", path, jobs=jobs)]
        kb, status = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
        used, most = int(kb) * 1024 / MB, 24 + 4 * largest(path) / MB * jobs
        what = f"{name}, {jobs} worker{'s' if jobs > 1 else ''}"
        verdict = mark(used <= most, status != "1")
        row(what, f"{used:.1f} MB", limit, f"{most:.1f} MB", f"{used / most:.2f}", "at most 1", verdict)


# --- doubling ---------------------------------------------------------------------------------------------------------


def doubled(sizes, make, runs):
    """CPU seconds for each size, and whether a run went wrong."""
    commands = []
    for n in sizes:
        folder = str(n)  # short, for a hyperfine command is one argument and must not be too long
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        args, status = make(folder, n)
        commands.append(([CAPFIX, "--diff", *args], {status}, None))
    times = hyperfine(commands, runs)
    return [time.cpu for time in times], any(time.broken for time in times)


def doubling():
    print("\nInput doubled, and doubled again: CPU time of all processes, and its ratios (target: at most 2.2)")
    print(f"{'':<20} {'n':>7} {'time n':>10} {'2n':>10} {'4n':>10}   {'2n/n':>5} {'4n/2n':>5}")
    for name, (n, make) in series.SERIES.items():
        sizes = (n // 2, n) if QUICK else (n, 2 * n, 4 * n)
        times, broken = doubled(sizes, make, (2, 2) if QUICK else (3, 3))
        # What is over is looked at again, longer: most often it was the machine.
        if times[-1] / times[-2] > 2.2 and not broken:
            again, broken = doubled(sizes, make, (6, 6))
            times = again if again[-1] / again[-2] < times[-1] / times[-2] else times
        ratios = [more / less for less, more in zip(times, times[1:])]
        cells = "".join(f" {seconds(time):>10}" for time in times) + " " * 11 * (3 - len(times))
        steps = "".join(f" {ratio:>5.2f}" for ratio in ratios) + " " * 6 * (2 - len(ratios))
        print(f"{name:<20} {sizes[0]:>7}{cells}  {steps}  {mark(ratios[-1] <= 2.2, broken)}", flush=True)


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    os.makedirs(SCRATCH)
    os.chdir(SCRATCH)
    row("what", "median", "baseline, same run", "median", "ratio", "target", "")
    nothing_matters()
    against_events("bundles with CRDs, 1 worker, --diff", f"{INPUTS}/bundles", 0.25)
    against_events("all containers, all to fix, 1 worker, --diff", f"{INPUTS}/containers.yaml", 2.4)
    in_place()
    small_file()
    workers()
    yq()
    policy_entries()
    peak_memory()
    doubling()
    shutil.rmtree(SCRATCH, ignore_errors=True)


if __name__ == "__main__":
    main()
