"""Inputs that double: a text or a folder for any n. Where 2n takes more than twice as long, a step isn't linear.

SERIES: name -> (n of the first of three sizes, what makes the input)
A maker gets a fresh folder and n, writes what it needs, and gives back capfix's arguments and the expected exit status.
"""
import json
import os

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n"
LIST = POD + "  containers:\n"
ITEM = "  - name: c{0}\n    image: nginx\n"
FIXED = "    securityContext: {capabilities: {drop: [ALL]}}\n"


def write(folder, name, text):
    path = f"{folder}/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def one(text_of, status=1):
    """A case of one file."""

    def make(folder, n):
        return ["--no-policy", write(folder, "in.yaml", text_of(n))], status

    return make


def times(n, pattern):
    return "".join(pattern.replace("{0}", str(i)) for i in range(n))


def small_pod(n):
    return POD.replace("web", f"web-{n}") + "  containers:\n" + ITEM.format(n)


# --- documents, objects, containers -----------------------------------------------------------------------------------


def documents(n):
    return "---\n".join(small_pod(i) for i in range(n))


def documents_ended(n):
    """Ended by `...`: no line says `---`."""
    return "...\n".join(small_pod(i) for i in range(n))


def documents_dull(n):
    return times(n, "apiVersion: v1\nkind: Service\nmetadata:\n  name: s{0}\n---\n") + small_pod(0)


def list_items(n):
    item = "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p{0}\n"
    spec = "  spec:\n    containers:\n    - name: c\n      image: i\n"
    return "apiVersion: v1\nkind: List\nitems:\n" + times(n, item + spec)


def containers(n):
    return LIST + times(n, ITEM)


def containers_fixed(n):
    """Nothing to fix: no proof."""
    return LIST + times(n, ITEM + FIXED)


def json_pod(n):
    items = [{"name": f"c{i}", "image": "i"} for i in range(n)]
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": items}}


def containers_minified(n):
    """JSON on one line."""
    return json.dumps(json_pod(n), separators=(",", ":")) + "\n"


def containers_json(n):
    return json.dumps(json_pod(n), indent=2) + "\n"


def containers_crlf(n):
    return containers(n).replace("\n", "\r\n")


def containers_wide(n):
    """Beyond ASCII on one line: columns are counted in code points."""
    return containers_minified(n).replace('"i"', '"gefäß-größe-日本"')


# --- keys -------------------------------------------------------------------------------------------------------------


def keys(n):
    """In a container, where keys are looked up."""
    return LIST + ITEM.format(0) + times(n, "    key{0}: value\n")


def keys_flow(n):
    return LIST + "  - {name: c, image: i" + times(n, ", key{0}: value") + "}\n"


def keys_pod(n):
    return POD + times(n, "  key{0}: value\n") + "  containers:\n" + ITEM.format(0)


def keys_labels(n):
    head = POD.replace("spec:\n", "  labels:\n") + times(n, "    key{0}: value\n")
    return head + "spec:\n  containers:\n" + ITEM.format(0)


def keys_twice(n):
    """Each container says something twice: all are refused."""
    return LIST + times(n, ITEM + "    image: again\n    securityContext: {}\n    securityContext: {}\n")


def keys_quoted(n):
    """Keys that have to be decoded."""
    return LIST + ITEM.format(0) + times(n, '    "k\\u0065y{0}": value\n')


# --- edits ------------------------------------------------------------------------------------------------------------

CAPS = ("SYS_TIME", "net_admin", "CAP_SYS_ADMIN", "NO_SUCH_{0}")


def adds(n):
    head = LIST + ITEM.format(0) + "    securityContext:\n      capabilities:\n        add:\n"
    return head + "".join(f"        - {CAPS[i % 4].format(i)}\n" for i in range(n))


def adds_flow(n):
    caps = ", ".join(CAPS[i % 4].format(i) for i in range(n))
    return LIST + ITEM.format(0) + f"    securityContext: {{capabilities: {{add: [{caps}]}}}}\n"


def adds_flow_lines(n):
    caps = ",  # why\n        ".join(CAPS[i % 4].format(i) for i in range(n))
    head = LIST + ITEM.format(0) + "    securityContext:\n      capabilities:\n"
    return f"{head}        add: [\n        {caps}\n        ]\n"


def adds_each(n):
    return LIST + times(n, ITEM + "    securityContext:\n      capabilities:\n        add: [NET_RAW, SYS_TIME]\n")


def drops(n):
    head = LIST + ITEM.format(0) + "    securityContext:\n      capabilities:\n        drop:\n"
    return head + "".join(f"        - {('all', 'NET_RAW', 'Kill')[i % 3]}\n" for i in range(n))


def wrong_types(n):
    return LIST + times(n, ITEM + "    securityContext:\n      capabilities: {drop: ALL}\n")


