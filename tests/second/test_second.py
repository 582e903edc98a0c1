#!/usr/bin/python3
"""Shows that compliance.py and compare.py find what they must find, and nothing else."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def tool(name, *args):
    return subprocess.run([sys.executable, os.path.join(HERE, name), *args], capture_output=True, text=True, check=False)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return path


def pod(container, head='apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n'):
    return head + container


GOOD = '  - {name: c, image: i, securityContext: {capabilities: {drop: [ALL]}}}\n'
DEPLOYMENT = '{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers: [%s]}}}}\n'

COMPLY = {
    'drops': pod(GOOD),
    'drops more': pod('  - {name: c, image: i, securityContext: {capabilities: {drop: [NET_RAW, "ALL"]}}}\n'),
    'empty add': pod('  - {name: c, image: i, securityContext: {capabilities: {add: [], drop: [ALL]}}}\n'),
    'json': '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c", "image": "\\ud83d\\ude00\\/",\n'
            '\t"securityContext": {"capabilities": {"drop": ["ALL"]}}}]}}',
    'other group': DEPLOYMENT.replace('apps/v1', 'example.com/v1') % '{name: c, image: i}',
    'no apiVersion': pod('  - {name: c, image: i}\n').replace('apiVersion', 'api_version'),
    'not kubernetes': 'spec: {containers: [{name: c, image: i}]}\n',
    'merged in': 'apiVersion: v1\nkind: Pod\nx: &x {securityContext: {capabilities: {drop: [ALL]}}}\nspec:\n  containers:\n'
                 '  - {<<: *x, name: c, image: i}\n',
    'overlay': pod('  - {name: c}\n  - {name: d, $patch: delete, securityContext: {capabilities: {add: [X]}}}\n'),
    'windows': 'apiVersion: v1\nkind: Pod\nspec: {os: {name: windows}, containers: [{name: c, image: i}]}\n',
    'template': pod('  - {name: c, image: {{ .x }}}\n'),
    'template that parses': pod('  - {name: c, image: i}\n  # c\n  tag: a{{ b }}\n'),
    'unparsable': 'a: [\n',
    'date and tags': pod(GOOD) + '---\na: 2001-01-01\nb: !foo 3\nc: !!binary QUI=\n? [x]\n: 1\n',
    'self': 'apiVersion: v1\nkind: Pod\nmetadata: &a\n  b: *a\n  <<: *a\n',
}
BREAK = {
    'nothing': pod('  - {name: c, image: i}\n'),
    'null': pod('  - {name: c, image: i, securityContext: }\n'),
    'other case': pod('  - {name: c, image: i, securityContext: {capabilities: {drop: [all]}}}\n'),
    'one only': pod('  - {name: c, image: i, securityContext: {capabilities: {drop: [NET_RAW]}}}\n'),
    'adds': pod('  - {name: c, image: i, securityContext: {capabilities: {add: [NET_RAW], drop: [ALL]}}}\n'),
    'scalar': pod('  - {name: c, image: i, securityContext: {capabilities: {drop: ALL}}}\n'),
    'no string': pod('  - {name: c, image: i, securityContext: {capabilities: {drop: [ALL, 1]}}}\n'),
    'add is no list': pod('  - {name: c, image: i, securityContext: {capabilities: {add: KILL, drop: [ALL]}}}\n'),
    'wrong place': pod('  - {name: c, image: i, capabilities: {drop: [ALL]}}\n'),
    'second document': pod(GOOD) + '---\n' + pod('  - {name: c, image: i}\n'),
    'init': pod(GOOD + '  initContainers:\n  - {name: c, image: i}\n'),
    'ephemeral': pod(GOOD + '  ephemeralContainers:\n  - {name: c, image: i}\n'),
    'deployment': DEPLOYMENT % '{name: c, image: i}',
    'old group': DEPLOYMENT.replace('apps/v1', 'extensions/v1beta1') % '{name: c, image: i}',
    'list': '{apiVersion: v1, kind: List, items: [' + (DEPLOYMENT % '{name: c, image: i}').strip() + ']}\n',
    'typed list': '{apiVersion: v1, kind: PodList, items: [{spec: {containers: [{name: c, image: i}]}}]}\n',
    'cronjob': 'apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{image: i}]}}}}}\n',
    'pod template': 'apiVersion: v1\nkind: PodTemplate\ntemplate: {spec: {containers: [{image: i}]}}\n',
    'hidden by a later merge': 'apiVersion: v1\nkind: Pod\nx: &x {securityContext: {}}\nspec:\n  containers:\n'
                               '  - {name: c, image: i, securityContext: {capabilities: {drop: [ALL]}}, <<: *x}\n',
    'hidden by a second key': pod(GOOD.replace('}}}\n', '}}, securityContext: {}}\n')),
    'overlay adds': pod('  - {name: c, securityContext: {capabilities: {add: [NET_RAW]}}}\n'),
    'overlay drops less': pod('  - {name: c, securityContext: {capabilities: {drop: [NET_RAW]}}}\n'),
    'braces in quotes': pod('  - {name: c, image: "{{ x }}"}\n'),
    'braces in a comment': pod('  - {name: c, image: i} # {{ x }}\n'),
    'alias': 'apiVersion: v1\nkind: Pod\nx: &x {name: c, image: i}\nspec: {containers: [*x]}\n',
    'windows by node selector': 'apiVersion: v1\nkind: Pod\nspec: {nodeSelector: {kubernetes.io/os: windows}, containers: [{image: i}]}\n',
}


class Compliance(Case):
    def test_comply(self):
        for name, text in COMPLY.items():
            with self.subTest(name):
                out = tool('compliance.py', self.write(name + '.yaml', text))
                self.assertEqual((out.returncode, ': ' in out.stdout), (0, False), out.stdout + out.stderr)

    def test_break(self):
        for name, text in BREAK.items():
            with self.subTest(name):
                out = tool('compliance.py', self.write(name + '.yaml', text))
                self.assertEqual((out.returncode, out.stdout.count('.yaml:')), (1, 1), out.stdout + out.stderr)

    def test_totals(self):
        self.write('chart/Chart.yaml', 'name: x\n')
        self.write('chart/templates/a.yaml', pod('  - {name: c, image: i}\n'))
        for name, text in (COMPLY | {'bad': BREAK['nothing'], 'bad overlay': BREAK['overlay adds']}).items():
            self.write(name + '.yml', text)
        out = tool('compliance.py', '--tsv', self.folder.name)
        total = dict(x.split('\t')[1:] for x in out.stdout.splitlines() if x.startswith('total'))
        want = {'files': 19, 'containers': 7, 'complying': 6, 'breaking': 1, 'overlays': 3, 'overlays_breaking': 1, 'windows': 1,
                'templates': 3, 'templates_breaking': 3, 'unparsable': 1}
        self.assertEqual({k: int(total[k]) for k in want}, want, out.stdout)
        self.assertEqual(out.returncode, 1)

    def test_allow(self):
        path = self.write('a.yaml', BREAK['adds'])
        self.assertEqual(tool('compliance.py', '--allow', 'NET_RAW', path).returncode, 0)
        self.assertEqual(tool('compliance.py', '--allow', 'net_raw', path).returncode, 1)

    def test_kinds(self):
        kinds = self.write('kinds.tsv', 'x.io\tW\tspec.pools{}.steps[]\tlist\nx.io\tW\tspec.one\tone\nx.io\tW\tspec.t[].spec\tpodspec\n')
        text = ('apiVersion: x.io/v1\nkind: W\nspec: {pools: {a: {steps: [{image: i}]}}, one: {image: i},'
                ' t: [{spec: {containers: [{image: i}]}}]}\n')
        out = tool('compliance.py', '--kinds', kinds, self.write('a.yaml', text))
        self.assertEqual((out.returncode, out.stdout.count('.yaml:')), (1, 3), out.stdout + out.stderr)

    def test_deep(self):
        out = tool('compliance.py', self.write('a.yaml', '[' * 10000 + ']' * 10000))
        self.assertEqual((out.returncode, 'unparsable' in out.stderr or '1 documents' in out.stdout), (0, True), out.stderr)


BEFORE = '''# head
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # the name
spec:
  replicas: 3
  template:
    spec:
      containers:
        # main
        - name: web
          image: "nginx:1"

          args: [a,  b]
        - name: log
          image: fluentd
          securityContext: {}  # TODO
          command:
            - |
              # no comment
              run
        - name: caps
          image: x
          securityContext:
            capabilities:
              # why
              add: ["NET_RAW"] # gone
              drop:
                - all # kept
            runAsUser: 1
        - {name: flow, image: x, securityContext: {runAsUser: 2}}
---
kind: ConfigMap
apiVersion: v1
data: {a: 1.0}
'''
AFTER = '''# head
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # the name
spec:
  replicas: 3
  template:
    spec:
      containers:
        # main
        - name: web
          image: "nginx:1"

          args: [a,  b]
          securityContext:
            capabilities:
              drop:
                - ALL
        - name: log
          image: fluentd
          securityContext:  # TODO
            capabilities:
              drop:
                - ALL
          command:
            - |
              # no comment
              run
        - name: caps
          image: x
          securityContext:
            capabilities:
              # why
              drop:
                - ALL # kept
            runAsUser: 1
        - {name: flow, image: x, securityContext: {runAsUser: 2, capabilities: {drop: [ALL]}}}
---
kind: ConfigMap
apiVersion: v1
data: {a: 1.0}
'''
# What, text, replaced by: planted in AFTER. What is the judge that must speak.
FAULTS = {
    'lost comment': ('comments', '              # why\n', ''),
    'moved comment': ('comments', '              # why\n', '                # why\n'),
    'new comment': ('comments', '- name: caps\n', '- name: caps\n          # new\n'),
    'lost trailing comment': ('lines', '  # TODO', ''),
    'lost trailing comment of a kept entry': ('lines', 'ALL # kept', 'ALL'),
    'comment in a scalar': ('meaning', '# no comment', '# a comment'),
    'image': ('meaning', 'image: "nginx:1"', 'image: "nginx:2"'),
    'quotes': ('writing', 'image: "nginx:1"', "image: 'nginx:1'"),
    'no quotes': ('writing', 'image: "nginx:1"', 'image: nginx:1'),
    'number': ('meaning', 'replicas: 3', 'replicas: 4'),
    'number became a string': ('meaning', 'replicas: 3', 'replicas: "3"'),
    'number spelled otherwise': ('writing', 'replicas: 3', 'replicas: 0x3'),
    'number in a document aside': ('meaning', 'a: 1.0', 'a: 1.00'),
    'reindented': ('writing', '            - |\n              # no comment\n              run\n',
                   '          - |\n            # no comment\n            run\n'),
    'spaces in a flow': ('lines', '[a,  b]', '[a, b]'),
    'spaces before a comment': ('lines', 'web   # the name', 'web # the name'),
    'spaces in an edited line': ('lines', 'flow, image: x', 'flow,  image: x'),
    'blank line lost': ('lines', '"nginx:1"\n\n', '"nginx:1"\n'),
    'lost document': ('meaning', '---\nkind: ConfigMap\napiVersion: v1\ndata: {a: 1.0}\n', ''),
    'lost container': ('meaning', '        - name: log\n          image: fluentd\n', ''),
    'lost field': ('meaning', '            runAsUser: 1\n', ''),
    'lost field in flow': ('meaning', 'runAsUser: 2, ', ''),
    'key order': ('writing', '- name: caps\n          image: x\n', '- image: x\n          name: caps\n'),
    'a field too many': ('meaning', '- ALL # kept\n', '- ALL # kept\n              privileged: true\n'),
    'made more than asked': ('meaning', '# TODO\n', '# TODO\n            runAsNonRoot: true\n'),
    'added a capability': ('meaning', '              # why\n', '              # why\n              add: [SYS_TIME]\n'),
    'drop of its own': ('meaning', '- ALL # kept\n', '- ALL # kept\n                - KILL\n'),
    'pod level': ('meaning', '      containers:\n', '      securityContext:\n        capabilities:\n          drop:\n'
                  '            - ALL\n      containers:\n'),
    'anchor came': ('writing', '- name: log', '- name: &a log'),
    'new key with an anchor': ('writing', '          securityContext:\n            capabilities:\n              drop:\n                - ALL\n'
                               '        - name: log', '          securityContext: &a\n            capabilities:\n              drop:\n'
                               '                - ALL\n        - name: log'),
    'tag came': ('writing', 'image: fluentd', 'image: !!str fluentd'),
    'flow to block': ('writing', 'data: {a: 1.0}', 'data:\n  a: 1.0'),
    'document mark': ('writing', '# head\n', '# head\n---\n'),
    'final newline': ('ends', 'data: {a: 1.0}\n', 'data: {a: 1.0}'),
    'one CRLF': ('ends', 'run\n', 'run\r\n'),
    'BOM': ('ends', '# head', '\ufeff# head'),
    'broken': ('broken', 'drop: [ALL]}', 'drop: [ALL]'),
}
# Pairs that are fine.
FINE = {
    'the example': (BEFORE, AFTER),
    'CRLF, BOM, no final newline': tuple('\ufeff' + t.rstrip('\n').replace('\n', '\r\n') for t in (BEFORE, AFTER)),
    'no final newline, added at the end': (
        pod('  - name: c\n    image: i'),
        pod('  - name: c\n    image: i\n    securityContext:\n      capabilities:\n        drop:\n        - ALL')),
    'json': ('{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [\n  {\n    "image": "i"\n  }\n]}}',
             '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [\n  {\n    "image": "i",\n    "securityContext": {\n'
             '      "capabilities": {\n        "drop": [\n          "ALL"\n        ]\n      }\n    }\n  }\n]}}'),
    'merged security context': (
        'apiVersion: v1\nkind: Pod\nx: &x\n  securityContext:\n    runAsUser: 1\nspec:\n  containers:\n  - <<: *x\n    image: i\n',
        'apiVersion: v1\nkind: Pod\nx: &x\n  securityContext:\n    runAsUser: 1\n    capabilities:\n      drop:\n      - ALL\n'
        'spec:\n  containers:\n  - <<: *x\n    image: i\n'),
    'list by alias': (
        'apiVersion: v1\nkind: Pod\nx: &x [CAP_KILL, NET_RAW]\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *x}\n',
        'apiVersion: v1\nkind: Pod\nx: &x [CAP_KILL, NET_RAW, ALL]\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *x}\n'),
    'kept add respelled': (
        pod('  - {image: i, securityContext: {capabilities: {add: [CAP_KILL, SYS_TIME], drop: ["all"]}}}\n'),
        pod('  - {image: i, securityContext: {capabilities: {add: [KILL], drop: ["ALL"]}}}\n')),
}
# Pairs that aren't, beyond AFTER: the judge and both texts.
WRONG = {
    'hides what is merged in': (
        'meaning',
        'apiVersion: v1\nkind: Pod\nx: &x\n  securityContext:\n    runAsUser: 1\nspec:\n  containers:\n  - <<: *x\n    image: i\n',
        'apiVersion: v1\nkind: Pod\nx: &x\n  securityContext:\n    runAsUser: 1\nspec:\n  containers:\n  - <<: *x\n    image: i\n'
        '    securityContext:\n      capabilities:\n        drop:\n        - ALL\n'),
    'an anchor that others use': (
        'meaning',
        'apiVersion: v1\nkind: Pod\nx: &x [KILL]\nmine: *x\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *x}\n',
        'apiVersion: v1\nkind: Pod\nx: &x [KILL, ALL]\nmine: *x\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *x}\n'),
    'another kind': (
        'meaning', 'apiVersion: x.io/v1\nkind: Pod\nspec:\n  containers:\n  - image: i\n',
        'apiVersion: x.io/v1\nkind: Pod\nspec:\n  containers:\n  - image: i\n    securityContext:\n      capabilities:\n'
        '        drop:\n        - ALL\n'),
    'a wrong type replaced': (
        'meaning', pod('  - image: i\n    securityContext: []\n'),
        pod('  - image: i\n    securityContext: {capabilities: {drop: [ALL]}}\n')),
    'a drop removed': (
        'meaning', pod('  - {image: i, securityContext: {capabilities: {drop: [KILL]}}}\n'),
        pod('  - {image: i, securityContext: {capabilities: {drop: [ALL]}}}\n')),
    'not the last': (
        'meaning', pod('  - {image: i, securityContext: {capabilities: {drop: [KILL]}}}\n'),
        pod('  - {image: i, securityContext: {capabilities: {drop: [ALL, KILL]}}}\n')),
    'an empty add removed': (
        'meaning', pod('  - {image: i, securityContext: {capabilities: {add: [], drop: [all]}}}\n'),
        pod('  - {image: i, securityContext: {capabilities: {drop: [ALL]}}}\n')),
    'an alias in a list elsewhere': (
        'meaning',
        'apiVersion: v1\nkind: Pod\nx: &x [KILL]\nmine: [*x]\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *x}\n',
        'apiVersion: v1\nkind: Pod\nx: &x [KILL, ALL]\nmine: [*x]\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *x}\n'),
    'an alias to what holds it': (
        'meaning',
        'apiVersion: v1\nkind: Pod\nx: &x\n  y: &y [KILL]\nmine: [*x]\nspec:\n  containers:\n  - image: i\n    securityContext:\n'
        '      capabilities: {drop: *y}\n',
        'apiVersion: v1\nkind: Pod\nx: &x\n  y: &y [KILL, ALL]\nmine: [*x]\nspec:\n  containers:\n  - image: i\n'
        '    securityContext:\n      capabilities: {drop: *y}\n'),
    'json reindented': ('lines', FINE['json'][0], FINE['json'][1].replace('    "image"', '     "image"')),
    'a comment became text': ('comments', 'a:\n  # c\n  b\n', 'a: |\n  # c\n  b\n'),
    'lost comment of a respelled add': (
        'lines',
        pod('  - image: i\n    securityContext:\n      capabilities:\n        drop: [ALL]\n        add:\n        - CAP_KILL # why\n'),
        pod('  - image: i\n    securityContext:\n      capabilities:\n        drop: [ALL]\n        add:\n        - KILL\n')),
    'an add of nothing left': (
        'meaning', pod('  - {image: i, securityContext: {capabilities: {add: [KILL], drop: [ALL]}}}\n'),
        pod('  - {image: i, securityContext: {capabilities: {add: [], drop: [ALL]}}}\n')),
    'an empty add came': (
        'meaning', pod('  - {image: i, securityContext: {capabilities: {drop: [all]}}}\n'),
        pod('  - {image: i, securityContext: {capabilities: {drop: [ALL], add: []}}}\n')),
    'an empty drop went': (
        'meaning', pod('  - {securityContext: {capabilities: {add: [], drop: []}}}\n'),
        pod('  - {securityContext: {capabilities: {add: []}}}\n')),
    'under a key that is a list': ('meaning', '? [x]\n: 1\n', '? [x]\n: 2\n'),
    'unparsable, and touched': ('touched', 'a: [\n', 'a: [ALL\n'),
}


class Compare(Case):
    def compare(self, old, new, *args):
        return tool('compare.py', *args, self.write('old.yaml', old), self.write('new.yaml', new))

    def test_fine(self):
        for name, (old, new) in FINE.items():
            with self.subTest(name):
                self.assertNotEqual(old, new)
                out = self.compare(old, new)
                self.assertEqual(out.returncode, 0, out.stdout + out.stderr)

    def test_faults(self):
        for name, (what, text, instead) in FAULTS.items():
            with self.subTest(name):
                self.assertEqual(AFTER.count(text), 1)
                out = self.compare(BEFORE, AFTER.replace(text, instead))
                self.assertEqual((out.returncode, f': {what}: ' in out.stdout), (1, True), out.stdout + out.stderr)

    def test_wrong(self):
        for name, (what, old, new) in WRONG.items():
            with self.subTest(name):
                out = self.compare(old, new)
                self.assertEqual((out.returncode, f': {what}: ' in out.stdout), (1, True), out.stdout + out.stderr)

    def test_trees(self):
        for side, text in (('a', BEFORE), ('b', AFTER)):
            self.write(f'{side}/x/y.yaml', text)
            self.write(f'{side}/README', 'drop')
        a, b = (os.path.join(self.folder.name, x) for x in 'ab')
        self.assertEqual(tool('compare.py', a, b).returncode, 0)
        self.write('b/README', 'add')
        self.assertIn('README:0: touched:', tool('compare.py', a, b).stdout)
        self.write('b/new.yaml', '')
        self.assertIn('new.yaml:0: files: came', tool('compare.py', a, b).stdout)
        os.remove(os.path.join(b, 'x/y.yaml'))
        self.assertIn('y.yaml:0: files: went', tool('compare.py', a, b).stdout)


if __name__ == '__main__':
    unittest.main()
