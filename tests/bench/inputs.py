"""Writes the inputs of the benchmark: the same bytes every time, for the same size.

inputs.py FOLDER full|quick
"""
import hashlib
import os
import shutil
import sys

# files: of each tree. disk: files that are written and waited for. bundles: MB. containers: of the one file.
# yq: files that it gets.
SIZES = {
    "full": {"files": 20000, "disk": 1000, "bundles": 40, "containers": 5000, "yq": 400},
    "quick": {"files": 2000, "disk": 100, "bundles": 8, "containers": 1000, "yq": 40},
}
PER_FOLDER = 50

CONTAINER = """\
      - name: {name}
        image: registry.example.com/team/{name}:1.{n}.0  # {note}
        args:
        - --listen=:8080
        - "--log-level=info"
        env:
        - name: REGION
          value: eu-west-1
        - name: TOKEN
          valueFrom:
            secretKeyRef: {{name: token, key: value}}
{context}        resources:
          limits: {{cpu: 500m, memory: 128Mi}}
          requests:
            cpu: 50m
            memory: 64Mi
"""

CONTEXTS = (
    "",
    "        securityContext:\n          runAsNonRoot: true\n",
    "        securityContext:\n          capabilities:\n            add: [NET_ADMIN]\n",
    "        securityContext:\n          capabilities:\n            drop:\n            - NET_RAW\n",
)


def container(n):
    """One container to fix, in one of four states."""
    return CONTAINER.format(name=f"app-{n}", n=n % 10, note="pinned on purpose", context=CONTEXTS[n % 4])


def deployment(n, containers=1):
    head = f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
  labels:
    app: app-{n}
spec:
  replicas: {n % 5 + 1}
  selector:
    matchLabels:
      app: app-{n}
  template:
    metadata:
      labels:
        app: app-{n}
    spec:
      # The order matters to the debugger.
      containers:
"""
    return head + "".join(container(n + i) for i in range(containers))


def service(n):
    return f"""\
apiVersion: v1
kind: Service
metadata:
  name: app-{n}
  annotations:
    example.com/owner: "team-{n % 17}"
    example.com/note: >-
      Traffic comes in by the shared gateway, which ends TLS and
      passes the request on with the caller's name in a header.
spec:
  type: ClusterIP
  selector:
    app: app-{n}
  ports:
  - name: http
    port: 80
    targetPort: 8080
  - name: metrics
    port: 9090
    targetPort: metrics
"""


def config_map(n):
    lines = "".join(f"    section.{i}.limit = {n + i}\n    section.{i}.name = part-{i}\n" for i in range(12))
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-{n}\ndata:\n  app.properties: |\n{lines}"


def ingress(n):
    rules = "".join(
        f"""\
  - host: app-{n}-{i}.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: app-{n}
            port:
              name: http
"""
        for i in range(3)
    )
    return f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: app-{n}\nspec:\n  rules:\n{rules}"


DULL = (service, config_map, ingress)


def dull(n):
    return DULL[n % len(DULL)](n)


def schema(depth, width, indent, out):
    """The properties of one level of a CRD, as controller-gen writes them."""
    pad = " " * indent
    for i in range(width):
        name = ("containers", "initContainers")[i % 2] if i in (3, 4) else f"field{depth}x{i}"
        out.append(f"{pad}{name}:\n{pad}  description: |-\n")
        out.append(f"{pad}    {name.capitalize()} says what the controller does with the pods that it makes, and\n")
        out.append(f"{pad}    when. More info: https://docs.example.com/concepts/level-{depth}#field-{i}\n")
        if depth and i < 5:
            out.append(f"{pad}  properties:\n")
            schema(depth - 1, width, indent + 4, out)
            out.append(f"{pad}  type: object\n")
        elif i % 3 == 0:
            out.append(f"{pad}  items:\n{pad}    type: string\n")
            out.append(f"{pad}  type: array\n{pad}  x-kubernetes-list-type: atomic\n")
        else:
            out.append(f"{pad}  type: string\n")


def crd(n, body):
    return f"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.16.5
  name: things{n}.example.com
spec:
  group: example.com
  names:
    kind: Thing{n}
    listKind: Thing{n}List
    plural: things{n}
    singular: thing{n}
  scope: Namespaced
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        description: Thing{n} runs containers for you.
        properties:
{body}        type: object
    served: true
    storage: true
"""


def bundle(n, size):
    """Documents up to `size` bytes, as an operator's release brings them: a few workloads beside each big CRD."""
    out = []
    schema(3, 11, 10, out)
    body = "".join(out)
    docs = []
    total = 0
    while total < size:
        docs.append(crd(n, body))
        docs.extend(dull(n + i) for i in range(20))
        docs.extend(deployment(n + i, 2) for i in range(5))
        total = sum(map(len, docs))
        n += 100
    return "---\n".join(docs)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def tree(folder, files, text_of):
    for n in range(files):
        sub = f"{folder}/team-{n // PER_FOLDER:03d}"
        if n % PER_FOLDER == 0:
            os.makedirs(sub)
        write(f"{sub}/app-{n:05d}.yaml", text_of(n))


def write_all(folder, size):
    tree(f"{folder}/tree", size["files"], lambda n: deployment(n) if n % 10 == 0 else dull(n))
    tree(f"{folder}/tree-none", size["files"], dull)
    tree(f"{folder}/tree-all", size["files"], deployment)
    tree(f"{folder}/tree-disk", size["disk"], deployment)
    tree(f"{folder}/yq", size["yq"], deployment)
    os.mkdir(f"{folder}/bundles")
    for i in range(8):
        write(f"{folder}/bundles/bundle-{i}.yaml", bundle(i * 10000, size["bundles"] * 1000000 // 8))
    write(f"{folder}/containers.yaml", deployment(0, size["containers"]))
    write(f"{folder}/small.yaml", deployment(3))


def main():
    folder, name = sys.argv[1:]
    with open(__file__, "rb") as file:
        stamp = hashlib.sha256(file.read()).hexdigest() + name
    done = f"{folder}/made-by"
    if os.path.exists(done) and open(done, encoding="ascii").read() == stamp:
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    write_all(folder, SIZES[name])
    write(done, stamp)


if __name__ == "__main__":
    main()