def not_written(n):
    """Containers that are refused only once their edits are written: pairs without braces."""
    return LIST + times(n, ITEM + "    securityContext: {capabilities: [drop: [NET_RAW]]}\n")


def overlays(n):
    return LIST + times(n, "  - name: c{0}\n    securityContext: {capabilities: {drop: [KILL]}}\n")


# --- anchors ----------------------------------------------------------------------------------------------------------


def anchor_each(n):
    item = ITEM + "    securityContext: &a{0}\n      runAsNonRoot: true\n"
    return LIST + times(n, item + item.replace("c{0}", "d{0}").replace("&a{0}\n      runAsNonRoot: true", "*a{0}"))


def anchor_shared(n):
    first = ITEM.format("x") + "    securityContext: &a\n      runAsNonRoot: true\n"
    return LIST + first + times(n, ITEM + "    securityContext: *a\n")


def anchor_again(n):
    """One name, anchored again and again."""
    return LIST + times(n, ITEM + "    securityContext: &a {runAsNonRoot: true}\n    lifecycle: *a\n")


def anchor_container(n):
    """Whole containers: seven aliases for each; more of them would be refused, as Kubernetes does."""
    return LIST + times(n // 8, "  - &c{0}\n    name: c\n    image: i\n" + "  - *c{0}\n" * 7)


def merges(n):
    base = "x-base: &base\n  image: nginx\n  securityContext:\n    runAsNonRoot: true\n"
    return base + LIST + times(n, "  - name: c{0}\n    <<: *base\n")


def merges_chain(n):
    """Each container merges the one before it, up to eight; then a new chain begins."""
    links = (f"<<: *a{i - 1}" if i % 8 else "image: i" for i in range(n))
    return LIST + "".join(f"  - &a{i}\n    {link}\n    name: c{i}\n" for i, link in enumerate(links))


def merges_conflict(n):
    """Half of the places want another change than the other half: all are refused."""
    base = "x-base: &base\n  image: nginx\n  securityContext: &sc\n    capabilities:\n      add: [SYS_TIME]\n"
    return base + LIST + times(n, "  - name: c{0}\n    <<: *base\n" + ITEM + "    env: *sc\n")


# --- shapes of text ---------------------------------------------------------------------------------------------------


def comments(n):
    return LIST + ITEM.format(0) + times(n, "    # a comment, {0}\n")


def comments_between(n):
    return LIST + "".join(ITEM.format(i) + "    # one\n\n    # two\n" * 5 for i in range(n // 10))


def blank_lines(n):
    return LIST + ITEM.format(0) + "\n" * n + ITEM.format(1)


def block_scalar(n):
    return LIST + ITEM.format(0) + "    args:\n    - |\n" + times(n, "      echo {0}\n")


def block_scalars(n):
    return LIST + times(n, ITEM + "    args:\n    - |+\n      echo\n\n")


def long_scalar(n):
    return LIST + ITEM.format(0) + '    value: "' + "x y " * n + '"\n'


def long_plain(n):
    return LIST + ITEM.format(0) + "    value:\n" + "      word word\n" * n


def braces(n):
    """Braces in quotes and comments: what looks like a template has to be looked at."""
    return LIST + ITEM.format(0) + times(n, '    key{0}: "{{ x }}"  # {{ y }}\n')


def escapes(n):
    return LIST + ITEM.format(0) + "    value: \"" + "\\\\\\n" * n + '"\n'


def rulers(n):
    """Dashes and dots that are no markers."""
    return LIST + ITEM.format(0) + times(n, "    # ---------- ..........\n")


def depth_flow(n):
    """Up to 10,000 levels are read, so the depth doubles in each of 20 documents."""
    return (small_pod(0) + "    x: " + "[" * n + "]" * n + "\n---\n") * 20


def depth_block(n):
    return (small_pod(0) + "    x:\n    " + "- " * n + "x\n---\n") * 20


# --- folders, policies ------------------------------------------------------------------------------------------------


def files(folder, n):
    for i in range(n):
        write(folder, f"in/f{i:06d}.yaml", small_pod(i))
    return ["--no-policy", f"{folder}/in"], 1


def files_named(folder, n):
    return ["--no-policy", *(write(folder, f"in/f{i:06d}.yaml", small_pod(i)) for i in range(n))], 1


def folders(folder, n):
    for i in range(n):
        write(folder, f"in/d{i:06d}/f.yaml", small_pod(i))
    return [f"{folder}/in"], 1


def folder_policies(folder, n):
    for i in range(n):
        write(folder, f"in/d{i:06d}/f.yaml", small_pod(i))
        write(folder, f"in/d{i:06d}/.capfix.yaml", "version: 1\nallow:\n- {capability: KILL, reason: x}\n")
    return ["--exit-zero", f"{folder}/in"], 0


def policy_text(n, match):
    entry = "- capability: NET_ADMIN\n  reason: r{0}\n  match: {" + match + "}\n"
    return "version: 1\nallow:\n" + times(n, entry)


def policy(match, items=10000):
    """n entries, none of which matches any of the containers."""

    def make(folder, n):
        item = ITEM + "    securityContext: {capabilities: {add: [NET_ADMIN]}}\n"
        path = write(folder, "policy.yaml", policy_text(n, match))
        return ["--policy", path, write(folder, "in.yaml", LIST + times(items, item))], 1

    return make


def policy_hits(folder, n):
    """Each container has an entry of its own."""
    item = ITEM + "    securityContext: {capabilities: {add: [NET_ADMIN]}}\n"
    path = write(folder, "policy.yaml", policy_text(n, "container: c{0}"))
    return ["--policy", path, write(folder, "in.yaml", LIST + times(n, item))], 1


def policy_documents(folder, n):
    """As many entries as documents: no document may cost a look at each entry."""
    path = write(folder, "policy.yaml", policy_text(n, "container: x{0}"))
    return ["--policy", path, write(folder, "in.yaml", documents(n))], 1


def policy_files(folder, n):
    path = write(folder, "policy.yaml", policy_text(n, "container: x{0}"))
    return ["--policy", path, *files(folder, n)[0][1:]], 1


def policy_ensure(folder, n):
    """As many entries that add something as containers."""
    text = policy_text(n, "container: c{0}").replace("  reason", "  ensure: true\n  reason")
    path = write(folder, "policy.yaml", text)
    return ["--policy", path, write(folder, "in.yaml", LIST + times(n, ITEM))], 1


def policy_exclude(folder, n):
    files(folder, n)
    write(folder, "in/.capfix.yaml", "version: 1\nexclude:\n" + times(n, '- "vendor{0}/**"\n'))
    return [f"{folder}/in"], 1


SERIES = {
    "documents": (2500, one(documents)),
    "documents, `...`": (2500, one(documents_ended)),
    "documents, dull": (60000, one(documents_dull)),
    "list items": (2500, one(list_items)),
    "containers": (2500, one(containers)),
    "containers, fixed": (20000, one(containers_fixed, 0)),
    "containers, minified": (5000, one(containers_minified)),
    "containers, json": (2500, one(containers_json)),
    "containers, crlf": (2500, one(containers_crlf)),
    "containers, wide": (2500, one(containers_wide)),
    "keys": (20000, one(keys)),
    "keys, flow": (20000, one(keys_flow)),
    "keys, pod": (20000, one(keys_pod)),
    "keys, labels": (20000, one(keys_labels)),
    "keys, quoted": (20000, one(keys_quoted)),
    "keys, twice": (5000, one(keys_twice)),
    "adds": (20000, one(adds)),
    "adds, flow": (20000, one(adds_flow)),
    "adds, flow lines": (20000, one(adds_flow_lines)),
    "adds, each": (2500, one(adds_each)),
    "drops": (20000, one(drops)),
    "wrong types": (2500, one(wrong_types)),
    "not written": (2500, one(not_written)),
    "overlays": (2500, one(overlays)),
    "anchor each": (1250, one(anchor_each)),
    "anchor shared": (5000, one(anchor_shared)),
    "anchor again": (2500, one(anchor_again)),
    "anchor container": (10000, one(anchor_container)),
    "merges": (2500, one(merges)),
    "merges, chain": (2500, one(merges_chain)),
    "merges, conflict": (1250, one(merges_conflict)),
    "comments": (100000, one(comments)),
    "comments between": (20000, one(comments_between)),
    "blank lines": (400000, one(blank_lines)),
    "block scalar": (80000, one(block_scalar)),
    "block scalars": (2500, one(block_scalars)),
    "long scalar": (500000, one(long_scalar)),
    "long plain": (100000, one(long_plain)),
    "braces": (10000, one(braces)),
    "escapes": (300000, one(escapes)),
    "rulers": (60000, one(rulers)),
    "depth, flow": (1250, one(depth_flow)),
    "depth, block": (1250, one(depth_block)),
    "files": (1000, files),
    "files, named": (1000, files_named),
    "folders": (500, folders),
    "folders, policies": (250, folder_policies),
    "policy, path": (1250, policy("path: p{0}", 5000)),
    "policy, glob": (1250, policy('container: "*x{0}"', 5000)),
    "policy, image": (1250, policy('image: "reg{0}/*:*"', 5000)),
    "policy, hits": (2500, policy_hits),
    "policy, documents": (2500, policy_documents),
    "policy, files": (1000, policy_files),
    "policy, ensure": (500, policy_ensure),
    "policy, exclude": (1000, policy_exclude),
}
