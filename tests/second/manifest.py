"""What the second opinions share: YAML as a graph of nodes, and where Kubernetes has its containers.

Nothing here is made with libfyaml: the events come from PyYAML's binding of libyaml, the parser that Kubernetes' own
(go-yaml v2) was ported from. The nodes are composed here, without recursion, so that they keep their aliases, styles
and places.
"""
import json
import os
import re

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML without libyaml: slower, and a little stricter
    from yaml import SafeLoader as Loader

RESOLVER = yaml.SafeLoader('')  # YAML 1.1's implicit tags; libyaml's binding has the same table
STR, NULL, MERGE = ('tag:yaml.org,2002:' + t for t in ('str', 'null', 'merge'))
EXTENSIONS = ('.yaml', '.yml', '.json')


class Unparsable(Exception):
    """The text is not YAML (or JSON), and why."""


class Node:
    """A scalar, sequence, mapping or alias. Line and column are 0-based; start and end count code points."""
    __slots__ = ('kind', 'value', 'tag', 'given', 'style', 'anchor', 'items', 'target', 'line', 'col', 'start', 'end',
                 'last', 'resolved')

    def __init__(self, kind, event):
        self.kind = kind
        self.value = self.target = self.style = self.resolved = None
        self.given = getattr(event, 'tag', None)  # the tag as it is written, None if it isn't
        self.tag = self.given
        self.anchor = event.anchor
        self.items = []  # of a mapping: (key, value)
        self.line, self.col = event.start_mark.line, event.start_mark.column
        self.start, self.end = event.start_mark.index, event.end_mark.index
        self.last = event.end_mark.line if event.end_mark.column else event.end_mark.line - 1

    def real(self):
        return self.target if self.kind == 'alias' else self

    def is_null(self):
        return self.kind == 'scalar' and self.tag == NULL

    def is_empty(self):
        return self.is_null() or (self.kind in ('map', 'seq') and not self.items)


class Document:
    """One document: its root, and how it was marked."""
    __slots__ = ('root', 'line', 'explicit', 'directives', 'closed')

    def __init__(self, event):
        self.root = None
        self.line = event.start_mark.line
        self.explicit = event.explicit
        self.directives = (event.version, tuple(sorted((event.tags or {}).items())))
        self.closed = False  # by `...`


def scalar(event):
    node = Node('scalar', event)
    node.value = event.value
    node.style = event.style or ''
    if node.tag is None or node.tag == '!':
        plain = event.implicit[0] and node.tag is None
        node.tag = RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False)) if plain else STR
        if plain and node.tag == 'tag:yaml.org,2002:value':
            node.tag = STR
    return node


def hang(parent, node, keys):
    """Puts node into its parent; a mapping's key waits in `keys` for its value."""
    if isinstance(parent, Document):
        parent.root = node
    elif parent.kind == 'seq':
        parent.items.append(node)
    elif keys[-1] is None:
        keys[-1] = node
    else:
        parent.items.append((keys[-1], node))
        keys[-1] = None


def compose(text):
    """The documents of a text without byte order mark. Raises Unparsable."""
    documents, stack, keys, anchors = [], [], [], {}
    try:
        for event in yaml.parse(text, Loader=Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents.append(Document(event))
                stack, keys, anchors = [documents[-1]], [None], {}
            elif isinstance(event, yaml.DocumentEndEvent):
                documents[-1].closed = event.explicit
            elif isinstance(event, yaml.AliasEvent):
                if event.anchor not in anchors:
                    raise Unparsable(f'line {event.start_mark.line + 1}: no anchor {event.anchor}')
                node = Node('alias', event)
                node.target = anchors[event.anchor]
                hang(stack[-1], node, keys)
            elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
                if isinstance(event, yaml.ScalarEvent):
                    node = scalar(event)
                else:
                    node = Node('seq' if isinstance(event, yaml.SequenceStartEvent) else 'map', event)
                    node.style = 'flow' if event.flow_style else 'block'
                if node.anchor:
                    anchors[node.anchor] = node
                hang(stack[-1], node, keys)
                if node.kind != 'scalar':
                    stack.append(node)
                    keys.append(None)
            elif isinstance(event, yaml.CollectionEndEvent):
                node = stack.pop()
                keys.pop()
                node.end, node.last = event.end_mark.index, event.end_mark.line
    except (yaml.YAMLError, UnicodeError, RecursionError) as e:
        raise Unparsable(' '.join(str(e).split())) from None
    return documents


class JsonEvent:
    """Stands in for an event where a JSON text is not YAML 1.1 (surrogate pairs, `\\/`): places are unknown."""
    class Mark:
        line = column = index = 0
    start_mark = end_mark = Mark
    anchor = tag = version = tags = None
    explicit = False
    implicit = (False, True)
    style = '"'

    def __init__(self, value=''):
        self.value = value


def compose_json(text):
    """Texts one after the other, as kubectl reads a JSON stream. Raises ValueError."""
    documents, at, decoder = [], 0, json.JSONDecoder(object_pairs_hook=tuple)
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        documents.append(Document(JsonEvent()))
        documents[-1].root = json_node(value)
    return documents


def json_node(value):
    if isinstance(value, (list, tuple)):
        node = Node('map' if isinstance(value, tuple) else 'seq', JsonEvent())
        node.style = 'flow'
        node.items = [(json_node(x[0]), json_node(x[1])) if node.kind == 'map' else json_node(x) for x in value]
        return node
    if isinstance(value, str):
        return scalar(JsonEvent(value))
    node = scalar(JsonEvent(json.dumps(value)))
    node.style = ''
    node.tag = NULL if value is None else 'tag:yaml.org,2002:' + type(value).__name__
    return node


def decode(data):
    """(has a byte order mark, text without it). Raises Unparsable."""
    try:
        text = data.decode('utf-8')
    except UnicodeDecodeError as e:
        raise Unparsable(f'byte {e.start}: not UTF-8') from None
    return text.startswith('\ufeff'), text.removeprefix('\ufeff')


def documents_of(text):
    try:
        return compose(text)
    except Unparsable:
        if not text.lstrip().startswith('{'):
            raise
        try:
            return compose_json(text)
        except (ValueError, RecursionError):
            pass
        raise


def pairs(node, busy=()):
    """What Kubernetes' parser makes of a mapping: key text -> value, aliases followed, merge keys resolved.

    go-yaml v2 goes through the pairs in order and lets the later win, merge keys included (decode.go, mapping): a `<<`
    *after* a key hides that key. Of a list of merges the first wins.
    """
    node = node.real()
    if node.kind != 'map' or node in busy:
        return {}
    if node.resolved is not None:
        return node.resolved
    out = {}
    for key, value in node.items:
        key, value = key.real(), value.real()
        if key.kind == 'scalar' and key.tag == MERGE:
            for base in reversed(value.items) if value.kind == 'seq' else [value]:
                out.update(pairs(base, (*busy, node)))
        elif key.kind == 'scalar':
            out[key.value] = value
    if not busy:
        node.resolved = out
    return out


def text_of(node):
    return node.value if node is not None and node.kind == 'scalar' and not node.is_null() else ''


# Group, kind, path of the pod spec or container: Kubernetes' own workloads, in all the groups they ever had.
CORE = """
 Pod spec
 PodTemplate template.spec
 ReplicationController spec.template.spec
apps ReplicaSet spec.template.spec
extensions ReplicaSet spec.template.spec
apps Deployment spec.template.spec
extensions Deployment spec.template.spec
apps StatefulSet spec.template.spec
apps DaemonSet spec.template.spec
extensions DaemonSet spec.template.spec
batch Job spec.template.spec
extensions Job spec.template.spec
batch CronJob spec.jobTemplate.spec.template.spec
"""
CONTAINERS = ('containers', 'initContainers', 'ephemeralContainers')


def core_kinds():
    table = {}
    for line in CORE.strip('\n').split('\n'):
        group, kind, path = line.split(' ')
        table.setdefault((group, kind), []).append((steps(path), 'podspec'))
    return table


def steps(path):
    """a.b[].c{} -> a, b, [], c, {}"""
    return tuple(x for x in re.split(r'\.|(?=\[\])|(?=\{\})', path) if x)


def read_kinds(path, table):
    """Adds the lines of a table: group, kind, path, podspec|list|one, between tabs."""
    with open(path, encoding='utf-8') as f:
        for line in f:
            if line.strip() and not line.startswith('#'):
                group, kind, where, what = line.rstrip('\n').split('\t')[:4]
                where = where.removesuffix('[]') if what == 'list' else where
                table.setdefault((group, kind), []).append((steps(where), what))
    return table


def objects(root, table):
    """(object, group, kind) of a document: itself, or the items of a List or typed list, however deep."""
    todo = [(root, None)]
    while todo:
        node, default = todo.pop()
        node = node.real()
        top = pairs(node)
        version, kind = text_of(top.get('apiVersion')), text_of(top.get('kind'))
        group = version.rpartition('/')[0]
        if not (version and kind):
            group, kind = default or ('', '')
        item = (group, kind.removesuffix('List'))
        if kind.endswith('List') and ((group, kind) == ('', 'List') or item in table) and 'items' in top:
            for child in reversed(top['items'].items if top['items'].kind == 'seq' else []):
                todo.append((child, None if kind == 'List' else item))
        elif kind:
            yield node, group, kind


def follow(node, path):
    """Every node at the path below node."""
    here = [node]
    for step in path:
        found = []
        for x in here:
            if step == '[]':
                found += [y.real() for y in x.items] if x.kind == 'seq' else []
            elif step == '{}':
                found += list(pairs(x).values())
            elif step in (p := pairs(x)):
                found.append(p[step])
        here = found
    return here


def containers(node, group, kind, table):
    """(container, pod spec or None) of an object."""
    for path, what in table.get((group, kind), []):
        for place in follow(node, path):
            if what == 'one':
                yield place, None
            elif what == 'list':
                yield from ((x.real(), None) for x in (place.items if place.kind == 'seq' else []))
            else:
                spec = pairs(place)
                for name in CONTAINERS:
                    seq = spec.get(name)
                    yield from ((x.real(), spec) for x in (seq.items if seq is not None and seq.kind == 'seq' else []))


def is_windows(spec):
    return spec is not None and 'os' in spec and text_of(pairs(spec['os']).get('name')) == 'windows'


def in_chart(path):
    """The file lies in the templates folder of a Helm chart."""
    folder = os.path.dirname(os.path.abspath(path))
    while os.path.dirname(folder) != folder:
        parent, name = os.path.split(folder)
        if name == 'templates' and os.path.exists(os.path.join(parent, 'Chart.yaml')):
            return True
        folder = parent
    return False


def nodes(documents):
    todo = [d.root for d in documents if d.root is not None]
    while todo:
        node = todo.pop()
        yield node
        if node.kind == 'map':
            for key, value in node.items:
                todo += (key, value)
        elif node.kind == 'seq':
            todo += node.items


def is_template(text, documents):
    """`{{` outside quotes, comments and block scalars; documents is None for a text that doesn't parse."""
    if '{{' not in text:
        return False
    if documents is None:
        return any('{{' in re.split(r'(?:^|\s)#', line)[0] for line in text.splitlines())
    for node in nodes(documents):
        if node.kind == 'scalar' and node.style == '' and '{{' in node.value:
            return True
        if node.kind == 'map' and node.style == 'flow' and text.startswith('{{', node.start):
            return True
    return False


def walk(paths, every=False):
    """(path, path below its root) of the manifests, or of every file, in order; symbolic links are left out."""
    for root in paths:
        if os.path.isfile(root):
            yield root, os.path.basename(root)
            continue
        if not os.path.isdir(root):
            raise SystemExit(f'{root}: no such file or folder')
        for folder, dirs, names in os.walk(root):
            dirs[:] = sorted(d for d in dirs if d != '.git')
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path) and (every or name.lower().endswith(EXTENSIONS)):
                    yield path, os.path.relpath(path, root)


def read(path):
    with open(path, 'rb') as f:
        return f.read()
